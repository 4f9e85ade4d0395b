"""Benchmark of every kind of page with ten thousand annotations over the record: CPU, beside a bare page."""

import asyncio
import random
import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import unquote

from datasette import Response, hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from accounts import store
from benchmarks.measures import BenchFolder, Measure
from db.journal.entries import EntryDraft, append_entries, make_new_id, open_journal
from db.sqlite import connect, read_first_row
from web.serve import SETTINGS, open_site

PEOPLE = ("ada", "rex", "una")
NOTES = 300  # annotations in one debate, as if every sentence were annotated
ROUNDS = 3
READER = "ada"  # who is signed in where a page asks for it
UNCACHED = {"Cookie": "own=1"}  # a request with a cookie is never answered from the page cache
PAGES = (
    *("/", "/debates", "/debates?page=40", "/debates?topic={topic}", "/debates?house=lords&date={year}"),
    *("/debates?sort=notes", "/debates?sort=mentions", "/debates.json?date={year}-{month}", "/text/{speech}"),
    *("/debate/{debate}", "/debate/{debate}?notes=off", "/debate/{debate}?notes=end", "/debate/{debate}.json"),
    *("/debate/{debate}.csv", "/debate/{debate}.bib", "/debate/{debate}.ris", "/debate/{reworded}"),
    *("/debate/{reworded}/changes", "/speech/{edition}/editions", "/speech/{speech}", "/speech/{speech}.json"),
    *("/speech/{speech}.csv", "/speech/{speech}.bib", "/speech/{speech}.ris", "/whall/?id=2008-01-01a.1.0"),
    *("/search", "/search?q=information", "/search?q=the", "/search?q=%22power+of+information%22", "/search?q=inform*"),
    *("/search?q=minister+of+state", "/search?q=the+minister&sort=best", "/search?q=infromation+blgos"),
    *("/search?q=house+of+commons&house=lords", "/search?q=information&speaker={name}", "/search?q={name}"),
    *("/search?q=information&page=5", "/search?q=211622", "/search.json?q=information", "/search.bib?q=information"),
    *("/people", "/people?page=3", "/people?order=name", "/people/{person}", "/people.json", "/people.csv"),
    *("/people/{person}.json", "/people/{person}.csv", "/people/{person}.bib", "/people/{person}.ris", "/timeline"),
    *("/timeline?topic={topic}", "/guidance", "/guidance/{document}", "/guidance/{point}", "/guidance/{point}?page=3"),
    *("/coverage", "/coverage?by=speaker", "/coverage?year={year}", "/coverage.csv", "/quotes", "/quotes?page=100"),
    *("/quotes?point={point}", "/quotes?speaker=person/{person}", "/q/{annotation}", "/q/{annotation}.jsonld"),
    *("/q/{annotation}.json", "/q/{annotation}.bib", "/q/{annotation}.ris", "/q/{annotation}.png", "/agreement"),
    *("/agreement/{debate}", "/agreement.json", "/points.json", "/sentences/{debate}.json", "/log", "/log?page=100"),
    *("/log?actor=ada", "/log.json", "/verify", "/api", "/api/openapi.json", "/annotations/", "/annotations/?page=3"),
    *("/annotations/{annotation}", "/feeds", "/feeds/mentions.atom", "/feeds/annotations.atom", "/feeds/changes.atom"),
    *("/feeds/log.atom", "/feeds/search.atom?q=information", "/sitemap.xml", "/sitemap-1.xml", "/llms.txt"),
    *("/sign-in", "/runs", "/healthz", "/no-such-page"),
)
SIGNED_IN = (
    *("/debate/{debate}", "/annotate?speech={speech}", "/q/{annotation}/edit", "/q/{annotation}/reply", "/me"),
    *("/speech/{speech}/moment", "/debate/{debate}/blind", "/review", "/review?suggester=rules", "/review/queues"),
    *("/review/done", "/review/batch", "/review/changed"),
)
AS_OF = ("/", "/debates", "/debate/{debate}", "/guidance/{point}", "/people", "/timeline", "/coverage", "/quotes")
PAST = "?as_of={year}"
LIMIT_MS = 20_000  # of SQL, so that a busy machine refuses no page
DEAREST = 10  # pages in the table of make bench
UNAVAILABLE = ("/no-such-page", "/healthz")  # answers of these are no success where nothing was scraped
MOST_DEAR = 30  # pages above TIMES_BARE
TIMES_BARE, NOTE_MS, FREE_NOTES = 10, 0.1, 50  # allowed of each page, and more for each note above so many
PREFIX_MS, PAST_MS = 50, 150  # allowed more: of a search by a beginning, and of the first page of a day
LONG_SPEECHES = "SELECT id, gid, debate_id, text FROM speeches WHERE length(text) > 200 ORDER BY id"
MOST_QUOTED = "SELECT debate_id, count(*) FROM quote_counts GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"
ONE_OF_EACH = """
SELECT s.debate_id AS debate, a.speech_id AS speech, a.id AS annotation, a.point_id AS point,
       substr(a.point_id, 1, instr(a.point_id, '/') - 1) AS document, substr(s.date, 1, 4) AS year,
       substr(s.date, 6, 2) AS month, (SELECT id FROM topics LIMIT 1) AS topic,
       (SELECT substr(id, 8) FROM speaker_counts ORDER BY turns DESC LIMIT 1) AS person,
       (SELECT replace(name, ' ', '+') FROM speaker_counts ORDER BY turns DESC LIMIT 1) AS name,
       (SELECT w.speech_id FROM wordings w JOIN speeches o ON o.id = w.speech_id WHERE w.text <> o.text
         ORDER BY w.id LIMIT 1) AS edition,
       (SELECT o.debate_id FROM wordings w JOIN speeches o ON o.id = w.speech_id WHERE w.text <> o.text
         GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1) AS reworded
  FROM annotations a JOIN speeches s ON s.id = a.speech_id WHERE s.debate_id = ? AND a.status = 'active'
 ORDER BY a.actor = ? DESC LIMIT 1
"""
BARE_PAGE = """{% extends "base.html" %}{% block content %}<h1>{{ speech.citation }}</h1>
{% for debate in debates %}<p><a href="/debate/{{ debate.id }}">{{ debate.title }}</a> {{ debate.date }}</p>{% endfor %}
{% endblock %}"""
BARE_QUERIES = (
    "SELECT citation FROM speeches WHERE id = ?",
    "SELECT id, title, date FROM debates ORDER BY rowid DESC LIMIT 20",
)
SHOWN_NOTE = re.compile(rb"/q/([\w-]+)")


class PageAnswer(NamedTuple):
    """An answer: the address asked for, the status, and the body."""

    path: str
    status: int
    body: bytes


class PageCost(NamedTuple):
    """The least CPU milliseconds of a page, first after a write and warm, and what it may cost more; status, bytes."""

    path: str
    first: float
    warm: float
    status: int
    size: int
    extra: float

    def count_times(self, bare: float) -> float:
        """Return how many times a bare page it costs, above what it may more; the first of a past day may most."""
        past = PAST_MS if "as_of" in self.path else 0
        return max(self.first - self.extra - past, self.warm - self.extra, 0) / bare


def add_annotations(folder: Path, count: int) -> str:
    """Append `count` annotations of random words to journal.db at once; return the debate with most of them."""
    chance = random.Random(0)
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        points = [id for (id,) in conn.execute("SELECT id FROM guidance_points ORDER BY id")]
        speeches = conn.execute(LONG_SPEECHES).fetchall()
    [(debate, _)] = Counter(debate for _, _, debate, _ in speeches).most_common(1)
    debate_speeches = [speech for speech in speeches if speech[2] == debate]
    places = chance.choices(debate_speeches, k=min(NOTES, count)) + chance.choices(speeches, k=max(0, count - NOTES))
    drafts = [_make_draft(chance, gid, text, chance.choice(points)) for _, gid, _, text in places]
    with closing(open_journal(folder / "journal.db")) as journal:
        append_entries(journal, drafts)
    return str(debate)


def _make_draft(chance: random.Random, target: str, text: str, point: str) -> EntryDraft:
    start = end = 0
    while start >= end:
        start = text.find(" ", chance.randrange(len(text) - 100)) + 1
        end = text.rfind(" ", start, start + chance.randrange(20, 90))
    around = {"prefix": text[max(0, start - 32) : start], "suffix": text[end : end + 32]}
    who, reading = chance.choice(PEOPLE), chance.choice(("said", "implied", "contradicts"))
    said = {"point": point, "reading": reading, "note": "A note.", "creator": who, "created": "2026-11-24"}
    selector = {"exact": text[start:end], "start": start, "end": end, **around}
    return EntryDraft(who, "annotate", {"id": make_new_id(), "target": target, "selector": selector, **said})


def add_suggestions(folder: Path, count: int) -> None:
    """Repeat the suggestions of the rules until there are `count` more, each with its own key."""
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        columns = [name for _, name, *_ in conn.execute("PRAGMA table_info(suggestions)")]
        existing = [dict(zip(columns, row, strict=True)) for row in conn.execute("SELECT * FROM suggestions")]
        copies = (
            {**existing[n % len(existing)], "id": f"many-{n}", "key": f"{n:064x}"}
            for n in range(count if existing else 0)
        )
        conn.executemany(f"INSERT INTO suggestions VALUES ({', '.join(f':{name}' for name in columns)})", copies)


def measure_pages(bench: BenchFolder) -> Iterator[Measure]:
    """Print what every kind of page of a folder of databases costs, the dearest first; yield what bears on its limit.

    The limit is TIMES_BARE, after what is allowed more for notes, for a beginning of a word and for the past.
    """
    folder = bench.db
    with store.open_accounts(folder / "accounts.db") as conn:
        store.save_user(conn, READER, "seven quiet pamphlets", "reviewer", 0)
        session = store.start_session(conn, READER, int(time.time()))
    bare, costs = asyncio.run(_measure_all(folder, list_pages(folder), {"Cookie": f"session={session}"}))
    costs = sorted(costs, key=lambda one: -one.count_times(bare))
    print(f"a bare page of a plugin: {bare:.2f} ms\n   first    warm    more   times      kB")
    for each in costs:
        figures = f"{each.first:8.1f}{each.warm:8.1f}{each.extra:8.1f}{each.count_times(bare):8.1f}"
        print(f"{figures}{each.size / 1000:8.1f}  {each.status}  {each.path}")
    for each in costs[:DEAREST]:
        name = f"page {each.path[1:]}, signed in" if each.path.startswith("*") else f"page {each.path}"
        yield Measure(name=name, value=each.count_times(bare), unit="times", goal=TIMES_BARE)
    wrong = sum(each.status >= 400 for each in costs if each.path not in UNAVAILABLE)
    yield Measure(name="pages that did not answer", value=wrong, unit="wrong", goal=0, limit=0)
    over = sum(each.count_times(bare) > TIMES_BARE for each in costs)
    yield Measure(
        name=f"pages dearer than {TIMES_BARE} bare ones, of {len(costs)}",
        value=over,
        unit="pages",
        goal=0,
        limit=MOST_DEAR,
    )


def list_pages(folder: Path) -> list[str]:
    """List an address of each kind of page; a star is before those that ask for a visitor who has signed in."""
    with closing(connect(folder / "statements.db")) as conn:
        [(debate, _)] = conn.execute(MOST_QUOTED).fetchall()
        one = {
            key: value or "none" for key, value in (read_first_row(conn, ONE_OF_EACH, (debate, READER)) or {}).items()
        }
    return [
        *(page.format(**one) for page in PAGES),
        *(f"*{page}".format(**one) for page in SIGNED_IN),
        *(f"{page}{PAST}".format(**one) for page in AS_OF),
    ]


async def _measure_all(folder: Path, pages: Iterable[str], signed_in: dict[str, str]) -> tuple[float, list[PageCost]]:
    """Return the CPU milliseconds of a bare page, and the costs of pages: the least of ROUNDS, each after a write."""
    costs, bare_used = [], []
    with closing(connect(folder / "statements.db")) as conn, serve_bare_page(folder) as plain:
        site = open_site(folder / "statements.db", sql_time_limit_ms=LIMIT_MS)
        bare = plain.app()
        for each in (site, plain):
            await each.invoke_startup()
        app = site.app()
        [(speech,)] = conn.execute("SELECT id FROM speeches LIMIT 1")
        for page in pages:
            path, headers = page.lstrip("*"), signed_in if page.startswith("*") else UNCACHED
            first, warm = [], []
            for _ in range(ROUNDS):
                with conn:
                    conn.execute("UPDATE last_shown_entry SET hash = hash")
                used, _ = await measure_cpu(bare, f"/bare?speech={speech}", {})
                bare_used.append(used)
                used, _ = await measure_cpu(app, path, headers)
                first.append(used)
                used, answer = await measure_cpu(app, path, headers)
                warm.append(used)
            cost = PageCost(
                path=page,
                first=min(first),
                warm=min(warm),
                status=answer.status,
                size=len(answer.body),
                extra=count_extra(answer),
            )
            costs.append(cost)
    return min(bare_used), costs


def count_extra(answer: PageAnswer) -> float:
    """Return the milliseconds that a page may take more: for its notes, and for a search by a beginning."""
    notes = len(set(SHOWN_NOTE.findall(answer.body)))
    extra = PREFIX_MS * ("search" in answer.path and "*" in answer.path)
    return extra + NOTE_MS * max(0, notes - FREE_NOTES)


@contextmanager
def serve_bare_page(folder: Path) -> Iterator[Datasette]:
    """Yield a Datasette of the same file with nothing but a page of a plugin: two queries and a template."""

    async def show(datasette: Datasette, request: Any) -> Response:
        speech, debates = [
            (await datasette.get_database().execute(query, given)).rows
            for query, given in zip(BARE_QUERIES, ((request.args["speech"],), ()), strict=True)
        ]
        template = datasette.jinja_env.from_string(BARE_PAGE)
        context = {"speech": speech[0], "debates": debates}
        return Response.html(await datasette.render_template(template, context, request=request))

    def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
        return [] if "statements" in datasette.databases else [(r"^/bare$", show)]

    plugin, link = ModuleType("bare_page"), folder / "record.db"
    plugin.register_routes = hookimpl(register_routes)  # type: ignore[attr-defined]
    link.unlink(missing_ok=True)
    link.symlink_to("statements.db")
    pm.register(plugin, "bare-page")
    try:
        yield Datasette([str(link)], settings=dict(SETTINGS))
    finally:
        pm.unregister(plugin)
        link.unlink()


async def measure_cpu(app: Any, path: str, headers: Mapping[str, str]) -> tuple[float, PageAnswer]:
    """Return the CPU milliseconds of one request to an ASGI application, without a client's own, and the answer."""
    heads: list[int] = []
    parts: list[bytes] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            heads.append(message["status"])
        else:
            parts.append(message.get("body", b""))

    where, _, query = path.partition("?")
    sent = [(name.lower().encode(), value.encode()) for name, value in {"Host": "localhost", **headers}.items()]
    scope: dict[str, object] = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "headers": sent,
    }
    scope |= {"path": unquote(where), "raw_path": where.encode(), "query_string": query.encode()}
    started = time.process_time()
    await app(scope, receive, send)
    used = (time.process_time() - started) * 1000
    return used, PageAnswer(path, heads[0], b"".join(parts))
