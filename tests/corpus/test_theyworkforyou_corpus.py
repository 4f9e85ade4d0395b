"""The real corpus: what must come out of it, and that nothing said in it is lost, doubled or changed."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from db.archive.responses import open_archive, store_response
from db.gid import make_short_id
from db.references import find_references
from scrapers.load.assemble_day import assemble_day
from scrapers.scope.kinds import parse_document_name
from scrapers.sources.theyworkforyou import parse
from tests.support.databases import open_new_store, response, save

PREFIX = "uk.org.publicwhip/"
PARTED = {"p", "table", "tr", "td", "th", "li", "ul", "ol", "br", "div", "blockquote"}  # words do not run over these
SAID = ("speech", "ques", "reply")
Unit = tuple[str, str]
Roots = dict[Unit, dict[str, ElementTree.Element]]


@pytest.fixture(scope="module")
def roots(corpus: Path) -> Roots:
    """Every file as the standard library reads it, by day and letter."""
    found: Roots = {}
    for path in sorted(corpus.glob("parldata/scrapedxml/*/*.xml")):
        day = parse_document_name(path.relative_to(corpus / "parldata").as_posix())
        assert day
        found.setdefault(day, {})[re.findall(r"\d([a-z]*)\.xml", path.name)[0]] = ElementTree.fromstring(
            path.read_bytes()
        )
    return found


def get_current_root(files: dict[str, ElementTree.Element]) -> ElementTree.Element:
    return files[max(files, key=lambda letter: (len(letter), letter))]


def old_gids(files: dict[str, ElementTree.Element]) -> set[str]:
    return {redirect.attrib["oldgid"] for root in files.values() for redirect in root.iter("gidredirect")}


def current(files: dict[str, ElementTree.Element]) -> list[ElementTree.Element]:
    """The items of a day that its site shows: those of the last letter that no file redirects."""
    gone = old_gids(files)
    return [item for item in get_current_root(files) if "id" in item.attrib and item.attrib["id"] not in gone]


def words_in(item: ElementTree.Element) -> list[str]:
    """The words of an item, found another way than the program's: every text node, parted where a block or break is."""
    return "".join(split_paragraphs(item)).split()


def split_paragraphs(element: ElementTree.Element) -> Iterator[str]:
    yield "^" if element.tag == "sup" and (element.text or "").isdigit() else ""  # a raised figure, as of a footnote
    yield element.text or ""
    for child in element:
        space = " " if child.tag in PARTED else ""
        yield from (space, *split_paragraphs(child), space, child.tail or "")


def ids(conn, reference: str) -> list[str]:
    return [found.speech_id or found.debate_id for found in find_references(conn, reference)]


def mentioned(conn, date: str, kind: str) -> list[tuple[str, str]]:
    query = (
        "SELECT coalesce(m.speech_id, m.debate_id), m.exact FROM mentions m LEFT JOIN speeches s ON s.id = m.speech_id"
        " JOIN debates d ON d.id = coalesce(m.debate_id, s.debate_id) WHERE d.date = ? AND d.kind = ? ORDER BY m.id"
    )
    return conn.execute(query, (date, kind)).fetchall()


# --- nothing lost, doubled or changed


def test_every_file_parses_from_its_bytes(corpus_units, corpus):
    assert sum(map(len, corpus_units.values())) == len(list(corpus.glob("parldata/scrapedxml/*/*.xml"))) == 34


def test_no_day_has_a_problem(corpus_units):
    assert [problem for day, files in corpus_units.items() for problem in assemble_day(*day, files)[1]] == []


def test_every_speech_is_loaded_once_in_the_order_of_the_file(corpus_db, roots):
    for (kind, date), files in roots.items():
        query = (
            "SELECT s.gid FROM speeches s JOIN debates d ON d.id = s.debate_id"
            " WHERE d.kind = ? AND d.date = ? ORDER BY s.rowid"
        )
        expected = [item.attrib["id"] for item in current(files) if item.tag in (*SAID, "division")]
        assert [gid for (gid,) in corpus_db.execute(query, (kind, date))] == expected


def test_every_speech_has_exactly_the_words_of_its_file(corpus_db, roots):
    said = dict(corpus_db.execute("SELECT gid, text FROM speeches WHERE kind <> 'division'"))
    items = [item for files in roots.values() for item in current(files) if item.tag in SAID]
    assert len(items) == len(said) > 4000
    assert [item.attrib["id"] for item in items if words_in(item) != said[item.attrib["id"]].split()] == []


def test_plain_texts_have_no_stray_white_space(corpus_db):
    texts = [text for (text,) in corpus_db.execute("SELECT text FROM speeches")]
    assert [text for text in texts if re.search(r"  |\n\n\n|[^\S\n\t ]| \n|\n |^\n|\n$|^ | $", text)] == []


def test_every_heading_is_a_debate_or_leads_to_one(corpus_db, roots):
    headings = [i.attrib["id"] for files in roots.values() for i in current(files) if i.tag.endswith("-heading")]
    assert len(headings) > 900
    assert [gid for gid in headings if not ids(corpus_db, gid)] == []


def test_every_redirect_of_every_file_leads_to_one_row(corpus_db, roots):
    old = set().union(*map(old_gids, roots.values()))
    assert len(old) > 5000
    assert [gid for gid in old if len(find_references(corpus_db, gid)) != 1] == []


def test_no_gid_of_an_older_letter_is_loaded(corpus_db, roots):
    newest = {
        (kind, date): max(files, key=lambda letter: (len(letter), letter)) for (kind, date), files in roots.items()
    }
    rows = corpus_db.execute(
        "SELECT d.kind, d.date, s.gid FROM speeches s JOIN debates d ON d.id = s.debate_id"
    ).fetchall()
    rows += corpus_db.execute("SELECT kind, date, gid FROM debates").fetchall()
    assert [gid for kind, date, gid in rows if f"/{date}{newest[kind, date]}." not in gid] == []


def test_every_division_has_every_vote(corpus_db, roots):
    divisions = [item for files in roots.values() for item in current(files) if item.tag == "division"]
    voters = {item.attrib["id"]: sum(1 for node in item.iter() if node.tag in ("mpname", "lord")) for item in divisions}
    rows = corpus_db.execute(
        "SELECT s.gid, count(v.id) FROM divisions d JOIN speeches s ON s.id = d.speech_id"
        " LEFT JOIN votes v ON v.division_id = d.speech_id GROUP BY 1"
    )
    assert dict(rows.fetchall()) == voters
    assert len(voters) > 1


def test_ids_are_unique_and_parse_back(corpus_db):
    gids = [gid for (gid,) in corpus_db.execute("SELECT gid FROM debates UNION ALL SELECT gid FROM speeches")]
    assert max(Counter(map(make_short_id, gids)).values()) == 1


def test_the_corpus_is_stored_in_a_quarter_of_its_size(corpus, tmp_path):
    archive = open_archive(tmp_path / "archive.db")
    for path in corpus.glob("parldata/scrapedxml/*/*.xml"):
        store_response(archive, response(path.name, path.read_bytes()))
    raw, stored = archive.execute("SELECT sum(size), sum(length(body)) FROM bodies").fetchone()
    assert stored < raw / 4


# --- the acceptance list


def test_the_day_of_the_origin_post_has_exactly_two_mentions(corpus_db):
    assert mentioned(corpus_db, "2008-06-18", "debates") == [
        ("d-2008-06-18d-929-6", "power of information taskforce"),
        ("d-2008-06-18d-930-7", "power of information taskforce"),
    ]
    debates = corpus_db.execute(
        "SELECT DISTINCT d.title, d.section, d.citation FROM mentions m JOIN speeches s ON s.id = m.speech_id"
        " JOIN debates d ON d.id = s.debate_id WHERE d.date = '2008-06-18'"
    )
    assert debates.fetchall() == [
        (
            "Civil Servants (Social Networks)",
            "Oral Answers to Questions — Duchy of Lancaster",
            "HC Deb 18 June 2008 c929",
        )
    ]


@pytest.mark.parametrize(
    ("words", "date"),
    [("social exclusion task force", "2008-06-18"), ("the power of information gathering", "2009-10-28")],
)
def test_a_near_miss_is_spoken_but_is_not_a_mention(corpus_db, words, date):
    [(id,)] = corpus_db.execute(
        "SELECT id FROM speeches WHERE date = ? AND lower(text) LIKE ?", (date, f"%{words}%")
    ).fetchall()
    assert corpus_db.execute("SELECT count(*) FROM mentions WHERE speech_id = ?", (id,)).fetchone() == (0,)


def test_the_near_miss_of_the_origin_day_is_in_its_known_place(corpus_db):
    [(text,)] = corpus_db.execute("SELECT text FROM speeches WHERE id = 'd-2008-06-18d-931-3'").fetchall()
    assert "social exclusion task force" in text.lower()


def test_one_written_answer_of_29_october_has_three_mentions(corpus_db):
    found = Counter(id for id, _ in mentioned(corpus_db, "2009-10-29", "wrans"))
    assert found.total() == 3
    assert set(found) <= {"w-2009-10-29a-292790-h", "w-2009-10-29a-292790-q0", "w-2009-10-29a-292790-r0"}
    rows = corpus_db.execute("SELECT kind, question_number FROM speeches WHERE debate_id = 'w-2009-10-29a-292790-h'")
    assert rows.fetchall() == [("question", "292790"), ("answer", None)]


def test_no_other_day_of_the_corpus_has_a_mention(corpus_db):
    assert corpus_db.execute("SELECT count(*) FROM mentions").fetchone() == (5,)


@pytest.mark.parametrize(("kind", "letter", "old"), [("debates", "a", "2009-10-26a."), ("wrans", "e", "2009-10-26e.")])
def test_a_superseded_file_alone_gives_only_redirects(corpus_units, tmp_path, kind, letter, old):
    [file] = [document for document in corpus_units[kind, "2009-10-26"] if document.letter == letter]
    conn = open_new_store(tmp_path / "statements.db")
    day, problems = assemble_day(kind, "2009-10-26", [file])
    save(conn, day)
    assert (day.debates, problems) == ((), [])
    redirects = conn.execute("SELECT old_gid, gid FROM redirects").fetchall()
    assert len(redirects) > 500
    assert [gid for _, gid in redirects if old in gid] == []


def test_two_files_of_26_october_give_the_debates_of_the_second_once(corpus_units, corpus_db):
    [_, b] = corpus_units["debates", "2009-10-26"]
    day, _ = assemble_day("debates", "2009-10-26", corpus_units["debates", "2009-10-26"])
    items = Counter(type(item).__name__ for debate in day.debates for _, item in debate.speeches)
    assert items == {"Speech": 471, "Division": 1}
    assert Counter(item.level for item in b.items if hasattr(item, "level")) == {1: 1, 2: 10, 3: 36}
    assert len(day.debates) + sum(redirect.matchtype == "heading" for redirect in day.redirects) == 47
    assert {item.gid[len(f"{PREFIX}debate/2009-10-26")] for debate in day.debates for _, item in debate.speeches} == {
        "b"
    }


def test_six_files_of_written_answers_give_the_debates_of_the_last_once(corpus_units):
    *_, f = corpus_units["wrans", "2009-10-26"]
    day, _ = assemble_day("wrans", "2009-10-26", corpus_units["wrans", "2009-10-26"])
    items = [item for debate in day.debates for _, item in debate.speeches]
    assert Counter(item.kind for item in items) == {"question": 461, "answer": 459}
    assert Counter(item.level for item in f.items if hasattr(item, "level")) == {2: 23, 3: 459}
    assert {item.gid[len(f"{PREFIX}wrans/2009-10-26")] for item in items} == {"f"}


def test_a_gid_of_the_first_of_six_files_leads_to_the_last(corpus_db, roots):
    old = {r.attrib["oldgid"] for r in roots["wrans", "2009-10-26"]["a"].iter("gidredirect")}
    assert len(old) > 100
    assert {find_references(corpus_db, gid)[0].gid.rpartition("/")[2][:11] for gid in old} == {"2009-10-26f"}


@pytest.mark.parametrize("character", ["Siân", "£", "é", "€", "–", "—", "’"])
def test_characters_survive_into_the_database(corpus_db, character):
    said = "SELECT 1 FROM speeches WHERE instr(text, ?1) UNION SELECT 1 FROM votes WHERE instr(name, ?1)"
    assert corpus_db.execute(said, (character,)).fetchall() == [(1,)]


def test_no_character_is_a_control_character_or_a_replacement(corpus_db):
    texts = [text for (text,) in corpus_db.execute("SELECT text FROM speeches")]
    assert [text for text in texts if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd]", text)] == []


def test_times_are_complete_or_missing(corpus_db):
    times = [time for (time,) in corpus_db.execute("SELECT time FROM speeches UNION SELECT time FROM debates")]
    assert None in times
    assert "14:30:00" in times
    assert [time for time in times if time and not re.fullmatch(r"\d\d:\d\d:\d\d", time)] == []


def test_a_modern_day_has_persons_and_no_official_address(corpus_db, corpus):
    body = (corpus / "parldata/scrapedxml/debates/debates2023-03-28d.xml").read_bytes()
    rows = corpus_db.execute(
        "SELECT person_id, member_id, hansard_url FROM speeches WHERE date = '2023-03-28'"
    ).fetchall()
    assert parse(response("scrapedxml/debates/debates2023-03-28d.xml", body)).latest
    assert b"scraperversion" in body
    assert sum(person is not None for person, _, _ in rows) > 400
    assert {(member, url) for _, member, url in rows} == {(None, None)}


def test_every_printed_address_resolves_to_its_row(corpus_db):
    rows = corpus_db.execute("SELECT id, gid, url FROM speeches UNION ALL SELECT id, gid, url FROM debates").fetchall()
    assert [(id, url) for id, gid, url in rows if ids(corpus_db, url) != [id] or ids(corpus_db, gid) != [id]] == []


def test_every_debate_has_a_title_and_a_citation(corpus_db):
    bare = "SELECT id FROM debates WHERE title = '' OR citation NOT GLOB 'H[CL] Deb *'"
    assert corpus_db.execute(bare).fetchall() == []


def test_no_title_is_in_capitals(corpus_db):
    titles = [title for (title,) in corpus_db.execute("SELECT title FROM debates")]
    assert [title for title in titles if title.isupper() and len(title) > 4] == []
