"""The site as tests set it up: as `make serve` does, in process."""

from functools import cache
from pathlib import Path

from datasette.app import Datasette

from web.serve import read_metadata

ROOT = Path(__file__).resolve().parents[2]


def site_settings() -> dict:
    """Return the arguments that `make serve` gives Datasette, but for the databases and the plugins."""
    return {
        "metadata": read_metadata(),
        "template_dir": str(ROOT / "web" / "layout"),
        "static_mounts": [("static", str(ROOT / "web" / "static"))],
        "settings": {"suggest_facets": False, "default_page_size": 50, "truncate_cells_html": 300},
    }


@cache
def register_plugins() -> None:
    """Register the plugins for every Datasette of this process."""
    Datasette([], memory=True, plugins_dir=str(ROOT / "plugins"))


def open_site(*databases: Path, **settings: int | bool) -> Datasette:
    """Open the whole site over databases, in process."""
    register_plugins()
    given = site_settings()
    return Datasette([*map(str, databases)], **{**given, "settings": {**given["settings"], **settings}})
