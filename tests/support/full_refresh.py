"""The refresh of statements.db that works out everything again, to compare others with."""

from annotations.projection.resolution import resolve_entries
from db.sqlite import begin_write
from db.statements.annotations import save_annotations
from db.statements.journal_head import keep_journal_head


def refresh_all(conn, curated, entries):
    """Replace everything that people have entered by the state after these entries."""
    with begin_write(conn):
        resolved = resolve_entries(conn, curated, entries)
        save_annotations(conn, resolved.rows)
        keep_journal_head(conn, resolved.state.history)
