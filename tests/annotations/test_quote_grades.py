"""The grades of differences: what printers and editors may change, and what changes the substance."""

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotations.__main__ import cli
from annotations.text.difference_grade import find_gravest
from annotations.text.normalize import fold_typography
from annotations.text.quotation import divide_quotation
from annotations.text.quote_diff import classify_differences
from annotations.text.quote_words import STAND_IN, read_quotation, split_parts
from annotations.verification.compare import Comparison, compare_quotation, read_quoted_parts
from annotations.verification.verdict import is_faithful
from annotations.verification.verify import verify_quotation
from db.statements.store import compute_first_rowid
from tests.support.databases import SOURCE


def compare(text: str, quotation: str) -> Comparison:
    compared = compare_quotation(text, quotation, read_quoted_parts(quotation))
    assert compared
    return compared


SIGNS = [  # the record, the quotation, the kinds of differences
    ("The balance was \u22125 per cent. of output.", "The balance was 5 per cent. of output.", ["number"]),
    ("The balance was -5 per cent. of output.", "The balance was 5 per cent. of output.", ["number"]),
    ("The balance was 5 per cent. of output.", "The balance was –5 per cent. of output.", ["number"]),
    ("The balance was \u22125 per cent. of output.", "5 per cent. of output.", ["number"]),
    ("The shed cost £5 million to build.", "The shed cost $5 million to build.", ["number"]),
    ("The shed cost £5 million to build.", "5 million to build.", ["number"]),
    ("The shed cost £5 million to build.", "The shed cost $5m to build.", ["number"]),
    ("Between 10—15 of them came to the door.", "Between 1015 of them came to the door.", ["number"]),
    ("About 3/4 of them came to the door.", "About 34 of them came to the door.", ["number"]),
    ("It rose by ±2 points in the quarter.", "It rose by 2 points in the quarter.", ["number"]),
    ("It rose by 5% in the last quarter.", "It rose by 5 in the last quarter.", ["number"]),
    ("It rose by 2.5 in the last quarter.", "It rose by 25 in the last quarter.", ["number"]),
    ("There are 34,000 of them at the door.", "There are 34000 of them at the door.", []),
    ("There are 34000 of them at the door.", "There are 34,000 of them at the door.", []),
    ("It is 80 per cent. of the total vote.", "It is 80% of the total vote.", []),
    ("It is 80% of the total vote.", "It is 80 per cent of the total vote.", []),
    ("It is 80 per cent. of the total vote.", "It is 80 percent of the total vote.", []),
    ("The balance was \u22125 per cent. of output.", "The balance was -5 per cent. of output.", []),
    ("Between 10—15 of them came to the door.", "Between 10-15 of them came to the door.", []),
    ("We came in 1998 — five of us stayed on.", "We came in 1998 - five of us stayed on.", []),
    ("The shed cost £5 million to build.", "The shed cost £5 million to build.", []),
    ("The shed cost £5 million to build.", "shed cost £5 million", []),
    ("A F-35 and the COVID-19 plan.", "A F–35 and the COVID–19 plan.", []),
    ("It fell to \u2212\xa05 degrees.", "It fell to 5 degrees.", ["number"]),
    ("It fell to \u2212 5 degrees.", "It fell to 5 degrees.", ["number"]),
    ("It fell to \u2212\u20095 degrees.", "It fell to 5 degrees.", ["number"]),
    ("It fell to \u2212\xa05 degrees.", "It fell to \u22125 degrees.", []),
    ("We came in 1998\xa0\u2013 5 of us stayed.", "We came in 1998 - 5 of us stayed.", []),
    ("It cost ₹500 in all.", "It cost 500 in all.", ["number"]),
    ("It cost ₹500 in all.", "It cost €500 in all.", ["number"]),
    ("It cost ₹500 in all.", "It cost ₹ 500 in all.", []),
    ("It cost 12¢ in all.", "It cost 12 in all.", ["number"]),
    ("It had 10^6 in all.", "It had 10 6 in all.", ["number"]),
    ("It had 10^6 in all.", "It had 106 in all.", ["number"]),
    ("It was 3 × 4 in all.", "It was 3 4 in all.", ["number"]),
    ("It was 3 × 4 in all.", "It was 3 ÷ 4 in all.", ["number"]),
    ("It was 3 × 4 in all.", "It was 3 x 4 in all.", []),
    ("It was 3 : 1 in all.", "It was 3 1 in all.", ["number"]),
    ("It was 3 : 1 in all.", "It was 3:1 in all.", []),
    ("In the 1980's we had it.", "In the 1980s we had it.", []),
    ("It was 5, 6 and 7 in all.", "It was 5 6 and 7 in all.", ["punctuation"]),
    ("It makes 5 mW in the shed.", "It makes 5 MW in the shed.", ["case"]),
]


@pytest.mark.parametrize(("said", "quotation", "kinds"), SIGNS)
def test_a_sign_of_a_figure_is_never_typography(said: str, quotation: str, kinds: list[str]) -> None:
    assert [each.kind for each in compare(said, quotation).differences] == kinds


LENGTHS = [  # the record, the quotation, whether a number differs
    ("It is 6′ 2″ long in the hall.", "It is 6″ 2′ long in the hall.", True),
    ("It is 6′ 2″ long in the hall.", "It is 6 2 long in the hall.", True),
    ("It is 6' 2\" long in the hall.", "It is 6\" 2' long in the hall.", True),
    ("It is 6' long in the hall.", "It is 6 long in the hall.", True),
    ("It was 51° 30′ north of us.", "It was 51° 30 north of us.", True),
    ("She is 5'10 in her socks.", "She is 5 10 in her socks.", True),
    ("It is 6′ 2″ long in the hall.", "It is 6' 2\" long in the hall.", False),
    ("It is 6′ 2″ long in the hall.", "It is 6’ 2” long in the hall.", False),
    ("He had “a score of 6” in the hall.", "He had 'a score of 6' in the hall.", False),
    ("He had “a score of 6” in the hall.", "He had a score of 6 in the hall.", False),
    ("He had a score of 6", "“He had a score of 6”", False),
    ("He had a score of 6", '"He had a score of 6"', False),
]


@pytest.mark.parametrize(("said", "quotation", "differs"), LENGTHS)
def test_the_marks_of_feet_and_inches_are_no_quotation_marks(said: str, quotation: str, differs: bool) -> None:
    assert ("number" in {each.kind for each in compare(said, quotation).differences}) == differs


UNPRINTED = [  # the record, the quotation, and whether they are the same
    ("We mended\u200e the ro\u200eof of it.", "We mended the roof of it.", True),
    ("We mended the roof of it.", "\u202aWe mended\u202c the roof\u200f of it.", True),
    ("We mended the roof of it.", "\u2066We mended\u2069 the roof\u061c of it.", True),
    ("We mended the roof of it.", "We mended\x03 the roof of\x04 it.", True),
    ("We mended\x03 the roof of it.", "We mended the roof of it.", True),
    ("We mended the roof of it.", "We mended \x03 of it.", False),
    ("We mended the roof of it.", "We mended the \x04 of it.", False),
]


@pytest.mark.parametrize(("said", "quotation", "same"), UNPRINTED)
def test_characters_that_are_not_printed_are_ignored(said: str, quotation: str, same: bool) -> None:
    grades = [each.grade for each in compare(said, quotation).differences]
    assert find_gravest(grades) == ("" if same else "substance")


GRADES = [  # the quotation, the record, the grade
    ("it's growing", "it is growing", "edited"),
    ("we don't and won't", "we do not and will not", "edited"),
    ("he is wrong", "the right hon. Gentleman is wrong", "edited"),
    ("you have failed", "the Minister has failed", "edited"),
    ("I said he failed", "I said that he failed", "edited"),
    ("it is, er, growing", "it is growing", "edited"),
    ("the MoD has it", "the Ministry of Defence has it", "edited"),
    ("the Government are here", "the Government is here", "edited"),
    ("my right honourable Friend", "my right hon. Friend", "edited"),
    ("The labour", "the labor", "surface"),
    ("organized, and", "organised and", "surface"),
    ("five men", "5 men", "surface"),
    ("£1.25 billion in all", "£1,250 million in all", "surface"),
    ("on line shops", "online shops", "surface"),
    ("we may go", "we will go", "substance"),
    ("we do go", "we don't go", "substance"),
    ("we do go", "we do not go", "substance"),
    ("he is here", "she is here", "substance"),
    ("the hon. Lady", "the hon. Gentleman", "substance"),
    ("in the county", "in the country", "substance"),
    ("in Austria now", "in Australia now", "substance"),
    ("a morning service", "a mourning service", "substance"),
    ("three are here", "there are here", "substance"),
    ("nobody spoke", "no body spoke", "substance"),
    ("it maybe so", "it may be so", "substance"),
    ("it was so", "it is so", "substance"),
    ("ask us there", "ask US there", "substance"),
    ("the is fighters", "the IS fighters", "substance"),
    ("THEY ASK US THERE", "They ask us there", "surface"),
    ("it is apart of it", "it is a part of it", "substance"),
    ("it was away to go", "it was a way to go", "substance"),
    ("it is everyday work", "it is every day work", "substance"),
    ("he resigned it", "he re-signed it", "substance"),
    ("they reformed it", "they re-formed it", "substance"),
    ("they reelect him", "they re-elect him", "surface"),
    ("we cooperate here", "we co-operate here", "surface"),
    ("it is alot of work", "it is a lot of work", "surface"),
    ("it has indirect control", "it has in direct control", "substance"),
    ("it has often people", "it has of ten people", "substance"),
    ("it was care less work", "it was careless work", "substance"),
    ("it is insofar as", "it is in so far as", "surface"),
    ("someone came to-day", "some one came today", "surface"),
    ("a noble reply came", "a reply came", "substance"),
    ("a reply came", "an honourable reply came", "substance"),
    ("he is noble and late", "he is late", "substance"),
    ("my Friend is late", "my noble Friend is late", "edited"),
    ("my hon. Friend is late", "my hon. and gallant Friend is late", "edited"),
    ("he is late", "the noble Lord is late", "edited"),
    ("it makes 5MW", "it makes 5mW", "substance"),
    ("a file of 5 MB", "a file of 5 Mb", "substance"),
    ("a walk of 5 KM", "a walk of 5 km", "surface"),
    ("it costs £5M", "it costs £5m", "surface"),
    ("I wont go", "I won’t go", "surface"),
    ("Its true of it's roof", "It's true of its roof", "surface"),
    ("we were here", "we're here", "substance"),
    ("few people came", "the few people came", "substance"),
    ("all the people came", "all of the people came", "edited"),
    ("the IS wins", "the in Scotland wins", "substance"),
    ("the MPs met", "the Members of Parliament met", "edited"),
    ("he is late", "the hon. Lady is late", "substance"),
    ("she is late", "the hon. Gentleman is late", "substance"),
    ("I say that it is late", "I say, Mr. Speaker, that it is late", "edited"),
    ("I asked about it", "I asked Mr. Speaker about it", "substance"),
    ("the cost of Labour here", "the cost of labour here", "substance"),
    ("the cost of labour here", "the cost of Labour here", "surface"),
    ("The Cost Of Labour Here", "the cost of labour here", "surface"),
    ("&ldquo;it is&rdquo; here", "“it is” here", ""),
    ("it is _here_ now", "it is here now", ""),
]


@pytest.mark.parametrize(("quoted", "said", "grade"), GRADES)
def test_a_difference_has_a_grade(quoted: str, said: str, grade: str) -> None:
    assert find_gravest([each.grade for each in classify_differences(quoted, said)]) == grade


MARKED = [  # the record, the quotation, the grade, the words hidden
    ("We have not changed our policy.", "We have [secretly] changed our policy.", "marked", ("not",)),
    ("I was disappointed by the vote.", "I was [not] disappointed by the vote.", "substance", ()),
    ("We have no plans to do so this year.", "We have ... plans to do so this year.", "marked", ("no",)),
    ("We gave it £5 million and a new roof.", "We gave it … and a new roof.", "marked", ("£5", "million")),
    ("We thank Dorothea for the new roof.", "We thank [them] for the new roof.", "marked", ("Dorothea",)),
    ("It will never be built in this town.", "It will [soon] be built in this town.", "marked", ("never",)),
    ("It will be published in the spring.", "It will be [burnt] in the spring.", "marked", ("published",)),
    ("We will not, I fear, mend the roof.", "We will … mend the roof.", "marked", ("not",)),
    ("It runs for 20 miles along the coast.", "It runs for […] along the coast.", "marked", ("20", "miles")),
    ("He mended the roof of the house.", "[The Minister] mended the roof of the house.", "marked", ()),
    ("We mended the roof of the house.", "We mended the [leaking] roof of the house.", "marked", ()),
    ("We mended, as was right, the roof.", "We mended … the roof.", "marked", ()),
    ("We mended it. Nobody helped. It held for years.", "We mended it. … It held for years.", "marked", ()),
    ("We change the roof of the house.", "We [changed] the roof of the house.", "marked", ()),
    ("We mended the roof of the house.", "We mended the roof [sic] of the house.", "", ()),
    ("We mended the roof of the house.", "[W]e mended the roof of the house.", "", ()),
    ("We mended the roof of the house.", "… mended the roof …", "", ()),
    ("We mended [as agreed] the roof.", "We mended [as agreed] the roof.", "", ()),
    ("We are entitled to the plan.", "We are [dis]entitled to the plan.", "substance", ()),
    ("We are entitled to the plan.", "We are [un-] entitled to the plan.", "substance", ()),
    ("We are entitled to the plan.", "We are [rarely] entitled to the plan.", "substance", ()),
    ("We are entitled to the plan.", "We are [far from] entitled to the plan.", "substance", ()),
    ("They resent it in the town.", "They resent[n't] it in the town.", "substance", ()),
    ("We saw a compliant and social plan.", "We saw a [non-]compliant and social plan.", "substance", ()),
    ("We saw a compliant and social plan.", "We saw a compliant and [anti]social plan.", "substance", ()),
    ("We saw a careful plan of it.", "We saw a care[less] plan of it.", "substance", ()),
    ("We saw an unfair plan of it.", "We saw an [un]fair plan of it.", "", ()),
    ("We saw 15 plans of it.", "We saw [1]5 plans of it.", "", ()),
    ("We are entitled to the plan.", "We are [fully] entitled to the plan.", "marked", ()),
    ("It runs to ¼ of a page and stops.", "It runs to … of a page and stops.", "marked", ("¼",)),
    ("It runs to half of a page and stops.", "It runs to … of a page and stops.", "marked", ("half",)),
    ("It runs to a third of a page and stops.", "It runs to … of a page and stops.", "marked", ("third",)),
    ("It took 2½ minutes to put it right.", "It took 2½ … to put it right.", "marked", ("minutes",)),
    ("It took nine litres to put it right.", "It took nine … to put it right.", "marked", ("litres",)),
    ("It took nine °C to put it right.", "It took nine … to put it right.", "marked", ("°C",)),
    ("We told the US about the plan.", "We told … about the plan.", "marked", ("US",)),
    ("We told the WHO about the plan.", "We told [them] about the plan.", "marked", ("WHO",)),
    ("We told the others about the plan.", "We told … about the plan.", "marked", ()),
    ("We ask Ministers about the plan.", "We ask [voters] about the plan.", "marked", ("Ministers",)),
    ("We ask Ministers about the plan.", "We ask [them] about the plan.", "marked", ()),
    ("We ask the Minister about the plan.", "We ask [Mr. Oak] about the plan.", "marked", ()),
    ("We ask the Opposition about the plan.", "We ask [voters] about the plan.", "marked", ("Opposition",)),
    ("We would, if it were amended, back it.", "We would … back it.", "marked", ("if",)),
    ("We will only back it then and there.", "We will … back it then and there.", "marked", ("only",)),
    ("We will back it, as he asks, then.", "We will back it … then.", "marked", ()),
    ("We may mend the roof of the house.", "We … mend the roof of the house.", "marked", ("may",)),
    ("We hope to mend the roof of the house.", "We … mend the roof of the house.", "marked", ("hope",)),
    ("We oppose those who want to raise it.", "We … raise it.", "marked", ("oppose",)),
    ("We do all to avoid having to raise it.", "We … raise it.", "marked", ("avoid",)),
    ("We ask Ministers about the plan.", "We ask [Voters] about the plan.", "marked", ("Ministers",)),
    ("We would mend the roof of the house.", "We [will] mend the roof of the house.", "marked", ("would",)),
    ("We will mend the roof of the house.", "We [would] mend the roof of the house.", "marked", ()),
    ("We will mend the roof of the house.", "We [should] mend the roof of the house.", "marked", ("will",)),
    ("We shall mend the roof of the house.", "We [might] mend the roof of the house.", "marked", ("shall",)),
    ("We will mend the roof of the house.", "We … mend the roof of the house.", "marked", ("will",)),
    ("I used to support it in the town.", "I … support it in the town.", "marked", ("used",)),
    ("He said that she mended it in the town.", "He … mended it in the town.", "marked", ("said",)),
    ("It was, as I said, mended in the town.", "It was … mended in the town.", "marked", ()),
    ("Sell the roof? Never! We mend it.", "Sell the roof … We mend it.", "marked", ("Never",)),
    ("We then mended the roof of the house.", "We … mended the roof of the house.", "marked", ()),
    ("We say, as we may, that it is so.", "We say … that it is so.", "marked", ("may",)),
    ("We say, as we all may in time, that it is so.", "We say … that it is so.", "marked", ()),
]


@pytest.mark.parametrize(("said", "quotation", "grade", "hidden"), MARKED)
def test_what_dots_and_brackets_hide_is_listed(said: str, quotation: str, grade: str, hidden: tuple[str, ...]) -> None:
    compared = compare(said, quotation)
    assert find_gravest([each.grade for each in compared.differences]) == grade
    assert compared.left_out == hidden


NEAR = [  # the quotation, the place where it stands in RECORD, the grade
    ("it is not cheap", "it isn't cheap", "edited"),
    ("I'm sure we'll act", "I am sure that we will act", "edited"),
    ("he should ask", "my hon. Friend should ask", "edited"),
]
RECORD = "It is right that my hon. Friend should ask. I tell you it isn't cheap, but I am sure that we will act."


@pytest.mark.parametrize(("quotation", "words", "grade"), NEAR)
def test_a_quotation_is_compared_where_least_differs(quotation: str, words: str, grade: str) -> None:
    compared = compare(RECORD, quotation)
    assert RECORD[compared.places[0].start : compared.places[0].end] == words
    assert find_gravest([each.grade for each in compared.differences]) == grade


CUT = [
    ("The hard-working men of the on-line shop.", "The hard-working women of the on-line shop."),
    ("The “plain” men — all of them — were there.", "The “plain” men — none of them — were there."),
    ("We saw\xa0the old-fashioned shops, and left.", "We saw the new-fangled shops, and left."),
    ("It is 80 per cent. of the well-known vote.", "It is 8 per cent. of the well-known vote."),
    ("He said: “It’s over-due,” and sat down.", "He said: “It’s under-way,” and sat down."),
    ("We have the half-finished plans to do so.", "We have … the half-baked plans to do so."),
    ("We [all] saw the old-time shops, and left.", "We [both] saw the old-time shop, and left."),
]


@pytest.mark.parametrize(("said", "quotation"), CUT)
def test_what_is_shown_of_a_text_is_cut_from_it(said: str, quotation: str) -> None:
    differences = compare(said, quotation).differences
    assert differences
    for each in differences:
        assert each.quoted in quotation
        assert each.said in said


@pytest.mark.parametrize("quotation", [case[1] for case in (*SIGNS, *MARKED)] + [case[1] for case in CUT])
def test_the_words_of_a_quotation_have_the_parts_that_are_searched_for(quotation: str) -> None:
    parts = divide_quotation(quotation, stand_in=STAND_IN)
    words = split_parts(read_quotation(quotation))
    assert len(words) == len(parts)
    for part, mine in zip(parts, words, strict=True):
        assert all(word.folded.lstrip("-") in part.words for word in mine)
        assert all(fold_typography(quotation[word.start : word.end]).text for word in mine)


# --- verdicts that need an archive

SPEECHES = {
    "a": ("Ada Ash", "2008-06-18", "We have not changed our policy on the lamps. We have no plans to do so this year."),
    "b": (
        "Ben Oak",
        "2008-06-18",
        "I think that the roof of the town hall will be mended by the council in the spring.",
    ),
}


@pytest.fixture
def record(empty: sqlite3.Connection) -> sqlite3.Connection:
    """Return a database with two short fictional speeches."""
    for id, (speaker, date, text) in SPEECHES.items():
        common = {"house": "commons", "date": date, "position": 1, "words": 9, "citation": f"HC Deb {id}"}
        common |= {"response_id": 1, "received": "r", "source": SOURCE["id"], "gid": id}
        heading = dict.fromkeys(("title", "heading", "section", "file", "sha256"), "x")
        _insert(empty, "debates", id=f"d{id}", kind="debates", speeches=1, **heading, **common | {"gid": f"d{id}"})
        said = {"speaker": speaker, "text": text, "damage": "", "edition": "a"}
        said |= {"since": "r", "since_edition": "a", "since_response_id": 1}
        rowid = compute_first_rowid("debates", date) + ord(id)
        _insert(empty, "speeches", rowid=rowid, id=id, debate_id=f"d{id}", kind="speech", **said, **common)
    empty.execute("INSERT INTO speeches_fts (speeches_fts) VALUES ('rebuild')")
    return empty


def _insert(conn: sqlite3.Connection, table: str, **values: object) -> None:
    columns = ", ".join(values)
    conn.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))


RECAST = "I am sure that the town hall will get its roof mended in spring by the council"
VERDICTS = [  # the quotation, the speaker, the day, the answer, the grade, whether a writer may stand by it
    ("We have not changed our policy on the lamps", None, None, "verbatim", "", True),
    ("We have [secretly] changed our policy on the lamps", None, None, "altered", "marked", False),
    ("We have ... plans to do so this year", None, None, "altered", "marked", False),
    ("We have not changed our [long-held] policy on the lamps", None, None, "altered", "marked", True),
    ("we've not changed our policy on the lamps", None, None, "altered", "edited", False),
    ("We Have not changed our policy on the lamps", None, None, "altered", "surface", False),
    ("We have changed our policy on the lamps", None, None, "altered", "substance", False),
    ("the lamps", None, None, "too short", "", False),
    ("the lamps", "Ada Ash", "2008-06-18", "verbatim", "", True),
    ("zebra quagga", None, None, "not found", "", False),
    ("the roof of the town hall", None, "2008-06-20", "not held", "", False),
    ("a zebra in the belfry at midnight", None, "2008-06-20", "not held", "", False),
    ("We have {amended our policy on the lamps", None, None, "cannot tell", "", False),
    (RECAST, "Ben Oak", "2008-06-18", "recast", "", False),
    (RECAST, "Ada Ash", "2008-06-18", "not found", "", False),
]


@pytest.mark.parametrize(("quotation", "speaker", "date", "answer", "grade", "faithful"), VERDICTS)
def test_every_quotation_has_one_verdict(
    record: sqlite3.Connection, quotation: str, speaker: str, date: str, answer: str, grade: str, faithful: bool
) -> None:
    verdict = verify_quotation(record, quotation, speaker, date)
    assert (verdict.answer, verdict.grade, is_faithful(verdict)) == (answer, grade, faithful), verdict.sentence
    assert verdict.sentence


def test_a_headline_tells_the_hidden_negation_and_so_does_the_command(
    record: sqlite3.Connection, tmp_path: Path
) -> None:
    words = "We have [secretly] changed our policy on the lamps"
    sentence = "Altered: dots or brackets hide “not” (1 replacement in brackets): Ada Ash, HC Deb a."
    assert verify_quotation(record, words).sentence == sentence
    done = CliRunner().invoke(cli, ["verify", words, "--json", "--db-dir", str(tmp_path)])
    told = json.loads(done.output)
    assert (done.exit_code, told["sentence"], told["left_out"]) == (1, sentence, ["not"])
