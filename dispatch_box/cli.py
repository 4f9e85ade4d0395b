"""The command line `dispatch-box`: every verb of every package, imported only when it is used."""

import click

from annotations.__main__ import VERBS as NOTE_VERBS
from db.cli.lazy_group import LazyCommand, LazyGroup
from db.cli.version import NAME, version_option
from scrapers.__main__ import VERBS as RECORD_VERBS

VERBS = {
    "scrape": LazyCommand("dispatch_box.scrape:scrape", "Fetch and load in one run, or every day."),
    "fetch": RECORD_VERBS["fetch"],
    "load": LazyCommand("dispatch_box.load:load", "Bring statements.db up to date: record, then notes."),
    "serve": LazyCommand("web.__main__:serve", "Serve the site on this machine, or in production."),
    "export": LazyCommand("export.__main__:cli", "Write the whole archive as plain files that need no server."),
    "verify": NOTE_VERBS["verify"],
    "check": NOTE_VERBS["check"],
    "suggest": NOTE_VERBS["suggest"],
    "show": RECORD_VERBS["show"],
    "audit": RECORD_VERBS["audit"],
    "census": RECORD_VERBS["census"],
    "runs": RECORD_VERBS["runs"],
    "people": RECORD_VERBS["people"],
    "agreement": NOTE_VERBS["agreement"],
    "gaps": RECORD_VERBS["gaps"],
    "journal": NOTE_VERBS["journal"],
}
NOTES = {
    name: NOTE_VERBS[name]
    for name in (
        *("annotate", "reply", "withdraw", "restore", "undo"),
        *("confirm", "repair", "anchor", "export", "import"),
    )
}
SUGGESTIONS = {name: NOTE_VERBS[name] for name in ("accept", "reject", "ledger", "score", "train", "terms")}
USERS = {
    "add": LazyCommand("accounts.__main__:user_command", "Make an account, or change its password and role."),
    "list": LazyCommand("accounts.__main__:list_command", "List the accounts."),
    "token": LazyCommand("accounts.__main__:token_command", "Print a new token for a program."),
    "revoke": LazyCommand("accounts.__main__:revoke_command", "End every session and token of an account."),
    "remove": LazyCommand("accounts.__main__:remove_command", "Remove an account."),
}
HELP = """Archive what was said in the UK Parliament on a topic, and link exact quotes to the guidance they are about.

The databases are in ./db, or in the folder that --db-dir or DB_DIR names. `dispatch-box COMMAND --help` explains a
command. Exit codes: 0 done, 1 something was refused or is missing, 2 fix something first, 70 a bug in the program, 74
the disk is full or not writable, 75 try again later.

\b
Examples:
  dispatch-box scrape    fetch and load debates that mention a topic
  dispatch-box serve     then open http://127.0.0.1:8001/
  dispatch-box verify "a quotation to check"
"""


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes commands in a shell.

    For bash, put this line in ~/.bashrc: eval "$(dispatch-box completion bash)"
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None
    click.echo(script(cli, {}, NAME, "_DISPATCH_BOX_COMPLETE").source())


cli = version_option(
    LazyGroup(
        NAME,
        VERBS,
        HELP,
        commands=(
            LazyGroup("notes", NOTES, "Add, answer, change and exchange notes."),
            LazyGroup("suggestions", SUGGESTIONS, "Accept or reject what programs suggest."),
            LazyGroup("user", USERS, "Manage accounts, and the tokens of their programs."),
            completion,
        ),
    )
)


def main() -> None:
    """Run the command line."""
    from db.cli import run_command_line

    run_command_line(cli, NAME)
