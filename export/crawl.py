"""Crawl the site: hand the address of every page that links lead to out to processes, which write each as a file."""

import multiprocessing
import os
import signal
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from db.gid import make_short_id
from db.statements.moments import SHOWN_MOMENTS
from export import annotation_files, citation_files, search_index
from export.file_names import FileNames, parse_address
from export.links import ExportLinks
from export.output_folder import SUMS, OutputFolder
from export.page_rules import OPTIONAL, PageRules
from export.page_writer import ExportOptions, InlineExecutor, PageBatch, PageWriter, SiteDescription, describe_site
from web.crawlers import sitemap

BATCH = 40  # addresses handed to a process at a time
ProgressReport = Callable[[int, int], None]
_writer: PageWriter  # of a process that writes pages


def crawl_site(
    options: ExportOptions, conn: sqlite3.Connection, folder: OutputFolder, processes: int, report: ProgressReport
) -> int:
    """Write every page; return their number. Raises ExportError if a page fails."""
    described = describe_site(options)
    further = {path: OPTIONAL[path] for path in described.further}
    options = options._replace(about=options.about | {"questions": described.questions, "further": further})
    rules = PageRules(described.parameters, described.further)
    names = _name_files(conn)
    own = frozenset((*folder.files, *options.about["files"].values(), search_index.SCRIPT, search_index.ENTRIES, SUMS))
    links = ExportLinks(names, rules, options.base, own)
    annotation_files.write_exchange_files(conn, folder, links, options.about["stamp"], options.site)
    citation_files.write_collected_citations(conn, folder, options.site)
    search_index.write_search(conn, folder, links)
    starts = (parse_address(path) for path in _list_starts(conn, described))
    addresses = dict.fromkeys(at.url for at in starts if rules.is_exported(at)) | links.found
    with _open_pool(processes, options, rules, names, own) as pool:
        return _write_pages(pool, processes, addresses, folder, report)


def _write_pages(
    pool: Executor, processes: int, known: dict[str, None], folder: OutputFolder, report: ProgressReport
) -> int:
    """Hand out the addresses known, and those that their pages lead to; return the number of pages."""
    waiting, pending, done = deque(known), set[Future[PageBatch]](), 0
    while waiting or pending:
        while waiting and len(pending) < processes + 1:
            pending.add(pool.submit(_write_batch, [waiting.popleft() for _ in range(min(BATCH, len(waiting)))]))
        finished, pending = wait(pending, return_when=FIRST_COMPLETED)
        for batch in (future.result() for future in finished):
            folder.add_files(batch.files)
            waiting.extend(new := [url for url in batch.found if url not in known])
            known.update(dict.fromkeys(new))
            done += batch.pages
        report(done, len(known) - done)
    return done


@contextmanager
def _open_pool(processes: int, *setup: Any) -> Iterator[Executor]:
    """Open a pool of processes that write pages; they end with this one, however it ends. One alone is this process."""
    if processes == 1:
        _prepare_writer(*setup)
        yield InlineExecutor()
        _writer.close()
        return
    life = os.pipe()
    pool = ProcessPoolExecutor(
        processes, multiprocessing.get_context("fork"), initializer=_start_writer, initargs=(*life, *setup)
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
        for end in life:
            os.close(end)


def _prepare_writer(*setup: Any) -> None:
    global _writer
    _writer = PageWriter(*setup)


def _start_writer(life: int, end: int, *setup: Any) -> None:
    """Prepare a process for writing pages; `life` is a pipe whose other end is closed when the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends this process
    os.close(end)
    threading.Thread(target=_end_with_parent, args=(life,), daemon=True).start()
    _prepare_writer(*setup)


def _end_with_parent(life: int) -> None:
    os.read(life, 1)
    os._exit(1)


def _write_batch(addresses: list[str]) -> PageBatch:
    return _writer.write_batch(addresses)


def _name_files(conn: sqlite3.Connection) -> FileNames:
    """Make the names of files, for all ids that have capitals."""

    def read_ids(table: str) -> list[str]:
        return [id for (id,) in conn.execute(f"SELECT id FROM {table} WHERE id <> lower(id)")]

    speeches = [*read_ids("speeches"), *map(make_short_id, _read_withdrawn(conn))]
    others = {"debate/": read_ids("debates"), "speech/": speeches, "text/": speeches, "moment/": read_ids("moments")}
    return FileNames((id for (id,) in conn.execute("SELECT id FROM annotations")), others)


def _read_withdrawn(conn: sqlite3.Connection) -> list[str]:
    return [gid for (gid,) in conn.execute("SELECT DISTINCT gid FROM withdrawn_speeches ORDER BY gid")]


def _list_starts(conn: sqlite3.Connection, site: SiteDescription) -> Iterable[str]:
    """Yield the addresses from which the crawl starts; it follows their links."""
    yield from ("/", "/data", "/find", "/runs", *site.further, *(f"/statements/{name}" for name in site.questions))
    for number in range(1, sitemap.count_maps(conn) + 1):
        yield from (row["path"] for row in sitemap.read_paths(conn, number) if row["path"] != "/api")
    yield from (f"/speech/{make_short_id(gid)}" for gid in _read_withdrawn(conn))
    for (id,) in conn.execute("SELECT id FROM annotations ORDER BY id"):
        yield f"/q/{quote(id, safe='')}"
    for (id,) in conn.execute(f"SELECT id FROM ({SHOWN_MOMENTS}) ORDER BY id"):
        yield f"/moment/{quote(id, safe='')}.jsonld"
