"""Manage the accounts of people, and the tokens of their programs.

To make an account: dispatch-box user add NAME.
"""

import json
import time
from pathlib import Path

import click

from accounts.store import (
    ROLES,
    check_name,
    find_user,
    list_users,
    make_token,
    open_accounts,
    remove_user,
    revoke_access,
    save_user,
)
from db.cli import db_dir_option, existing_db_dir_option, run_command_line
from db.cli.version import version_option

name_argument = click.argument("name")


@version_option
@click.group(help=__doc__)
def cli() -> None:
    """Manage the accounts of people."""


@cli.command("user")
@name_argument
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="annotator",
    show_default=True,
    help="What the account may do.",
)
@db_dir_option
def user_command(name: str, role: str, db_dir: Path) -> None:
    """Make or change an account.

    Ask for the password twice. An existing account of that name gets the new password and role, and its
    sessions and tokens end.
    """
    check_name(name)
    password = click.prompt("Password", hide_input=True, confirmation_prompt="Repeat the password")
    with open_accounts(_find_accounts_file(db_dir)) as conn:
        save_user(conn, name, password, role, int(time.time()))
    click.echo(f"{name} can now sign in as {role}.")


@cli.command("token")
@name_argument
@existing_db_dir_option
def token_command(name: str, db_dir: Path) -> None:
    """Print a new token for a program.

    With it the program works as this account (Authorization: Bearer TOKEN). It is shown only once.
    """
    with open_accounts(_find_accounts_file(db_dir)) as conn:
        click.echo(make_token(conn, name, int(time.time())))


@cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per account, for programs.")
@existing_db_dir_option
def list_command(db_dir: Path, as_json: bool) -> None:
    """List the accounts: name, role and number of tokens."""
    with open_accounts(_find_accounts_file(db_dir)) as conn:
        users = list_users(conn)
    for name, role, tokens in users:
        words = f"{name}\t{role}\t{tokens} {'token' if tokens == 1 else 'tokens'}"
        click.echo(json.dumps({"name": name, "role": role, "tokens": tokens}) if as_json else words)
    if not users:
        click.echo("no accounts yet; make one: dispatch-box user add NAME", err=True)


@cli.command("revoke")
@name_argument
@existing_db_dir_option
def revoke_command(name: str, db_dir: Path) -> None:
    """End every session and token of an account."""
    with open_accounts(_find_accounts_file(db_dir)) as conn:
        count = revoke_access(conn, find_user(conn, name))
        click.echo(f"{count} {'session or token' if count == 1 else 'sessions and tokens'} ended.")


@cli.command("remove")
@name_argument
@existing_db_dir_option
def remove_command(name: str, db_dir: Path) -> None:
    """Remove an account. Everything its owner wrote is kept."""
    with open_accounts(_find_accounts_file(db_dir)) as conn:
        remove_user(conn, name)


def _find_accounts_file(db_dir: Path) -> Path:
    return db_dir / "accounts.db"


def main() -> None:
    """Run the command line."""
    run_command_line(cli, "python -m accounts")


if __name__ == "__main__":
    main()
