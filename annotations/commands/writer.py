"""Where what people do is entered: one transaction of the journal, and statements.db brought up to date after it."""

import os
import sqlite3 as standard
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from datasette.utils.sqlite import sqlite3

from annotations.curated.files import GUIDANCE, QUOTES, read_guidance, read_quotes
from annotations.projection.resolve import catch_up
from annotations.state.model import State
from annotations.state.reducer import reduce
from annotations.suggesters.rule_files import RULES
from db.journal.entries import Draft, Entry, JournalError, append, entries, last_id, open_journal, read_journal
from db.records.annotation import Annotation
from db.statements.store import VERSION

Check = Callable[[list[Entry]], None]
WAIT = 10.0  # seconds that somebody who has entered something waits to see it


class Places(NamedTuple):
    """The folders of files, and that of the databases."""

    guidance: Path
    quotes: Path
    rules: Path
    db_dir: Path

    @property
    def statements(self) -> Path:
        """What is derived."""
        return self.db_dir / "statements.db"

    @property
    def journal(self) -> Path:
        """What people did."""
        return self.db_dir / "journal.db"


class Entered(NamedTuple):
    """The journal's entries; `shown` is False where statements.db does not show them before it is loaded next."""

    entries: list[Entry]
    shown: bool


def places(datasette: Any) -> Places:
    """The places of a server: journal.db beside statements.db, folders of files by the environment as for the verbs."""
    defaults = {"GUIDANCE": GUIDANCE, "QUOTES": QUOTES, "RULES": RULES}
    guidance, quotes, rules = (Path(os.environ.get(name) or default) for name, default in defaults.items())
    return Places(guidance, quotes, rules, Path(datasette.get_database("statements").path).parent)


def curated_of(places: Places) -> list[Annotation]:
    """The annotations kept in files."""
    points = [point.id for document in read_guidance(places.guidance) for point in document.points]
    return read_quotes(places.quotes, points)


def state(places: Places, until: str | None = None) -> State:
    """What people have decided, by files and journal; `until` is the last date or time (UTC) that counts."""
    return reduce(read_journal(places.journal, until), curated_of(places))


def journaled(
    places: Places, curated: Sequence[Annotation], drafts: Sequence[Draft], check: Check | None = None
) -> list[Entry]:
    """Enter several things together or none; what would count for nothing is refused. Raises JournalError.

    `check` is called with the entries before them, when nobody else can enter; what it raises leaves nothing entered.
    """

    return _judged(places, curated, drafts, check)[0]


def _judged(
    places: Places, curated: Sequence[Annotation], drafts: Sequence[Draft], check: Check | None
) -> tuple[list[Entry], State]:
    """What was entered, and what the journal amounts to with it. Raises JournalError."""
    judged: list[State] = []

    def judge() -> None:
        every = list(entries(journal))
        if check:
            check(every[: -len(drafts)])
        judged.append(reduce(every, curated))
        for event in judged[0].history[-len(drafts) :]:
            if event.problem:
                raise JournalError(f"{event.problem}; nothing was entered")

    with closing(open_journal(places.journal)) as journal:
        return append(journal, drafts, judge), judged[0]


def enter(places: Places, drafts: Sequence[Draft], check: Check | None = None) -> Entered:
    """Enter one or several things, for a server: in the journal for good, then in statements.db. Raises JournalError.

    statements.db is opened with the library that Datasette reads it with: two SQLite libraries in one process drop each
    other's locks on a file. journal.db has the standard one, here as everywhere.
    """
    curated = curated_of(places)
    try:
        made, judged = _judged(places, curated, drafts, check)
    except standard.Error as error:
        raise JournalError(f"the journal cannot be written now ({error}); nothing was entered: try again") from error

    def latest() -> State:
        """What the journal amounts to by now: what was judged, unless somebody has entered something since."""
        return judged if last_id(places.journal) == made[-1].id else reduce(read_journal(places.journal), curated)

    return Entered(made, _show(places, latest))


def show(places: Places) -> bool:
    """Bring statements.db up to date with what others have just entered; False where it must be loaded for that."""
    return _show(places, lambda: state(places))


def _show(places: Places, latest: Callable[[], State]) -> bool:
    """Bring statements.db up to date, where it is there, whole and free within WAIT seconds."""
    if not places.statements.exists():
        return False
    try:
        address = f"{places.statements.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=WAIT)) as conn:
            stage = [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]
            if stage != [VERSION, 2]:
                return False
            catch_up(conn, latest)
    except sqlite3.OperationalError:  # it is being loaded or made anew: that load reads the journal too
        return False
    return True
