"""A writer of a journal that goes on until it is killed: `python -m tests.journal_writer PATH NAME`, for a test."""

import sys
from itertools import count
from pathlib import Path

from db.journal.entries import EntryDraft, append_entries, open_journal


def main(path: Path, name: str) -> None:
    """Enter three at once, over and over; print an id once it is entered."""
    conn = open_journal(path)
    for number in count():
        drafts = [EntryDraft(name, "withdraw", {"annotation": f"{name}-{number}", "reason": part}) for part in "abc"]
        for entry in append_entries(conn, drafts):
            sys.stdout.write(f"{entry.id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
