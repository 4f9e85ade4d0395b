"""The site in process, with the settings of `make serve`, for exports and benchmarks."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasette.app import Datasette

WEB = Path(__file__).resolve().parent
METADATA = next(
    path for path in (WEB.parent / "metadata.json", WEB / "metadata.json") if path.is_file()
)  # in a clone at the top, in an installed package beside this file
SETTINGS: Mapping[str, object] = {
    "suggest_facets": False,
    "default_page_size": 50,
    "truncate_cells_html": 300,
    "max_returned_rows": 1000,
}


def read_metadata() -> dict[str, Any]:
    """Read metadata.json: titles, licence, facets, ready questions and the settings of the plugin."""
    metadata: dict[str, Any] = json.loads(METADATA.read_text(encoding="utf-8"))
    return metadata


def open_site(database: Path, metadata: Mapping[str, Any] | None = None, **settings: object) -> Any:
    """Open a Datasette on a statements.db; `metadata` replaces metadata.json, `settings` are Datasette's."""
    return Datasette(
        [str(database)],
        metadata=read_metadata() if metadata is None else metadata,
        template_dir=str(WEB / "layout"),
        plugins_dir=str(WEB.parent / "plugins"),
        static_mounts=[("static", str(WEB / "static"))],
        settings={**SETTINGS, **settings},
    )
