"""One run: fetch, load and resolve in a folder of databases, and enter the run in the table runs."""

import gc
import sqlite3
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from db.archive import gaps, runs
from db.archive import responses as archive
from db.cli import explain_error
from db.exit_codes import EXIT_FAILED, EXIT_OK, EXIT_PROGRAM_FAULT, EXIT_TRY_LATER, choose_gravest
from db.records.hansard import Speech
from db.records.source import Unavailable
from db.records.topic import Topic
from db.sqlite import Row, begin_write
from db.statements import people, speaker_counts, store
from db.statements import runs as run_queries
from db.statements.row_builders import QuarantinedDocument
from scrapers.database_folder import DatabaseFolder
from scrapers.fetch.progress import Progress
from scrapers.reports.count_falls import record_counts
from scrapers.reports.health import describe_open_gaps, describe_shortfall
from scrapers.reports.refusals import record_refusals
from scrapers.reports.speakers import NO_REGISTER, lacks_register
from scrapers.scope.interfaces import CrawlHints
from scrapers.sources.registry import REGISTRY, Source, describe_sources

if TYPE_CHECKING:
    from scrapers.fetch.crawl_sources import CrawlContext, CrawlSettings

ReportBad = Callable[[QuarantinedDocument], None]


class RunRequest(NamedTuple):
    """Request for a run: the topics to fetch, narrowed, and the topics and debates to load.

    With `everything`, debates that mention no topic are loaded too. `debates` are references to the debates whose pages
    are fetched; if empty, of all debates that mention a topic.
    """

    fetched_topics: Sequence[Topic]
    loaded_topics: Sequence[Topic]
    everything: bool
    debates: Sequence[str] = ()


class RunOutcome(NamedTuple):
    """Outcome of a run: its counts, unavailable sources, notices for the user, open gaps, and refused documents.

    `gaps` and `refused` are those that nobody acknowledged.
    """

    counts: Counter[str]
    problems: list[Unavailable]
    notices: list[str]
    gaps: Sequence[Row] = ()
    refused: int = 0

    @property
    def exit_code(self) -> int:
        """Exit code of the gravest problem."""
        incomplete = EXIT_FAILED if self.refused or self.gaps else EXIT_OK
        fault = EXIT_PROGRAM_FAULT if self.counts["faults"] else EXIT_OK
        return choose_gravest([incomplete, fault, *(problem.exit_code for problem in self.problems)])

    @property
    def message(self) -> str:
        """Why the run did not end well, but for the documents that were refused; "" if it did."""
        open_gaps = [describe_open_gaps(len(self.gaps))] if self.gaps else []
        return "; ".join([*map(str, self.problems), *open_gaps])


def fetch_sources(
    folder: DatabaseFolder,
    settings: "CrawlSettings",
    request: RunRequest,
    progress: Progress,
    run: int | None = None,
    since: str | None = None,
    load_between: Callable[[], object] = lambda: None,
) -> RunOutcome:
    """Archive new or changed documents of the sources.

    `load_between` is called before each source that needs hints, so that they come from everything fetched before.
    Documents requested at `since` (UTC) or later are not requested again.
    """
    from scrapers.fetch.crawl_sources import CrawlContext, crawl_source  # which a load does not need

    outcome = RunOutcome(counts=Counter(), problems=[], notices=[])
    with closing(archive.open_archive(folder.archive)) as received:
        _ask_again_for_refused(received, folder)
        context = CrawlContext(
            received=received,
            folder=folder.path,
            settings=settings,
            run=run,
            since=since or archive.format_now(),
            counts=outcome.counts,
            problems=outcome.problems,
            notices=outcome.notices,
            progress=progress,
        )
        for source in REGISTRY.values():
            if source.id in settings.sources:
                if source.hints == "pages" or (source.hints == "days" and settings.is_led_by_days):
                    load_between()
                crawl_source(context, source, request.fetched_topics, _read_hints(context, folder, source, request))
        return outcome._replace(gaps=_read_gaps(received)[0])


def _read_gaps(received: sqlite3.Connection) -> tuple[list[Row], int]:
    """Return the gaps that nobody acknowledged, and the number of those of refused documents, which come by name."""
    found = gaps.read_gaps(received, "counting")
    others = [gap for gap in found if gap["source"] != gaps.REFUSED_SOURCE]
    return others, len(found) - len(others)


def _ask_again_for_refused(received: sqlite3.Connection, folder: DatabaseFolder) -> None:
    """Mark what the last load could not use, so that it is asked for again, whatever its age."""
    if not folder.statements.exists():
        return
    with closing(store.open_store(folder.statements)) as derived:
        refused = derived.execute("SELECT DISTINCT source, name FROM quarantine").fetchall()
    for source, name in refused:
        archive.mark_for_retry(received, source, name)
        archive.forget_listing(received, source, name)


def _read_hints(
    context: "CrawlContext", folder: DatabaseFolder, source: Source, request: RunRequest
) -> CrawlHints | None:
    """Return the hints for a source; None if it is to read every day."""
    from scrapers.fetch import hints

    if source.hints == "pages":
        return hints.read_page_hints(folder.statements, request.debates)
    if source.hints == "days":
        led = context.settings.is_led_by_days
        return hints.read_day_hints(folder.statements, context.received) if led else None
    return CrawlHints()


def update_statements(
    folder: DatabaseFolder, request: RunRequest, progress: Progress, report_bad: ReportBad
) -> Counter[str]:
    """Bring statements.db up to date; return the number of days loaded, what the audit took, and its totals."""
    from scrapers.load.load_people import load_people  # which a fetch does not need
    from scrapers.load.pending_days import find_pending_days

    with (
        closing(archive.open_archive(folder.archive)) as received,
        store.open_store_to_load(folder.statements) as derived,
    ):
        gc.disable()  # records have no cycles, and searching a million for some takes a twentieth of the time
        store.save_sources_and_topics(derived, describe_sources(), request.loaded_topics)
        counts: Counter[str] = Counter(audited=0, audit_ms=0)

        def report_fault(name: str, error: Exception) -> None:
            counts["faults"] += 1
            sys.stderr.writelines([f"the program failed at {name}:\n", *traceback.format_exception(error)])

        people_changed = load_people(received, derived, report_bad, report_fault)
        register, find = people.read_register_mark(derived), people.make_person_finder(derived)

        def count_day(number: int, total: int, name: str) -> None:
            counts["days"] += 1
            progress("loading", number, total, name)

        def find_person(speech: Speech) -> str | None:
            return find(speech.member_id, speech.person_id)

        scope = (request.loaded_topics, request.everything)
        if days := find_pending_days(received, derived, scope, register):
            from scrapers.audit.audit_documents import Auditor
            from scrapers.load.incremental import load_days  # loads every parser

            auditor = Auditor()
            for quarantined in load_days(
                received, derived, days, scope, find_person, register, count_day, auditor, report_fault
            ):
                report_bad(quarantined)
            progress("audit", auditor.documents, auditor.documents, f"{auditor.seconds:.1f} s of the load")
            counts.update(audited=auditor.documents, audit_ms=round(auditor.seconds * 1000))
        store.add_indexes(derived)
        if people_changed:
            people.resolve_all_speakers(derived)
        if people_changed or counts["days"]:
            with begin_write(derived):
                speaker_counts.count_all_speakers(derived)
        store.copy_runs(derived, folder.archive)
        store.store_load_stage(derived, 1)
        return counts + Counter(store.count_totals(derived))


def report_falls(
    folder: DatabaseFolder, request: RunRequest, outcome: RunOutcome, run: int | None = None
) -> RunOutcome:
    """Compare what is loaded with earlier loads, open a gap for what fell or was refused, and return all."""
    with (
        closing(archive.open_archive(folder.archive)) as received,
        closing(store.open_store(folder.statements)) as derived,
    ):
        record_counts(received, derived, request.loaded_topics, request.everything, run)
        record_refusals(received, derived, run)
        store.copy_runs(derived, folder.archive)
        open_gaps, refused = _read_gaps(received)
        return outcome._replace(gaps=open_gaps, refused=refused)


def scrape_topics(
    folder: DatabaseFolder, settings: "CrawlSettings", request: RunRequest, progress: Progress, report_bad: ReportBad
) -> tuple[RunOutcome, int]:
    """Fetch the requested topics, load all topics, resolve annotations, and enter the run.

    Return the outcome of the run, and the exit code of resolving.
    """
    with closing(archive.open_archive(folder.archive)) as received:
        names = [topic.id for topic in request.fetched_topics]
        since = run_queries.find_unfinished_run(received, archive.format_now(days_ago=1))
        run = runs.start_run(received, names, settings.addresses["parldata"], settings.sources)
        counts: Counter[str] = Counter()
        code, message = EXIT_TRY_LATER, "stopped before its end"
        reported: set[QuarantinedDocument] = set()

        def report_once(quarantined: QuarantinedDocument) -> None:
            if quarantined not in reported:
                report_bad(quarantined)
            reported.add(quarantined)

        def load_between() -> None:
            counts.update(update_statements(folder, request, progress, report_once) - counts)

        try:
            outcome = fetch_sources(folder, settings, request, progress, run, since, load_between)
            totals = update_statements(folder, request, progress, report_once)
            outcome.counts.update(totals)
            outcome = report_falls(folder, request, outcome, run)
            if people.SOURCE in settings.sources and _lacks_register(folder):
                outcome.notices.append(NO_REGISTER)
            counts = outcome.counts
            resolved, printed = _resolve_annotations(folder)
            outcome.notices.extend(printed)
            code, message = choose_gravest([outcome.exit_code, resolved]), outcome.message
        finally:
            if isinstance(error := sys.exc_info()[1], Exception):
                code, message = explain_error(error)
            with closing(store.open_store(folder.statements)) as derived:
                expected = describe_shortfall(run_queries.read_topic_counts(derived))
                runs.finish_run(received, run, counts, code, message, expected)
                store.copy_runs(derived, folder.archive)
    return outcome, resolved


def _lacks_register(folder: DatabaseFolder) -> bool:
    with closing(store.open_store(folder.statements)) as derived:
        return lacks_register(derived)


def _resolve_annotations(folder: DatabaseFolder) -> tuple[int, list[str]]:
    """Run `python -m annotations load`: the two packages meet in statements.db alone.

    Return its exit code, and what it says of errors and changes, which is printed after what the run itself failed at.
    """
    command = [sys.executable, "-m", "annotations", "load", "--db-dir", str(folder.path)]
    ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    return ended.returncode, ended.stderr.decode(errors="replace").splitlines()
