"""The command line `dispatch-box`: every verb of every package, imported only when it is used."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click

from dispatch_box.lazy_group import LazyCommand, LazyGroup

NAME = "dispatch-box"
VERBS = {
    "scrape": LazyCommand("dispatch_box.scrape:scrape", "Fetch and load in one run, or every day."),
    "fetch": LazyCommand("scrapers.__main__:fetch_command", "Fetch what is new or changed on the topics."),
    "load": LazyCommand("dispatch_box.load:load", "Bring statements.db up to date: record, then notes."),
    "serve": LazyCommand("web.__main__:serve", "Serve the site on this machine, or in production."),
    "export": LazyCommand("export.__main__:cli", "Write the whole archive as plain files that need no server."),
    "verify": LazyCommand("annotations.cli.verify:verify_command", "Verify that a quotation is what was said."),
    "check": LazyCommand("annotations.cli.repair:check", "List the quotes whose wording changed or is lost."),
    "suggest": LazyCommand("annotations.cli.suggest:suggest", "Let machines propose sentences for points of guidance."),
    "show": LazyCommand("scrapers.__main__:show_command", "Show a debate, a speech, or what a parser makes of a file."),
    "audit": LazyCommand("scrapers.__main__:audit_command", "Compare records with an independent reading."),
    "census": LazyCommand("scrapers.__main__:census_command", "Compare which source has which mention."),
    "runs": LazyCommand("scrapers.__main__:runs_command", "List the runs, newest first."),
    "people": LazyCommand("scrapers.__main__:people_command", "Count the speakers that the register knows."),
    "agreement": LazyCommand("annotations.cli.agreement:agreement", "Report how far people agree in their readings."),
    "gaps": LazyCommand("scrapers.gaps_verb:gaps_group", "List what could not be fetched; acknowledge a gap."),
    "journal": LazyCommand("annotations.cli.journal:journal", "Read, check, copy and restore what people did."),
}
NOTES = {
    "annotate": LazyCommand("annotations.cli.annotate:annotate", "Annotate words of a speech."),
    "reply": LazyCommand("annotations.cli.annotate:reply", "Reply to a note: agree with it, or dispute it."),
    "withdraw": LazyCommand("annotations.cli.annotate:withdraw", "Withdraw a note: it is no longer shown."),
    "restore": LazyCommand("annotations.cli.annotate:restore", "Restore a note that was withdrawn."),
    "undo": LazyCommand("annotations.cli.annotate:undo", "Undo an entry of your own in the journal."),
    "confirm": LazyCommand("annotations.cli.repair:confirm", "Confirm the changed wording of a quote."),
    "repair": LazyCommand("annotations.cli.repair:repair", "Put a note on other words."),
    "anchor": LazyCommand("annotations.cli.anchor:anchor", "Locate quotes in texts, one JSON request per line."),
    "export": LazyCommand("annotations.cli.exchange:export", "Export notes in a format of another program."),
    "import": LazyCommand("annotations.cli.exchange:import_", "Import notes and replies of a file into the journal."),
}
SUGGESTIONS = {
    "accept": LazyCommand("annotations.cli.decide:accept", "Accept a suggestion: make a note of it."),
    "reject": LazyCommand("annotations.cli.decide:reject", "Reject a suggestion, so that it never comes back."),
    "ledger": LazyCommand("annotations.cli.suggest:ledger", "Count how many suggestions people accepted."),
}
USERS = {
    "add": LazyCommand("accounts.__main__:user_command", "Make an account, or change its password and role."),
    "list": LazyCommand("accounts.__main__:list_command", "List the accounts."),
    "token": LazyCommand("accounts.__main__:token_command", "Print a new token for a program."),
    "revoke": LazyCommand("accounts.__main__:revoke_command", "End every session and token of an account."),
    "remove": LazyCommand("accounts.__main__:remove_command", "Remove an account."),
}
HELP = """Archive what was said in the UK Parliament on a topic, and link exact quotes to points of guidance.

The databases are in ./db, or in the folder that --db-dir or DB_DIR names. Begin with `dispatch-box scrape`, then
`dispatch-box serve`. Exit codes: 0 well, 1 something was refused or is missing, 2 put something right first, 70 a fault
of the program, 74 the disk is full or not writable, 75 try later.
"""


def read_version() -> str:
    """Return the version of the installed package, or that of the clone."""
    try:
        return version(NAME)
    except PackageNotFoundError:
        import tomllib

        text = (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
        return str(tomllib.loads(text)["project"]["version"])


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


def _print_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"{NAME} {read_version()}")
        context.exit()


cli = LazyGroup(
    NAME,
    VERBS,
    HELP,
    commands=(
        LazyGroup("notes", NOTES, "Annotate, answer, decide and exchange notes."),
        LazyGroup("suggestions", SUGGESTIONS, "Decide what machines propose."),
        LazyGroup("user", USERS, "Manage the accounts of people, and the tokens of their programs."),
        completion,
    ),
    params=(
        click.Option(
            ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Print it."
        ),
    ),
)


def main() -> None:
    """Run the command line."""
    from db.cli import run_command_line

    run_command_line(cli, NAME)
