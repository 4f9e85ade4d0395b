"""The site, served: its Datasette settings, the command that serves it, and the site in process."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from datasette.app import DEFAULT_SETTINGS, Datasette
from datasette.plugins import pm

from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable

SETTINGS: Mapping[str, object] = {
    "suggest_facets": False,
    "default_page_size": 50,
    "truncate_cells_html": 160,
    "sql_time_limit_ms": 1000,
    "default_cache_ttl": 60,
    "max_returned_rows": 1000,
}
PREFIX = re.compile(r"/(?:[\w~-][\w.~-]*/)*", re.ASCII)


def open_site(*databases: Path, metadata: Mapping[str, Any] | None = None, **settings: object) -> Datasette:
    """Open a Datasette on a statements.db; `metadata` goes before metadata.json, `settings` are Datasette's."""
    register_plugin()
    return Datasette([*map(str, databases)], metadata=metadata, settings={**SETTINGS, **settings})


def register_plugin() -> None:
    """Register the plugin where the package is not installed, so that no entry point names it."""
    package = sys.modules["web"]
    if not pm.is_registered(package):
        pm.register(package, "dispatch-box")


def choose_prefix(given: str | None, address: str) -> str:
    """Choose the path before all addresses of the site: as given, else that of its public address; both must agree.

    Raises Unavailable.
    """
    own, prefix = (f"/{path.strip('/')}/".replace("//", "/") for path in (urlsplit(address).path, given or ""))
    prefix = prefix if given is not None else own
    if not PREFIX.fullmatch(prefix):
        raise Unavailable(f"{prefix} is no path such as /archive/", EXIT_SET_UP)
    if address and prefix != own:
        raise Unavailable(f"the prefix {prefix} is not the path of {address}: let BASE_URL end with it", EXIT_SET_UP)
    return prefix


def build_arguments(
    database: Path, *, host: str, port: int, workers: int | None = None, sql: bool = True, prefix: str = "/"
) -> list[str]:
    """Build the arguments of Datasette that serve a database with our settings; with `workers`, by gunicorn."""
    command = ["gunicorn" if workers else "serve", str(database)]
    command += ["--host", host, "--port", str(port), *(["--workers", str(workers)] if workers else [])]
    for name, value in {**SETTINGS, "default_allow_sql": sql, "base_url": prefix}.items():
        command += ["--setting", name, str(int(value) if isinstance(value, bool) else value)]
    return command


def list_missing_settings(datasette: Datasette) -> list[str]:
    """List warnings of settings that are still Datasette's own, where it was started by hand."""
    missing = [
        f"--setting {name} {int(value) if isinstance(value, bool) else value}"
        for name, value in SETTINGS.items()
        if value != DEFAULT_SETTINGS[name] == datasette.setting(name)
    ]
    advice = "start the site with dispatch-box serve, or add the settings that it lacks:"
    return [f"{advice} {' '.join(missing)}"] if missing else []
