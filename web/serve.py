"""The site, served: its Datasette settings, the command that serves it, and the site in process."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from datasette.app import DEFAULT_SETTINGS, Datasette
from datasette.plugins import pm

SETTINGS: Mapping[str, object] = {
    "suggest_facets": False,
    "default_page_size": 50,
    "truncate_cells_html": 300,
    "sql_time_limit_ms": 1000,
    "default_cache_ttl": 60,
    "max_returned_rows": 1000,
}


def open_site(*databases: Path, metadata: Mapping[str, Any] | None = None, **settings: object) -> Any:
    """Open a Datasette on a statements.db; `metadata` goes before metadata.json, `settings` are Datasette's."""
    register_plugin()
    return Datasette([*map(str, databases)], metadata=metadata, settings={**SETTINGS, **settings})


def register_plugin() -> None:
    """Register the plugin where the package is not installed, so that no entry point names it."""
    package = sys.modules["web"]
    if not pm.is_registered(package):
        pm.register(package, "dispatch-box")


def build_arguments(database: Path, *, host: str, port: int, workers: int | None = None, sql: bool = True) -> list[str]:
    """Build the arguments of Datasette that serve a database with our settings; with `workers`, by gunicorn."""
    command = ["gunicorn" if workers else "serve", str(database)]
    command += ["--host", host, "--port", str(port), *(["--workers", str(workers)] if workers else [])]
    for name, value in {**SETTINGS, "default_allow_sql": sql}.items():
        command += ["--setting", name, str(int(value) if isinstance(value, bool) else value)]
    return command


def list_missing_settings(datasette: Any) -> list[str]:
    """List warnings of settings that are still Datasette's own, where it was started by hand."""
    missing = [
        f"--setting {name} {int(value) if isinstance(value, bool) else value}"
        for name, value in SETTINGS.items()
        if value != DEFAULT_SETTINGS[name] == datasette.setting(name)
    ]
    advice = "start the site with dispatch-box serve, or add the settings that it lacks:"
    return [f"{advice} {' '.join(missing)}"] if missing else []
