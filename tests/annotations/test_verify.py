"""Quotations against the record: the verdicts, and every difference by its kind."""

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotations.__main__ import cli
from annotations.text.quote_diff import classify_differences
from annotations.text.sentences import find_sentences
from annotations.verification.verdict import make_text_fragment
from annotations.verification.verify import verify_quotation
from db.records.source import Unavailable
from db.statements.store import compute_first_rowid
from tests.support.databases import SOURCE

SPEECHES = {
    "a": (
        "Ada Ash",
        "2008-06-18",
        "The scheme has 450 officers — and it’s growing. We shall organise the service in every county.",
    ),
    "b": (
        "Ben Oak",
        "2008-06-18",
        "Does the Minister accept that the scheme has failed, and that the people of Ashford know it?",
    ),
    "c": (
        "Ada Ash",
        "2008-06-19",
        "I tell the hon. Gentleman that the figures will be published in spring, and judged by this House.",
    ),
    "d": (
        "Cy Elm",
        "2008-06-19",
        "Nobody asked the fishermen, and nobody will.\n\nI am grateful to the Minister. It is plain to see.",
    ),
    "f": (
        "Cy Elm",
        "2008-06-20",
        "The lantern fund grew, as it was told (Official Report, 18 May 2008; col. 12).",
    ),
    "e": ("Ada Ash", "2008-06-20", "I am grateful to the Minister. That is my last word on the matter of the lamps."),
}


@pytest.fixture
def post(corpus: Path) -> list[str]:
    """Return the three quotations of the post of 18 June 2008."""
    lines = (corpus.parent / "origin.txt").read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("Our next challenge"))
    return lines[first : first + 3]


def insert(conn: sqlite3.Connection, table: str, **values: object) -> None:
    columns = ", ".join(values)
    conn.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))


@pytest.fixture
def record(empty: sqlite3.Connection) -> sqlite3.Connection:
    """Return a database with five short fictional speeches."""
    for id, (speaker, date, text) in SPEECHES.items():
        rowid = compute_first_rowid("debates", date) + ord(id)
        debate, told = f"d{id}", {"response_id": 1, "received": "r", "source": SOURCE["id"]}
        common = {"house": "commons", "date": date, "position": 1, "words": 9, "citation": f"HC Deb {id}", **told}
        heading = dict.fromkeys(("title", "heading", "section", "file", "sha256"), "x")
        insert(empty, "debates", id=debate, gid=debate, kind="debates", speeches=1, **heading, **common)
        said = {"speaker": speaker, "text": text, "url": f"https://example.org/#{id}", "damage": "", "edition": "a"}
        said |= {"since": "r", "since_edition": "a", "since_response_id": 1}
        insert(empty, "speeches", rowid=rowid, id=id, gid=id, debate_id=debate, kind="speech", **said, **common)
    empty.execute("INSERT INTO speeches_fts (speeches_fts) VALUES ('rebuild')")
    return empty


def kinds(conn: sqlite3.Connection, quotation: str, **named: str) -> tuple[str, list[str]]:
    verdict = verify_quotation(conn, quotation, **named)
    return verdict.answer, [difference.kind for difference in verdict.differences]


# --- the three quotations of the post of 18 June 2008


def test_the_first_quotation_of_the_post_differs_in_capitals_alone(
    corpus_db: sqlite3.Connection, post: list[str]
) -> None:
    verdict = verify_quotation(corpus_db, post[0], "Tom Watson", "2008-06-18")
    assert verdict.sentence == "Verbatim but for the capitals: Tom Watson, HC Deb 18 June 2008 c929."
    assert verdict.answer == "altered"
    names = ("Power", "Information", "Taskforce")
    assert verdict.differences == tuple(("case", name, name.lower(), "surface") for name in names)
    [passage] = verdict.passages
    assert (passage.speech_id, passage.address) == ("d-2008-06-18d-929-6", "/speech/d-2008-06-18d-929-6")
    assert passage.words.lower() == post[0].lower()
    words = "Our%20next%20challenge%20for%20the,engage%20with%20online%20social%20networks."
    assert passage.fragment == f"{passage.url}:~:text={words}"
    assert passage.hansard_url.startswith("http://www.publications.parliament.uk/")


def test_the_second_quotation_of_the_post_differs_in_dashes_alone(
    corpus_db: sqlite3.Connection, post: list[str]
) -> None:
    verdict = verify_quotation(corpus_db, f"“{post[1]}”")
    assert (verdict.answer, verdict.differences, verdict.typography) == ("typography", (), ("the dashes",))
    assert verdict.sentence == "Verbatim but for the dashes: Tom Watson, HC Deb 18 June 2008 c930."


def test_the_opening_of_the_third_quotation_of_the_post_is_cut(corpus_db: sqlite3.Connection, post: list[str]) -> None:
    verdict = verify_quotation(corpus_db, post[2])
    assert verdict.sentence == "Verbatim but for its opening, which is cut: Tom Watson, HC Deb 18 June 2008 c930."
    assert verdict.differences == (("cut", "The", "Let me assure the hon. Lady that the", "surface"),)
    assert kinds(corpus_db, f"… t{post[2][1:]}") == kinds(corpus_db, f"[T]{post[2][1:]}") == ("verbatim", [])


# --- verdicts and differences


@pytest.mark.parametrize(
    ("quotation", "answer", "found"),
    [
        ("the scheme has failed, and that the people of Ashford know it", "verbatim", []),
        ("We shall organise the service in every county.", "verbatim", []),
        ("The scheme has 450 officers - and it's growing", "typography", []),
        ("asked the “fishermen”", "typography", []),
        ("nobody will. I am grateful to the Minister. It is plain", "verbatim", []),
        ("the figures … judged by this House", "altered", ["omitted"]),
        ("the figures will be [released] in spring, and judged", "altered", ["replaced"]),
        ("accept that the scheme [sic] has failed, and", "verbatim", []),
        ("The scheme has 540 officers — and it’s growing", "altered", ["number"]),
        ("We shall organize the service in every county", "altered", ["spelling"]),
        ("We shall organise the SERVICE in every county", "altered", ["case"]),
        ("We shall organise the service in every parish", "altered", ["word"]),
        ("We shall organise the whole service in every county", "altered", ["added"]),
        ("accept that the scheme failed, and that the people", "altered", ["cut"]),
        ("accept that the scheme has failed and that the people", "altered", ["punctuation"]),
        ("accept that the scheme failed has, and that the people", "altered", ["order"]),
        ("The figures will be published in spring.", "altered", ["cut", "cut"]),
        (
            "We shall organise the service in every county. Nobody asked the fishermen, and nobody will.",
            "altered",
            ["joined"],
        ),
        ("We shall organise the service in every county … that the scheme has failed", "altered", ["joined"]),
        ("We shall organise the service in every county. The lamps will burn for ever more.", "altered", ["added"]),
        ("The owls have all flown home to the palace", "not found", []),
    ],
)
def test_every_difference_has_its_kind(
    record: sqlite3.Connection, quotation: str, answer: str, found: list[str]
) -> None:
    assert kinds(record, quotation) == (answer, found)


def test_every_sentence_of_the_specimens_is_verbatim(statements: sqlite3.Connection) -> None:
    speeches = statements.execute("SELECT speaker, text FROM speeches WHERE speaker IS NOT NULL").fetchall()
    said = [(who, text[a:b]) for who, text in speeches for a, b in find_sentences(text) if len(text[a:b].split()) > 3]
    assert len(said) > 50
    assert [words for who, words in said if verify_quotation(statements, f"“{words}”", who).answer != "verbatim"] == []


def test_words_of_another_speaker_are_reported_as_such(record: sqlite3.Connection) -> None:
    verdict = verify_quotation(record, "the scheme has failed", "Ada Ash")
    assert (verdict.answer, verdict.sentence) == ("other speaker", "Verbatim, but not by Ada Ash: Ben Oak, HC Deb b.")
    assert verify_quotation(record, "the scheme has failed", "Mr. Oak").answer == "verbatim"


def test_the_named_speaker_is_found_among_many_who_said_it(record: sqlite3.Connection) -> None:
    words = "I am grateful to the Minister"
    assert verify_quotation(record, words).others == 1
    assert [verify_quotation(record, words, name).passages[0].speech_id for name in ("Cy Elm", "Ada Ash")] == ["d", "e"]


def test_only_the_given_day_is_searched_and_another_day_is_named(record: sqlite3.Connection) -> None:
    words = "the figures will be published in spring"
    assert verify_quotation(record, words, date="2008-06-19").answer == "verbatim"
    other = verify_quotation(record, words, date="2008-06-18")
    assert (other.answer, other.passages[0].speech_id) == ("not found", "c")
    assert other.sentence == "Not found on 18 June 2008, but on another day. Verbatim: Ada Ash, HC Deb c."


def test_a_quotation_not_found_has_a_closest_match_only_where_one_is_close(record: sqlite3.Connection) -> None:
    verdict = verify_quotation(record, "I told the lady that our figures might be printed in spring or judged by peers")
    assert (verdict.answer, [passage.speech_id for passage in verdict.passages]) == ("not found", ["c"])
    far = verify_quotation(record, "the people of Ashford never liked lamps, but they burnt them by the score")
    assert (far.answer, far.passages) == ("not found", ())
    assert verdict.sentence.startswith("Not found. Closest match (not the same words): ")
    assert verify_quotation(record, "zyzzyva quux").passages == ()


def test_words_of_an_earlier_edition_are_reported_as_such(record: sqlite3.Connection) -> None:
    record.execute(
        "INSERT INTO wordings (speech_id, source, edition, response_id, received, source_gid, text, score, evidence)"
        " SELECT id, 'theyworkforyou', 'a', 1, '2008-06-19T08:00:00Z', gid, replace(text, '450', '540'), 1, 'same gid'"
        " FROM speeches WHERE id = 'a'"
    )
    earlier = verify_quotation(record, "The scheme has 540 officers — and it’s growing")
    assert earlier.answer == "verbatim"
    assert earlier.edition == "that theyworkforyou gave on 19 June 2008"
    assert "the record has another now" in earlier.sentence
    assert earlier.passages[0].fragment is None  # the page no longer has these words
    others = verify_quotation(record, "The scheme has 540 officers — and it’s growing", "Ben Oak")
    assert (others.answer, others.edition in others.sentence) == ("other speaker", True)
    joined = verify_quotation(record, "The scheme has 540 officers … Nobody asked the fishermen")
    assert [each.kind for each in joined.differences] == ["joined"]
    assert joined.sentence.startswith("Altered: joined from 2 places (1 joint)")  # and not: a negation is put in
    assert earlier.edition in joined.sentence
    assert verify_quotation(record, "The scheme has 450 officers — and it’s growing").edition == ""


@pytest.mark.parametrize("quotation", ["", "  ", "…", "“”", "\0", "a" * 9000, "lamp [x] " * 800])
def test_a_quotation_without_words_or_too_long_is_refused(record: sqlite3.Connection, quotation: str) -> None:
    with pytest.raises(ValueError, match="the quotation has"):
        verify_quotation(record, quotation)


@pytest.mark.parametrize("quotation", ['" OR *', "NEAR(a b)", "scheme\0scheme", "lamps' ; --", "{text} : ^"])
def test_search_syntax_in_a_quotation_has_no_effect(record: sqlite3.Connection, quotation: str) -> None:
    assert verify_quotation(record, f"{quotation} owls").answer == "not found"


def test_differences_distinguish_spelling_from_other_words() -> None:
    assert [
        d.kind for d in classify_differences("labour centre organise Minister", "labor center organize Ministers")
    ] == [*("spelling", "spelling", "spelling", "word")]
    assert classify_differences("twenty-five men", "fifty men") == [("number", "twenty-five", "fifty", "substance")]
    assert classify_differences("white and black", "black and white") == [
        ("order", "white and black", "black and white", "substance")
    ]
    assert classify_differences("hard working men", "hardworking men") == [
        ("spelling", "hard working", "hardworking", "surface")
    ]


def test_a_text_fragment_leads_to_the_words() -> None:
    assert (
        make_text_fragment("https://example.org/d#g2", "a, b-c & d")
        == "https://example.org/d#g2:~:text=a%2C%20b%2Dc%20%26%20d"
    )
    ends = make_text_fragment(
        "https://example.org/d", "one two three four five six\n\nseven eight nine ten eleven twelve"
    )
    assert ends == "https://example.org/d#:~:text=one%20two%20three%20four%20five,eight%20nine%20ten%20eleven%20twelve"


def test_a_speaker_who_is_not_known_is_not_accused(record: sqlite3.Connection, tmp_path: Path) -> None:
    verdict = verify_quotation(record, "the scheme has failed", "Lord Oak of Ashford")
    assert (verdict.answer, verdict.speaker_not_checked) == ("verbatim", "Lord Oak of Ashford")
    assert "Verbatim: Ben Oak, HC Deb b. Attributed to Lord Oak of Ashford: speaker not checked" in verdict.sentence
    status, told = run(tmp_path, "the scheme has failed", "--speaker", "Lord Oak of Ashford")
    assert (status, told.splitlines()[0]) == (1, verdict.sentence)
    data = json.loads(run(tmp_path, "the scheme has failed", "--speaker", "Lord Oak of Ashford", "--json")[1])
    assert data["speaker_not_checked"] == "Lord Oak of Ashford"


def test_the_office_and_the_party_of_a_row_name_its_speaker(record: sqlite3.Connection) -> None:
    record.execute("UPDATE speeches SET office = 'The Prime Minister', party = 'Lab' WHERE speaker = 'Ada Ash'")
    record.execute("UPDATE speeches SET party = 'Con' WHERE speaker = 'Ben Oak'")
    named = ("the Prime Minister", "Labour", "Labour's Ada Ash", "Prime Minister Ash")
    growing = [verify_quotation(record, "The scheme has 450 officers", name) for name in named]
    assert {(each.answer, each.speaker_not_checked) for each in growing} == {("verbatim", "")}
    assert verify_quotation(record, "the scheme has failed", "the PM", "2008-06-18").answer == "other speaker"
    assert verify_quotation(record, "the scheme has failed", "the Home Secretary").speaker_not_checked


def test_all_speeches_of_the_named_speaker_on_the_day_are_looked_at(record: sqlite3.Connection) -> None:
    columns = [name for _, name, *_ in record.execute("PRAGMA table_info(speeches)")]
    for number in range(1, 40):
        changed = {"rowid": f"rowid + {1000 - 20 * number}", "id": f"'x{number}'", "gid": f"'x{number}'"}
        changed |= {"speaker": "'Cy Elm'", "text": "'I am right to say so.'"} if number > 1 else {}
        values = ", ".join(changed.get(name, name) for name in columns)
        record.execute(
            f"INSERT INTO speeches (rowid, {', '.join(columns)})"
            f" SELECT {changed['rowid']}, {values} FROM speeches WHERE id = 'a'"
        )
    record.execute("UPDATE speeches SET text = 'You are right.' WHERE id = 'x1'")
    record.execute("INSERT INTO speeches_fts (speeches_fts) VALUES ('rebuild')")
    for words in ("right", "are right"):
        found = verify_quotation(record, words, "Ada Ash", "2008-06-18")
        assert (found.answer, found.passages[0].speech_id) == ("verbatim", "x1")
        assert verify_quotation(record, words, "Ada Ash").passages[0].speech_id == "x1"


def test_the_speaker_of_an_earlier_edition_is_known_too(record: sqlite3.Connection) -> None:
    record.execute(
        "INSERT INTO wordings (speech_id, source, edition, response_id, received, source_gid, speaker, text, score,"
        " evidence) SELECT id, 'theyworkforyou', 'a', 1, '2008-06-19T08:00:00Z', gid, 'Dot Yew', text, 1, 'same gid'"
        " FROM speeches WHERE id = 'b'"
    )
    earlier = verify_quotation(record, "the scheme has failed", "Dot Yew", "2008-06-18")
    assert (earlier.answer, earlier.passages[0].speaker) == ("verbatim", "Dot Yew")
    assert "gave on 19 June 2008 under the name of Dot Yew, where Ben Oak is named now" in earlier.sentence
    for name in ("Ben Oak", None):
        today = verify_quotation(record, "the scheme has failed", name)
        assert (today.answer, today.passages[0].speaker, today.edition) == ("verbatim", "Ben Oak", "")


# --- the command line


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["verify", *arguments, "--db-dir", str(folder)])
    return done.exit_code, done.output


def test_the_exit_code_depends_on_the_verdict(record: sqlite3.Connection, tmp_path: Path) -> None:
    assert run(tmp_path, "the scheme has failed")[0] == 0
    assert run(tmp_path, "the scheme has 450 officers")[0] == 1
    assert run(tmp_path, "the scheme has failed", "--speaker", "Ada Ash")[0] == 1
    assert run(tmp_path, "the scheme has failed", "--date", "yesterday")[0] == 2
    for nobody in ("", " ", "\u00a0"):
        assert run(tmp_path, "the scheme has failed", "--speaker", nobody)[0] == 2
    assert run(tmp_path, "the scheme has failed", "--speaker", "Ben Oak")[0] == 0
    assert run(tmp_path, "the scheme has failed", "--speaker", "???")[0] == 1
    assert run(tmp_path, "…")[0] == 2


def test_the_text_output_begins_with_the_sentence_and_json_has_everything(
    record: sqlite3.Connection, tmp_path: Path
) -> None:
    _, told = run(tmp_path, "the scheme has 540 officers")
    assert told.splitlines()[0] == "Altered: “540” for “450” (1 capital, 1 number changed): Ada Ash, HC Deb a."
    assert "  number: “540” for “450”" in told
    verdict = json.loads(run(tmp_path, "the scheme has 540 officers", "--json")[1])
    assert verdict["answer"] == "altered"
    assert verdict["differences"][1] == {"kind": "number", "quoted": "540", "said": "450", "grade": "substance"}
    assert verdict["passages"][0]["fragment"].startswith("https://example.org/#a:~:text=The%20scheme")


def test_a_missing_archive_is_reported(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["verify", "words", "--db-dir", str(tmp_path)])
    assert "statements.db does not exist yet" in str(done.exception)
    done = CliRunner().invoke(cli, ["verify", "words", "--db-dir", str(tmp_path / "none")])
    assert isinstance(done.exception, Unavailable)
    assert done.exception.exit_code == 2
    assert [*tmp_path.iterdir()] == []


@pytest.fixture
def corrected_record(record):
    """The record where letter a named Cy Elm as the speaker of "b", and had a speech of Cy Elm's that is withdrawn."""
    values = {"source": SOURCE["id"], "edition": "a", "response_id": 1, "received": "2008-06-19", "evidence": "x"}
    text = SPEECHES["b"][2]
    other = {"source_gid": "g", "speaker": "Cy Elm", "text": text, "score": 1.0, "other_speaker": 1}
    insert(record, "wordings", speech_id="b", **other, **values)
    gone = {"gid": "uk.org.publicwhip/debate/2008-06-18a.1.9", "kind": "debates", "date": "2008-06-18"}
    words = {"speaker": "Cy Elm", "citation": "HC Deb c", "text": "Every reading room in the valley will be closed."}
    insert(record, "withdrawn_speeches", withdrawn="2008-06-30T06:00:00Z", **gone, **words, **values)
    return record


@pytest.mark.parametrize(
    ("quotation", "speaker", "answer"),
    [
        ("Every reading room in the valley will be closed.", None, "withdrawn"),
        ("Every reading room in the valley will be closed.", "Cy Elm", "withdrawn"),
        ("Every reading room in the valley will be closed.", "Ben Oak", "withdrawn"),
        ("Every reading room in the valley will be open.", "Cy Elm", "withdrawn"),
        ("reading room ... in the valley will be closed", "Cy Elm", "withdrawn"),
        ("the people of Ashford know it", "Cy Elm", "verbatim"),
        ("the people of Ashford know it", "Ben Oak", "verbatim"),
        ("the people of Ashford know it", None, "verbatim"),
        ("the people of Ashford know it", "Ada Ash", "other speaker"),
        ("We shall organise the service in every county.", None, "verbatim"),
        ("We shall organise the service in every county.", "Ada Ash", "verbatim"),
        ("Nobody ever heard of any such plan for lighthouses.", "Cy Elm", "not found"),
    ],
)
def test_words_of_a_withdrawn_or_corrected_speech_have_their_answer(corrected_record, quotation, speaker, answer):
    assert verify_quotation(corrected_record, quotation, speaker).answer == answer


def test_a_withdrawn_quotation_names_its_speaker_and_the_date_alone(corrected_record):
    verdict = verify_quotation(corrected_record, "Every reading room in the valley will be closed.", "Ben Oak")
    assert "on 30 June 2008; until then the record named Cy Elm as the speaker" in verdict.sentence
    assert (verdict.passages[0].address, "Ben Oak" in verdict.sentence) == ("/speech/d-2008-06-18a-1-9", False)


def test_the_earlier_speaker_is_told_with_the_one_of_today(corrected_record):
    verdict = verify_quotation(corrected_record, "the people of Ashford know it", "Cy Elm")
    assert "under the name of Cy Elm, where Ben Oak is named now" in verdict.sentence


@pytest.mark.parametrize(
    ("ending", "answer"),
    [
        ("(Official Report, 18 May 2008; col. 12).", "verbatim"),
        ("(Official Report, 8 May 2008; col. 12).", "altered"),
        ("(Hansard, 20 June 2008)", "verbatim"),
        ("(HC Deb, 20 June 2008, c. 3)", "verbatim"),
    ],
)
def test_a_source_that_the_record_names_itself_is_no_citation_of_the_writer(record, ending, answer):
    assert verify_quotation(record, f"The lantern fund grew, as it was told {ending}").answer == answer
