"""Written answers since 2014, corrected in a later day's file: one speech, its newest words, and the older kept."""

from itertools import permutations
from pathlib import Path

import pytest

from tests.support.scrapes import ScrapeFolder, is_intact

TOPICS = """
[[topic]]
id = "lists"
from = "2014-01-01"
to = "2030-12-31"
phrases.lists = ["public lists"]
"""
FIRST, LATER, LAST = "2015-02-15", "2015-02-22", "2015-03-01"  # Sundays, on which the House did not sit
GID = "uk.org.publicwhip/wrans/2015-02-08.991001"  # of the day on which it was tabled
SPEECH = "w-2015-02-08-991001-r0"
ANSWER = '<p>The public lists are kept in <a href="https://example.org/lists" target="_blank">one place</a>.</p>'
TABLE = (
    '<p style="margin: 0">The public lists are these:</p><table class="wide"><tbody><tr><td rowspan="1">Hedges</td>'
    "<td>12</td></tr></tbody></table><ul><li>and the ferries</li></ul>"
)
MENDED = "The public lists are kept in two places, and I am sorry that I said one."


def answers(*bodies: str, uin: str = "991001", department: str = "Hedges & Ferries") -> str:
    """A file in the format of those years, fictional; the department's ampersand is unescaped, as upstream has it."""
    gid = GID.replace("991001", uin)
    found = "".join(
        f"""<minor-heading id="{gid}.h">Public Lists</minor-heading>
<ques id="{gid}.q0" person_id="uk.org.publicwhip/person/990003" speakername="A. Specimen"
 url="https://www.parliament.uk/{uin}"><p qnum="{uin}">To ask the Minister, where the public lists are kept.</p></ques>
<reply id="{gid}.r0" person_id="uk.org.publicwhip/person/990002" speakername="Dorothea Quillfeather">{body}</reply>
"""
        for body in bodies
    )
    head = f'<major-heading id="{gid}.mh">{department}</major-heading>'
    return f"<publicwhip><!-- a fictional specimen -->\n{head}\n{found}</publicwhip>\n"


@pytest.fixture
def walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScrapeFolder:
    """A walk over a folder of such files, with nothing in it yet."""
    (tmp_path / "parldata/scrapedxml/wrans").mkdir(parents=True)
    (tmp_path / "topics.toml").write_text(TOPICS)
    return ScrapeFolder(tmp_path / "db", {"parldata": (tmp_path / "parldata").as_uri()}, monkeypatch)


def scrape_files(walk: ScrapeFolder, **files: str) -> None:
    """Files come, all in one run; their names are those of FIRST, LATER and LAST."""
    folder = walk.folder.parent
    for name, text in files.items():
        date = {"first": FIRST, "later": LATER, "last": LAST}[name]
        (folder / f"parldata/scrapedxml/wrans/answers{date}.xml").write_text(text, encoding="utf-8")
    done = walk.scrape("--source", "theyworkforyou", "--topics", folder / "topics.toml")
    assert done.exit_code == 0, done.output


def speech(walk: ScrapeFolder) -> tuple[str, str, str]:
    """The date of the speech's debate, its file, and its words."""
    [row] = walk.rows(
        "SELECT d.date, d.file, s.text FROM speeches s JOIN debates d ON d.id = debate_id WHERE s.id = ?", SPEECH
    )
    return row


def list_older_wordings(walk: ScrapeFolder) -> list[str]:
    return [text for (text,) in walk.rows("SELECT text FROM wordings WHERE speech_id = ? ORDER BY text", SPEECH)]


def load_again(walk: ScrapeFolder) -> None:
    """Delete statements.db and work it out again."""
    for path in walk.folder.glob("statements.db*"):
        path.unlink()
    assert walk.call("load", "--topics", walk.folder.parent / "topics.toml").exit_code == 0


def test_parliament_s_own_html_is_read_as_paragraphs_tables_lists_and_links(walk):
    scrape_files(walk, first=answers(TABLE))
    assert speech(walk)[2] == "The public lists are these:\n\nHedges\t12\n\nand the ferries"
    assert walk.rows("SELECT section FROM debates") == [("Hedges & Ferries",)]


def test_a_corrected_answer_stays_with_its_first_day_and_has_its_newest_words(walk):
    scrape_files(walk, first=answers(ANSWER), later=answers(MENDED))
    assert speech(walk)[0] == FIRST
    assert speech(walk)[2] == MENDED
    assert list_older_wordings(walk) == ["The public lists are kept in one place."]
    assert walk.rows("SELECT count(*) FROM debates") == [(1,)]
    assert is_intact(walk.folder / "statements.db")


def test_a_gid_repeated_in_one_file_is_one_speech_and_an_older_wording(walk):
    scrape_files(walk, first=answers(ANSWER, MENDED))
    assert speech(walk)[2] == MENDED
    assert list_older_wordings(walk) == ["The public lists are kept in one place."]


@pytest.mark.parametrize("order", list(permutations(("first", "later", "last"))))
def test_rows_are_the_same_in_any_order_of_arrival_and_after_a_reload(walk, order):
    files = {"first": answers(ANSWER), "later": answers(TABLE), "last": answers(MENDED)}
    for name in order:
        scrape_files(walk, **{name: files[name]})
    assert speech(walk)[::2] == (FIRST, MENDED)
    assert len(list_older_wordings(walk)) == 2
    there = "substr(s.text, m.start + 1, m.end - m.start) = m.exact"
    mentions = f"SELECT count(*) FROM mentions m JOIN speeches s ON s.id = m.speech_id AND {there}"
    assert walk.rows(mentions) == walk.rows("SELECT count(*) FROM mentions WHERE speech_id IS NOT NULL")
    assert walk.rows("SELECT count(*) FROM speeches_fts WHERE speeches_fts MATCH 'sorry'") == [(1,)]
    assert is_intact(walk.folder / "statements.db")
    before = walk.read_lasting_rows()
    load_again(walk)
    assert walk.read_lasting_rows() == before


def test_a_later_day_keeps_its_own_answers(walk):
    own = answers(ANSWER, uin="991002").replace("<publicwhip>", "").replace("</publicwhip>", "")
    scrape_files(walk, first=answers(ANSWER), later=answers(MENDED).replace("</publicwhip>", f"{own}</publicwhip>"))
    assert walk.rows("SELECT id, date FROM debates ORDER BY 2") == [
        ("w-2015-02-08-991001-h", FIRST),
        ("w-2015-02-08-991002-h", LATER),
    ]


def test_a_corrected_correction_changes_the_first_day_again(walk):
    scrape_files(walk, first=answers(ANSWER), later=answers(TABLE))
    scrape_files(walk, later=answers(MENDED))
    assert speech(walk)[::2] == (FIRST, MENDED)
    assert len(list_older_wordings(walk)) == 2
    assert is_intact(walk.folder / "statements.db")
