"""The site as tests set it up: as `make serve` does, in process."""

from functools import cache
from pathlib import Path
from types import CodeType

from datasette.app import Datasette
from jinja2.bccache import Bucket, BytecodeCache

from web.serve import read_metadata

ROOT = Path(__file__).resolve().parents[2]


class CompiledTemplates(BytecodeCache):
    """Compiled templates by their sources, so that a template is compiled once and not once for each test's site."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str, bool], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get(key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[key(bucket)] = bucket.code


def key(bucket: Bucket) -> tuple[str, str, bool]:
    """Return what the code of a template depends on: name, source, and whether it is rendered asynchronously."""
    return bucket.key, bucket.checksum, bucket.environment.is_async


TEMPLATES = CompiledTemplates()


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
    datasette = Datasette([*map(str, databases)], **{**given, "settings": {**given["settings"], **settings}})
    datasette.jinja_env.bytecode_cache = TEMPLATES
    return datasette
