"""Serve the demo: a fictional House, scraped from the specimens without a network, with an account to try.

What people make in it is kept; `--fresh` starts again.
"""

import errno
import socket
from pathlib import Path

import click

from db.cli import run_command_line
from db.exit_codes import EXIT_TRY_LATER
from db.records.source import Unavailable
from demo_servers.demo_folder import NAME, PASSWORD, make_demo, remove_demo, run

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
        with socket.socket() as trial:  # it does not listen: nobody shall take it for the demo
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(("127.0.0.1", port))
    except OSError as error:
        taken = "is taken by another program" if error.errno == errno.EADDRINUSE else f"cannot be used: {error}"
        advice = f"port {port} {taken}; choose another, such as make demo PORT={port + 1}"
        raise Unavailable(advice, EXIT_TRY_LATER) from error


def main() -> None:
    """Run the command line."""
    run_command_line(serve_demo, "make demo")


if __name__ == "__main__":
    main()
