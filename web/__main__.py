"""The command line of the site: the verb `serve`."""

import errno
import os
import secrets
import socket
from pathlib import Path

import click

from db.cli import db_dir_option, run_command_line
from db.cli.version import version_option
from db.exit_codes import EXIT_SET_UP, EXIT_TRY_LATER
from db.records.source import Unavailable

EXAMPLES = """\b
Examples:
  dispatch-box serve
  dispatch-box serve --port 8080 --no-sql
  BASE_URL=https://box.example dispatch-box serve --workers 2
"""
SET_BASE_URL = "set it to the address of the site, such as BASE_URL=https://box.example"


@version_option
@click.group()
def cli() -> None:
    """Serve the site: everything that was loaded into statements.db, for reading, querying and annotating."""


@cli.command(epilog=EXAMPLES)
@db_dir_option
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen at (or HOST).")
@click.option("--port", envvar="PORT", default=8001, show_default=True, help="Port to listen at (or PORT).")
@click.option(
    "--workers", type=click.IntRange(1), help="Serve in production, behind a proxy, with this many worker processes."
)
@click.option("--sql/--no-sql", default=True, help="Let visitors query in SQL, in a separate process. Default: yes.")
@click.option("--prefix", envvar="URL_PREFIX", help="Path before all addresses (or URL_PREFIX). Default: BASE_URL's.")
@click.option(
    "--portraits",
    envvar="PORTRAITS",
    type=click.Choice(["theyworkforyou", "parliament"]),
    help="Show portraits of people, which visitors fetch from there (or PORTRAITS). Default: initials.",
)
def serve(
    db_dir: Path, host: str, port: int, workers: int | None, sql: bool, prefix: str | None, portraits: str | None
) -> None:
    """Serve the databases of a folder until Ctrl-C."""
    from datasette.cli import cli as datasette  # here, since help needs none of it

    from web.http.site_url import is_site_address
    from web.serve import build_arguments, choose_prefix, register_plugin

    if workers and not is_site_address(os.environ.get("BASE_URL", "")):
        raise Unavailable(f"BASE_URL is missing or not an address: {SET_BASE_URL}", EXIT_SET_UP)
    prefix = choose_prefix(prefix, os.environ.get("BASE_URL", ""))
    database = db_dir / "statements.db"
    if not database.exists():
        raise Unavailable(f"{database} does not exist yet: run dispatch-box scrape, or make demo", EXIT_SET_UP)
    check_port(host, port)
    if portraits:
        os.environ["PORTRAITS"] = portraits
    if workers and not os.environ.get("DATASETTE_SECRET"):
        os.environ["DATASETTE_SECRET"] = read_secret(db_dir / "secret")
    register_plugin()
    datasette(build_arguments(database, host=host, port=port, workers=workers, sql=sql, prefix=prefix))


def check_port(host: str, port: int) -> None:
    """Raise Unavailable if nothing can listen at an address, before anything is started there."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(found[0], found[1]) as trial:  # it does not listen: nobody shall take it for the site
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if found[0] == socket.AF_INET6:
                trial.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            trial.bind((host, port))
    except (OSError, OverflowError) as error:
        later = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        code, advice = (
            (EXIT_TRY_LATER, "stop the program that uses it, or choose another port with --port (or PORT)")
            if later
            else (EXIT_SET_UP, "choose another address")
        )
        raise Unavailable(f"cannot listen at {host}, port {port}: {error}; {advice}", code) from error


def read_secret(path: Path) -> str:
    """Read the secret that signs sessions, shared by the workers; write one, for its owner alone, if none is there."""
    if not path.exists() or not path.read_text(encoding="ascii").strip():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(f"{secrets.token_hex(32)}\n")
    return path.read_text(encoding="ascii").strip()


if __name__ == "__main__":
    run_command_line(cli, "python -m web")
