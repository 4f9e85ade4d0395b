"""Serve the demo: a fictional House, scraped from the specimens without a network, with an account to try.

What people make in it is kept; `--fresh` starts again.
"""

import errno
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import click

from accounts.store import list_users, open_accounts, save_user
from db.cli import run_command_line
from db.exit_codes import EXIT_SET_UP, EXIT_TRY_LATER
from db.records.source import Unavailable
from demo_servers import hansard, theyworkforyou

SPECIMENS = Path(__file__).resolve().parents[1] / "tests" / "specimens"
NOTICE = "Demo: a fictional House"
NAME, PASSWORD = "ada", "a-fictional-house"  # of an account on this machine alone, which may do everything
READY = f"""
The demo is at http://127.0.0.1:{{port}}/ - its House, its people and their words are made up.
To annotate and review, sign in as {NAME} with the password {PASSWORD}.
Press Ctrl-C to stop. What you make is kept in {{folder}}; `make demo FRESH=1` starts again.
"""


@click.command(help=__doc__)
@click.option("--db-dir", type=click.Path(path_type=Path, file_okay=False), default="demo", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True)
@click.option("--fresh", is_flag=True, help="Delete the demo and what people made in it, and start again.")
def serve_demo(db_dir: Path, port: int, fresh: bool) -> None:
    """Make the demo, or bring it up to date, and serve it until Ctrl-C."""
    check_port(port)
    if fresh and db_dir.exists():
        remove_demo(db_dir)
    try:
        make_demo(db_dir)
        click.echo(READY.format(port=port, folder=db_dir))
        run("web", "serve", "--db-dir", db_dir, "--port", port)
    except KeyboardInterrupt:
        click.echo(f"\nThe demo has stopped. What you made is kept in {db_dir}.")


def check_port(port: int) -> None:
    """Raise Unavailable if the port cannot be used, before anything is made."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        taken = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
        advice = f"port {port} {taken}; choose another, such as make demo PORT={port + 1}"
        raise Unavailable(advice, EXIT_TRY_LATER) from error


def remove_demo(folder: Path) -> None:
    """Delete the folder of a demo. Raises Unavailable for a folder of anything else."""
    notice = folder / "notice.txt"
    if not notice.exists() or notice.read_text(encoding="utf-8").strip() != NOTICE:
        raise Unavailable(f"{folder} is not a demo, so it was not deleted: choose another DEMO folder", EXIT_SET_UP)
    shutil.rmtree(folder)


def make_demo(folder: Path) -> None:
    """Fetch and load the specimens as from their real sources, and add the notice and the account."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notice.txt").write_text(f"{NOTICE}\n", encoding="utf-8")
    with (
        hansard.serving(hansard.HansardService()) as hansard_address,
        theyworkforyou.serving(theyworkforyou.TheyWorkForYouService()) as twfy_address,
    ):
        where = {"HANSARD": hansard_address, "TWFY_API": twfy_address, "TWFY_API_KEY": theyworkforyou.KEY}
        parldata = (SPECIMENS / "parldata").as_uri()
        run("scrapers", "scrape", "--pause", 0, "--parldata", parldata, "--db-dir", folder, **where)
    with open_accounts(folder / "accounts.db") as conn:
        if NAME not in [name for name, _, _ in list_users(conn)]:
            save_user(conn, NAME, PASSWORD, "reviewer", int(time.time()))


def run(module: str, *arguments: object, **settings: str) -> None:
    """Run a command line of ours with the demo's quotes, and end with its exit code if it fails."""
    own = {name: value for name, value in os.environ.items() if name not in ("BASE_URL", "URL_PREFIX", "SWEEP")}
    environment = {**own, "QUOTES": str(SPECIMENS / "quotes"), **settings}
    process = subprocess.Popen([sys.executable, "-m", module, *map(str, arguments)], env=environment)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.wait(60)  # it got Ctrl-C too
        raise
    if code:
        raise SystemExit(code)


def main() -> None:
    """Run the command line."""
    run_command_line(serve_demo, "make demo")


if __name__ == "__main__":
    main()
