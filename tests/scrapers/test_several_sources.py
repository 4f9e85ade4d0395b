"""Several sources together: whom a run asks for what, one row a speech whoever tells it, and the census of mentions."""

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db.references import find_references
from demo_servers.theyworkforyou import KEY
from scrapers.scope.topics import TOPICS_FILE
from tests.support.profiles import scale
from tests.support.scrapes import Places, ScrapeFolder, is_intact, serve_sources

pytestmark = pytest.mark.slow

DEBATE = "d-2008-06-22c-103-0"  # all four sources have it
TOPICS = TOPICS_FILE.read_text().replace("2007-01-01", "2008-06-01").replace("2010-12-31", "2009-03-31")
NAMED = ("2008-06-22",)  # days of the XML on which Parliament's search finds the topic


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    with serve_sources(tmp_path_factory.mktemp("served")) as places:
        yield places


@pytest.fixture
def places(servers: Places) -> Places:
    """The servers, as if nobody had asked them anything."""
    servers.parliament.asked.clear()
    servers.parliament.readings.clear()
    servers.site.asked.clear()
    servers.site.current = 0
    servers.pages.asked.clear()
    servers.pages.refusing = False
    return servers


@pytest.fixture
def walk(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ScrapeFolder]:
    """A function that makes a walk with a folder of databases of its own."""
    where = places._asdict()
    urls = {name: where[name] for name in ("parldata", "hansard", "twfy_api", "publications")}

    def make_walk(name: str = "db") -> ScrapeFolder:
        walk = ScrapeFolder(tmp_path / name, urls, monkeypatch)
        walk.topics = tmp_path / "topics.toml"
        walk.topics.write_text(TOPICS)
        return walk

    return make_walk


def days(names: list[str]) -> set[str]:
    return {name.rpartition("/")[2][-15:-5] for name in names}


# --- whom a run asks


def test_a_run_reads_xml_only_of_days_on_which_parliament_has_a_mention(walk):
    here = walk()
    done = here.scrape()
    assert done.exit_code == 0
    assert days(here.list_documents("theyworkforyou")) == set(NAMED)
    assert len(here.list_documents("theyworkforyou")) == 5  # debates a to c, and answers a and b
    assert here.list_documents("people") == ["ministers-2010.json", "ministers.json", "people.json"]
    assert here.gaps() == []
    assert done.stdout.splitlines()[-1] == "asked 66, new 66, changed 0, unchanged 0, failed 0, mentions 15"


def test_old_documents_are_not_requested_again(walk, places):
    here = walk()
    here.scrape()
    before = here.read_lasting_rows()
    places.parliament.asked.clear()
    done = here.scrape()
    assert places.parliament.asked == []
    assert done.stdout.splitlines()[-1] == "asked 66, new 0, changed 0, unchanged 66, failed 0, mentions 15"
    assert here.read_lasting_rows() == before


def test_a_sweep_reads_every_day_of_the_window(walk):
    here = walk()
    done = here.scrape("--sweep")
    assert days(here.list_documents("theyworkforyou")) == {"2008-06-22", "2008-06-29", "2009-03-08", "2009-03-15"}
    assert done.stdout.splitlines()[-1].endswith("mentions 23")  # 21 in the XML, and two that it has not
    by_source = dict(here.rows("SELECT d.source, count(*) FROM named n JOIN debates d ON d.id = debate_id GROUP BY 1"))
    assert by_source == {"theyworkforyou": 21, "hansard": 2}


@pytest.mark.parametrize(
    ("narrowed", "dates", "kinds"),
    [
        (("--from", "2008-06-29", "--to", "2008-06-30"), {"2008-06-29"}, 5),
        (("--kind", "wrans"), {"2008-06-22"}, 1),
        (("--from", "2009-03-01", "debates"), {"2009-03-08", "2009-03-15"}, 1),
    ],
)
def test_a_narrowed_run_reads_every_day_in_its_window(walk, narrowed, dates, kinds):
    here = walk()
    assert here.scrape(*narrowed).exit_code == 0
    names = here.list_documents("theyworkforyou")
    assert days(names) == dates
    assert len({name.split("/")[1] for name in names}) == kinds


@pytest.mark.parametrize("source", ["people", "hansard", "theyworkforyou", "theyworkforyou_api", "publications"])
def test_a_single_chosen_source_is_the_only_one_requested(walk, places, source):
    here = walk()
    assert here.scrape("--source", source, key=KEY).exit_code == 0
    had = {name for name in ("people", "hansard", "theyworkforyou", "theyworkforyou_api") if here.list_documents(name)}
    assert had == {source} - {"theyworkforyou", "publications"}  # which go by what is known already: nothing
    assert bool(places.parliament.asked) == (source == "hansard")
    assert bool(places.site.asked) == (source == "theyworkforyou_api")
    assert places.pages.asked == []


def test_a_day_whose_search_is_a_gap_is_read_completely_and_reported(walk, places):
    quirks = places.parliament.quirks

    def broken(term: str, start: str, end: str) -> bool:
        return "task force" in term and start <= "2008-06-29" <= end

    here = walk()
    places.parliament.quirks = quirks._replace(broken=broken)
    try:
        done = here.scrape("--max-requests", "100000")
    finally:
        places.parliament.quirks = quirks
    assert "2008-06-29" in days(here.list_documents("theyworkforyou"))
    assert done.exit_code == 1
    assert {(source, name.split("/")[3]) for source, name in here.gaps()} == {("hansard", "2008-06-29_2008-06-29")}
    assert f"gaps {len(here.gaps())}" in done.stdout
    listed = [row for row in here.census() if row["row"] == "gap"]
    assert len(listed) == len(here.gaps())
    assert {(row["start"], row["reason"]) for row in listed} == {("2008-06-29", "HTTP 500")}
    assert here.scrape().exit_code == 0  # asked again, though it was long ago: it failed
    assert here.gaps() == []


def test_an_unreachable_source_is_a_gap_and_the_others_continue(walk):
    here = walk()
    here.places["hansard"] = "http://127.0.0.1:9"
    done = here.scrape("--sweep")
    assert done.exit_code == 75
    assert "error: hansard: no more is asked of http://127.0.0.1:9" in done.stderr
    assert here.gaps() == [("hansard", "(the whole source)")]
    assert days(here.list_documents("theyworkforyou")) >= {"2009-03-08"}


# --- TheyWorkForYou's API


def everything(folder: Path) -> bytes:
    """The bytes of every file in a folder, and of every body in the archive."""
    conn = sqlite3.connect(folder / "archive.db")
    bodies = [body for (body,) in conn.execute("SELECT body FROM bodies")]
    return b"".join([*(path.read_bytes() for path in folder.iterdir()), *map(zlib.decompress, bodies)])


def test_a_page_of_the_api_is_an_edition_of_the_same_gid(walk):
    here = walk()
    done = here.scrape(key=KEY)
    assert done.exit_code == 0
    assert "2008-06-29" in days(here.list_documents("theyworkforyou"))  # the API names it, and Parliament does not
    found = here.rows("SELECT speech_id, source_gid, evidence FROM wordings WHERE source = 'theyworkforyou_api'")
    gids = dict(here.rows("SELECT id, gid FROM speeches"))
    assert len(found) > 20
    assert all(gids[id] == gid for id, gid, _ in found)
    assert {evidence.split()[1] for *_, evidence in found} == {"same"}


def test_the_key_is_not_stored_anywhere(walk):
    here = walk()
    said = [here.scrape("--json", key=KEY), here.scrape(key=KEY), here.call("runs", "--json", key=KEY)]
    assert here.list_documents("theyworkforyou_api")
    assert not any(KEY in each.output for each in said)
    assert KEY.encode() not in everything(here.folder)


def test_an_invalid_key_is_reported_but_not_printed_and_the_others_continue(walk):
    here = walk()
    done = here.scrape(key="wrong-key-of-mine")
    assert done.exit_code == 2
    assert "error: TheyWorkForYou's API says: Invalid API key." in done.stderr
    assert "wrong-key-of-mine" not in done.output
    assert b"wrong-key-of-mine" not in everything(here.folder)
    assert here.gaps() == [("theyworkforyou_api", "(the whole source)")]
    assert len(here.list_documents("theyworkforyou")) == 5


def test_a_missing_key_is_reported_in_one_sentence(walk, places):
    done = walk().scrape()
    assert done.stderr == "theyworkforyou_api was not asked: it needs a key, in TWFY_API_KEY\n"
    assert places.site.asked == []


# --- Parliament's old pages


def test_pages_of_a_given_debate_add_both_numbers_and_the_first_wording(walk, places):
    here = walk()
    here.scrape()
    done = here.scrape("--source", "publications", "--debate", DEBATE)
    assert done.exit_code == 0
    assert sorted({path[-8:-4] for path in places.pages.asked}) == ["0001", "0002"]  # and the next page
    said = here.rows(
        "SELECT turn_id, paragraph_id, hansard_address FROM speeches WHERE debate_id = ? AND kind <> 'procedural'",
        DEBATE,
    )
    assert len(said) == 7
    for turn, paragraph, address in said:
        assert turn.startswith("080622")
        assert paragraph.startswith("080622")
        assert turn != paragraph
        assert address.endswith(f"#contribution-{paragraph}")
    pages = here.rows(
        "SELECT evidence FROM wordings w JOIN speeches s ON s.id = w.speech_id WHERE debate_id = ?"
        " AND w.source = 'publications'",
        DEBATE,
    )
    assert len(pages) == 7
    assert all(why.startswith("the same number of the turn") for (why,) in pages)


def test_without_a_given_debate_pages_of_all_debates_with_a_mention_are_requested(walk, places):
    here = walk()
    here.scrape("--source", "theyworkforyou", "--sweep")
    here.scrape("--source", "publications")
    assert len(places.pages.asked) == len(set(places.pages.asked)) > 5
    assert here.rows(
        "SELECT DISTINCT d.kind FROM debates d JOIN speeches s ON s.debate_id = d.id WHERE paragraph_id > ''"
    )


def test_a_refusal_stops_the_requests_for_pages(walk, places):
    here = walk()
    here.scrape()
    places.pages.refusing = True
    before = here.read_lasting_rows()
    done = here.scrape("--source", "publications")
    assert done.exit_code == 75
    assert len(places.pages.asked) == 1
    assert here.list_documents("publications") == []
    assert ("publications", "(the whole source)") in here.gaps()
    assert here.read_lasting_rows() == before
    places.pages.refusing = False
    assert here.scrape("--source", "publications").exit_code == 0
    assert [gap for gap in here.gaps() if gap[1] == "(the whole source)"] == []


# --- one row a speech, whoever tells it and in whatever order


def test_a_debate_of_parliament_alone_later_redirects_to_that_of_the_xml(walk):
    here = walk()
    here.scrape("--source", "hansard")
    before = here.rows(
        "SELECT id, gid, hansard_address FROM debates UNION ALL SELECT id, gid, hansard_address FROM speeches"
    )
    assert {id[0] for id, *_ in before} == {"k"}
    here.scrape("--source", "theyworkforyou", "--sweep")
    conn = sqlite3.connect(here.folder / "statements.db")
    alone = {"2008-07-06", "2008-11-09"}  # days of which there is no XML
    for id, gid, address in before:
        for reference in (id, gid, address):
            [found] = find_references(conn, reference)
            assert ((found.speech_id or found.debate_id)[0] == "k") == (gid[22:32] in alone), reference
    conn.close()


def test_a_speech_of_only_one_source_is_put_in_its_place(walk, tmp_path, places):
    [debate] = [each for each in places.parliament.debates if each["Overview"]["ExtId"] == "08062294000006"]
    kept, words = debate["Items"], "<p>Will the ferrymen be asked as well, before the swans come back to the river?</p>"
    alone = {**kept[3], "ItemId": 1, "ExternalId": "08062294009999", "MemberId": 90003, "Value": words}
    debate["Items"] = [*kept[:4], {**alone, "AttributedTo": "A. N. Other (Larrow) (Ind)"}, *kept[4:]]
    here = walk()
    try:
        here.scrape()
    finally:
        debate["Items"] = kept
    found = here.rows("SELECT id, source FROM speeches WHERE debate_id = ? ORDER BY position", DEBATE)
    [place] = [n for n, (_, source) in enumerate(found) if source == "hansard"]
    assert found[place][0] == "k-2008-06-22-08062294009999"
    assert [id for id, source in found if source != "hansard"] == sorted(id for id, _ in found if id[0] == "d")
    assert 0 < place < len(found) - 1


ORDERS = (
    (("theyworkforyou", "--sweep"), ("hansard",), ("theyworkforyou_api",), ("people",), ("publications",)),
    (("people",), ("hansard",), ("theyworkforyou_api",), ("publications",), ("theyworkforyou", "--sweep")),
    (("theyworkforyou_api",), ("theyworkforyou", "--sweep"), ("publications",), ("people",), ("hansard",)),
)


def test_sources_in_any_order_and_after_a_reload_give_the_same_rows(walk):
    found = []
    for number, order in enumerate(ORDERS[: scale(2, 3)]):
        here = walk(f"db{number}")
        for source, *others in order:
            done = here.scrape("--source", source, *others, key=KEY)
            assert done.exit_code == bool(here.gaps()), done.output  # pages that Parliament no longer has
        here.scrape("--source", "publications")  # whose pages are known of when the XML is there
        assert is_intact(here.folder / "statements.db")
        found.append(here.read_lasting_rows())
        for path in here.folder.glob("statements.db*"):
            path.unlink()
        here.call("load")
        assert here.read_lasting_rows() == found[-1]
    for table, rows in found[0].items():
        assert [each[table] == rows for each in found] == [True] * len(found), table


# --- the census


def test_the_census_lists_the_sources_of_each_mention(walk):
    here = walk()
    here.scrape("--sweep", key=KEY)
    here.scrape("--source", "publications")
    found = [row for row in here.census() if row["row"] == "mention"]
    named = here.rows("SELECT DISTINCT coalesce(speech_id, debate_id) FROM mentions")
    assert {row["speech_id"] or row["debate_id"] for row in found} == {id for (id,) in named}
    named_in = {(id, source) for id, source in here.rows("SELECT DISTINCT speech_id, source FROM editions")}
    for row in found:
        assert "yes" in row["sources"].values()
        for source, has in row["sources"].items():
            assert bool(has) == ((row["speech_id"], source) in named_in) or not row["speech_id"]
    alone = {row["date"] for row in found if [s for s, has in row["sources"].items() if has] == ["hansard"]}
    assert alone == {"2008-07-06", "2008-11-09"}
    everybody = [row for row in found if all(row["sources"].values())]
    assert {row["date"] for row in everybody} == {"2008-06-22"}
    lines = here.call("census").stdout.splitlines()
    assert len([line for line in lines if not line.startswith("gap: ")]) == len(found)
    assert len(lines) - len(found) == len(here.gaps())


def test_a_mention_in_only_one_edition_belongs_to_that_source(walk, places):
    [debate] = [each for each in places.parliament.debates if each["Overview"]["ExtId"] == "08062294000010"]
    kept, old, new = debate["Items"], "I support the amendment.", "I support the power of information review."
    debate["Items"] = [{**item, "Value": item["Value"].replace(old, new, 1)} for item in kept]
    here = walk()
    try:
        here.scrape()
    finally:
        debate["Items"] = kept
    [(id,)] = here.rows("SELECT speech_id FROM wordings WHERE text LIKE ?", f"{new}%")
    assert here.rows("SELECT count(*) FROM mentions WHERE speech_id = ?", id) == [(0,)]  # the best wording is another
    rows = {row["speech_id"]: row["sources"] for row in here.census() if row["row"] == "mention"}
    assert {"theyworkforyou": "other words", "hansard": "yes"}.items() <= rows[id].items()
