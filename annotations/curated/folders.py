"""The folders of guidance, quotes and rules: an archive's own beside its databases, or those of the program."""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def find_curated_folder(name: str, db_dir: Path) -> Path:
    """Return the folder of guidance, quotes or rules: that beside the databases if there is one, else the program's."""
    own = db_dir / name
    return own if own.is_dir() else PACKAGE / name
