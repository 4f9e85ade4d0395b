"""The command line of the site: `python -m web serve`."""

import os
import secrets
from pathlib import Path

import click
from datasette.cli import cli as datasette

from db.cli import db_dir_option, run_command_line
from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable
from web.http.site_url import is_site_address
from web.serve import build_arguments, register_plugin

SET_BASE_URL = "set it to the address of the site, such as BASE_URL=https://box.example"


@click.group()
def cli() -> None:
    """Serve the site: everything that was loaded into statements.db, for reading, querying and annotating."""


@cli.command()
@db_dir_option
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen at (or HOST).")
@click.option("--port", envvar="PORT", default=8001, show_default=True, help="Port to listen at (or PORT).")
@click.option(
    "--workers", type=click.IntRange(1), help="Serve in production, behind a proxy, with so many worker processes."
)
@click.option("--sql/--no-sql", default=True, help="Let visitors ask in SQL, in a process of its own. Default: yes.")
def serve(db_dir: Path, host: str, port: int, workers: int | None, sql: bool) -> None:
    """Serve the databases of a folder until Ctrl-C."""
    if workers and not is_site_address(os.environ.get("BASE_URL", "")):
        raise Unavailable(f"BASE_URL is missing or no address: {SET_BASE_URL}", EXIT_SET_UP)
    database = db_dir / "statements.db"
    if not database.exists():
        raise Unavailable(f"{database} is not there yet: run make scrape, or make demo", EXIT_SET_UP)
    if workers:
        os.environ.setdefault("DATASETTE_SECRET", read_secret(db_dir / "secret"))
    register_plugin()
    datasette(build_arguments(database, host=host, port=port, workers=workers, sql=sql))


def read_secret(path: Path) -> str:
    """Read the secret that signs sessions, shared by the workers; write one, for its owner alone, if none is there."""
    if not path.exists() or not path.read_text(encoding="ascii").strip():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(32)}\n")
    return path.read_text(encoding="ascii").strip()


if __name__ == "__main__":
    run_command_line(cli, "python -m web")
