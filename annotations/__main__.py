"""Annotate statements: link words of the record to points of guidance, and check, review and exchange such notes.

Every verb reads the files of guidance and quotes and the databases in db/, and writes to db/journal.db or
db/statements.db.
"""

from db.cli.lazy_group import LazyCommand, LazyGroup
from db.cli.version import version_option

VERBS = {
    "load": LazyCommand("annotations.cli.load:load", "Load guidance, notes and suggestions into statements.db."),
    "verify": LazyCommand("annotations.cli.verify:verify_command", "Check whether a quotation is what was said."),
    "check": LazyCommand("annotations.cli.repair:check", "List the quotes whose wording changed or is lost."),
    "confirm": LazyCommand("annotations.cli.repair:confirm", "Confirm the changed wording of a quote."),
    "repair": LazyCommand("annotations.cli.repair:repair", "Move a note to other words."),
    "annotate": LazyCommand("annotations.cli.annotate:annotate", "Annotate words of a speech."),
    "reply": LazyCommand("annotations.cli.annotate:reply", "Reply to a note: agree with it, or dispute it."),
    "withdraw": LazyCommand("annotations.cli.annotate:withdraw", "Withdraw a note: it is no longer shown."),
    "restore": LazyCommand("annotations.cli.annotate:restore", "Restore a note that was withdrawn."),
    "undo": LazyCommand("annotations.cli.annotate:undo", "Undo an entry of your own in the journal."),
    "suggest": LazyCommand("annotations.cli.suggest:suggest", "Find sentences that may be about points of guidance."),
    "accept": LazyCommand("annotations.cli.decide:accept", "Accept a suggestion: make a note of it."),
    "reject": LazyCommand("annotations.cli.decide:reject", "Reject a suggestion, so that it is never made again."),
    "ledger": LazyCommand("annotations.cli.ledger:ledger", "Count how many suggestions people accepted."),
    "score": LazyCommand("annotations.cli.score:score", "Judge sentences: print how likely each point is."),
    "train": LazyCommand("annotations.cli.train:train", "Let the judge learn from what people decided."),
    "terms": LazyCommand("annotations.cli.terms:terms", "List words that rules of a point might need."),
    "agreement": LazyCommand("annotations.cli.agreement:agreement", "Report how far people agree on what quotes mean."),
    "anchor": LazyCommand("annotations.cli.anchor:anchor", "Locate quotes in texts, one JSON request per line."),
    "export": LazyCommand("annotations.cli.exchange:export", "Export notes in a format of another program."),
    "import": LazyCommand("annotations.cli.exchange:import_", "Import notes and replies of a file into the journal."),
    "journal": LazyCommand("annotations.cli.journal:journal", "Read, check, copy and restore the history of notes."),
}

cli = version_option(LazyGroup("annotations", VERBS, __doc__))


def main() -> None:
    """Run the command line."""
    from db.cli import run_command_line

    run_command_line(cli, "python -m annotations")


if __name__ == "__main__":
    main()
