"""A whole run against a server with every fault: no wrong row, every gap told, and the next run closes them all."""

import re
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest

from db.archive import responses as archive
from demo_servers import hansard as hansard_server
from demo_servers.hansard import HansardQuirks
from scrapers.scope.topics import TOPICS_FILE
from tests.support.cli import SPECIMENS
from tests.support.faulty_server import Answer, bomb, challenge, make_json_answer, make_page_answer, serve_faulty
from tests.support.scrapes import ScrapeFolder, is_intact

pytestmark = pytest.mark.slow

TOPICS = TOPICS_FILE.read_text().replace("2007-01-01", "2008-06-22").replace("2010-12-31", "2008-11-30")
QUICK = ("--source", "hansard", "--source", "theyworkforyou", "--source", "people", "--sweep", "--topics")
HASTY = {"size": 1 << 20, "tries": 1, "failures": 10_000, "refusals": 10_000}
SHORT = {"silence": 0.5, "whole": 0.7}  # seconds, where it is slow on purpose
LOOP = Answer(302, {"Location": "?round=1"})
FAULTS = {
    "429": Answer(429, {"Retry-After": "1"}),
    "503": Answer(503),
    "500": Answer(500),
    "a challenge": challenge(),
    "a page": make_page_answer("<html><body>Sorry</body></html>"),
    "truncation": Answer(200, {"Content-Type": "application/json"}, b'{"Results": [', "truncated"),
    "a short length": Answer(200, {"Content-Type": "application/json"}, b'{"Results": []}', "short"),
    "a reset": Answer(how="reset"),
    "a slow drip": Answer(200, {"Content-Type": "application/json"}, b"{", "drip"),
    "a loop": LOOP,
    "a bomb": bomb(2 << 20),
    "half of JSON": Answer(200, {"Content-Type": "application/json"}, b'{"Results": ['),
    "no debate": make_json_answer({"Overview": {}}),
}


class Service:
    """Parliament's API; `fault` is what it answers to each request that `chosen` chooses."""

    def __init__(self, quirks: HansardQuirks = HansardQuirks()) -> None:  # noqa: B008 - it cannot change
        self.right = hansard_server.HansardService(quirks=quirks)
        self.fault: Answer | None = None
        self.every = 3
        self.asked: list[str] = []
        self.losing, self.loss = "", ""  # the id of a debate that is answered without words, and how

    def lose(self, items: list[dict]) -> object:
        """Return the items of a debate that has lost words."""
        return {"no items": [], "no mention": items[:1], "refused": "none"}[self.loss]

    def answer(self, path: str, query: dict[str, str], headers: Mapping[str, str]) -> Answer:
        """The fault for some addresses, always the same; else the right answer."""
        self.asked.append(path)
        if path == "/robots.txt":
            return Answer(404)
        if self.fault and zlib.crc32(f"{path}{urlencode(query)}".encode()) % self.every == 0:
            return self.fault
        status, found = self.right.answer(path, query)
        if self.losing and path == f"/debates/debate/{self.losing}.json":
            found = {**found, "Items": self.lose(found["Items"])}
        return make_json_answer(found)._replace(status=status)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def url(service: Service) -> Iterator[str]:
    with serve_faulty(service.answer) as address:
        yield address


@pytest.fixture
def walk(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "topics.toml").write_text(TOPICS)
    parldata = (SPECIMENS / "parldata").as_uri()
    return lambda name, **hasty: ScrapeFolder(
        tmp_path / name, {"parldata": parldata, "hansard": url}, monkeypatch, {**HASTY, **hasty}
    )


def quick(here: ScrapeFolder) -> tuple[str, ...]:
    return *QUICK, str(here.folder.parent / "topics.toml")


def debates(here: ScrapeFolder) -> set[str]:
    names = here.list_documents("hansard")  # a debate that is missing does not name its divisions
    return {name for name in names if not name.startswith("search/") and "/division/" not in name}


@pytest.mark.parametrize(
    "fault", [pytest.param(each, marks=pytest.mark.nightly if each == "a slow drip" else ()) for each in FAULTS]
)  # the drip takes ten seconds; of one request, tests of the client try it by day
def test_a_fault_makes_gaps_and_no_wrong_row_and_the_next_run_closes_them(walk, service, fault):
    whole = walk("whole")
    assert whole.scrape(*quick(whole)).exit_code == 0
    here = walk("db", **(SHORT if fault == "a slow drip" else {}))
    service.fault = FAULTS[fault]
    done = here.scrape(*quick(whole))
    assert done.exit_code in (0, 1, 75)
    assert "Traceback" not in done.output
    assert is_intact(here.folder / "statements.db")
    missing = debates(whole) - debates(here)
    told = {name for _, name in here.gaps()}
    windows = re.findall(r"/(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)/", " ".join(told))  # of searches that are gaps
    for name in missing - told:
        assert "(the whole source)" in told or any(a <= name.split("/")[1] <= b for a, b in windows), name
    assert not told & (debates(here) & debates(whole))
    texts = "SELECT id, text FROM speeches UNION ALL SELECT speech_id, text FROM wordings"
    assert set(here.rows(texts)) <= set(whole.rows(texts))
    service.fault, here = None, walk("db")
    with closing(sqlite3.connect(here.folder / "archive.db")) as conn, conn:
        conn.execute("UPDATE asked SET at = '2026-01-01T06:00:00Z'")  # that run was another day
        conn.execute("UPDATE runs SET started = '2026-01-01T06:00:00Z'")
    again = here.scrape(*quick(here), "--again")
    assert again.exit_code == 0, again.output
    assert here.gaps() == []
    mended, expected = here.read_lasting_rows(), whole.read_lasting_rows()
    del mended["loaded"], expected["loaded"]  # a day's mark knows how often its documents came
    assert mended == expected


def age(here: ScrapeFolder) -> None:
    """Make every run and request so old that the next run begins afresh, but not so old that all is asked again."""
    with closing(sqlite3.connect(here.folder / "archive.db")) as conn, conn:
        for query in ("UPDATE asked SET at = ?", "UPDATE runs SET started = ?"):
            conn.execute(query, (archive.format_now(days_ago=3),))


@pytest.mark.parametrize("loss", ["no items", "no mention", "refused"])
def test_a_debate_without_the_words_that_were_found_is_told_and_asked_for_again(walk, service, loss):
    here = walk("db")
    assert here.scrape(*quick(here), "--source", "hansard").exit_code == 0
    name = next(name for name in sorted(debates(here)) if "08062294" in name)
    service.losing, service.loss = name.rpartition("/")[2], loss
    age(here)
    with closing(sqlite3.connect(here.folder / "archive.db")) as conn, conn:
        conn.execute("UPDATE asked SET at = '2026-01-01T06:00:00Z' WHERE name = ?", (name,))
    done = here.scrape(*quick(here))
    assert done.exit_code == 1, done.output
    assert {gap for source, gap in here.gaps() if source == "hansard"} == {f"{name} (words)"}
    assert loss != "refused" or here.rows("SELECT DISTINCT name FROM quarantine") == [(name,)]
    age(here)
    asked = len(service.asked)
    assert here.scrape(*quick(here)).exit_code == 1
    assert f"/debates/debate/{service.losing}.json" in service.asked[asked:]
    service.losing = ""
    age(here)
    done = here.scrape(*quick(here))
    assert (done.exit_code, here.gaps(), here.rows("SELECT name FROM quarantine")) == (0, [], []), done.output


def test_shifting_pages_and_repeated_rows_change_nothing(walk, service):
    whole, here = walk("whole"), walk("db")
    whole.scrape(*quick(whole))
    service.right = hansard_server.HansardService(quirks=HansardQuirks(page=2, shifts=1, twice=True))
    assert here.scrape(*quick(whole)).exit_code == bool(here.gaps())
    assert here.read_lasting_rows() == whole.read_lasting_rows()
    assert {name.split("/")[0] for _, name in here.gaps()} <= {"search"}  # it counts rows that it gives twice
