"""Fictional speeches and quotations of them, by kind: half must stay the speaker's words, half must not pass for them.

Each kind has a day of its own. The expected answer is that of `name_answer`; "stands" is verbatim or typography.
"""

import sqlite3
from typing import NamedTuple

from annotations.verification.verdict import Verdict
from db.statements.store import compute_first_rowid
from scrapers.parsing.markup import make_plain_text, read_xml
from tests.support.databases import SOURCE


class SpokenWords(NamedTuple):
    """A speech as its source marks it up, with its speaker; `before` names an earlier speaker, or is "withdrawn"."""

    speaker: str
    markup: str
    before: str = ""


class QuoteCase(NamedTuple):
    """A quotation, the answer that is right, and who is said to have said it."""

    quotation: str
    answer: str
    speaker: str = ""


class QuoteKind(NamedTuple):
    """A kind of cases with its day, speeches and quotations."""

    date: str
    speeches: tuple[SpokenWords, ...]
    cases: tuple[QuoteCase, ...]


def _make_kind(day: int, speeches: list[tuple[str, ...]], cases: list[tuple[str, ...]]) -> QuoteKind:
    date = f"2008-06-{day:02}"
    return QuoteKind(date, tuple(SpokenWords(*each) for each in speeches), tuple(QuoteCase(*each) for each in cases))


ASH, OAK, ELM = "Ada Ash", "Ben Oak", "Cy Elm"
KINDS = {
    "redirects are no identity": _make_kind(
        2,
        [
            (ELM, "Every reading room in the valley will be closed by the spring.", "withdrawn"),
            (ASH, "I have never met the gentlemen of the ferry company.", "withdrawn"),
            (OAK, "Every lamp on the hill shall be lit by the winter."),
            (ASH, "I have often written to the ladies of the bridge office."),
        ],
        [
            ("Every reading room in the valley will be closed by the spring.", "withdrawn"),
            ("Every reading room in the valley will be closed by the spring.", "withdrawn", ELM),
            ("Every reading room in the valley will be closed by the spring.", "withdrawn", OAK),
            ("reading room in the valley will be closed", "withdrawn"),
            ("“Every reading room in the valley will be closed”", "withdrawn"),
            ("Every reading room in the valley will be open by the spring.", "withdrawn"),
            ("Every reading room … will be closed by the spring.", "withdrawn"),
            ("I have never met the gentlemen of the ferry company.", "withdrawn"),
            ("I have never met the gentlemen of the ferry company.", "withdrawn", ASH),
            ("never met the gentlemen of the ferry company", "withdrawn", ASH),
            ("Every lamp on the hill shall be lit by the winter.", "stands"),
            ("Every lamp on the hill shall be lit by the winter.", "stands", OAK),
            ("“Every lamp on the hill shall be lit”", "stands"),
            ("lamp on the hill shall be lit by the winter", "stands", OAK),
            ("… lit by the winter", "stands", OAK),
            ("I have often written to the ladies of the bridge office.", "stands"),
            ("I have often written to the ladies of the bridge office.", "stands", ASH),
            ("often written to the ladies", "stands"),
            ("I have often written to the ladies of the bridge office.", "other speaker", OAK),
            ("‘written to the ladies of the bridge office’", "stands", ASH),
        ],
    ),
    "who spoke is part of the words": _make_kind(
        3,
        [
            (OAK, "The people of Ashford know it, and so do the fishermen of the shore.", ELM),
            (ASH, "Nobody asked the shepherds, who live beyond the second bridge."),
        ],
        [
            ("The people of Ashford know it, and so do the fishermen of the shore.", "stands", OAK),
            ("The people of Ashford know it, and so do the fishermen of the shore.", "stands", ELM),
            ("The people of Ashford know it, and so do the fishermen of the shore.", "stands"),
            ("so do the fishermen of the shore", "stands", "Mr. Oak"),
            ("so do the fishermen of the shore", "stands", "Cy Elm MP"),
            ("“The people of Ashford know it”", "stands", OAK),
            ("people of Ashford know it", "stands", "Benjamin Oak"),
            ("Nobody asked the shepherds, who live beyond the second bridge.", "stands", ASH),
            ("Nobody asked the shepherds, who live beyond the second bridge.", "stands"),
            ("who live beyond the second bridge", "stands", "Ash"),
            ("The people of Ashford know it, and so do the fishermen of the shore.", "other speaker", ASH),
            ("so do the fishermen of the shore", "other speaker", ASH),
            ("The people of Ashford know it … the fishermen of the shore.", "other speaker", ASH),
            ("The people of Ashford knew it, and so do the fishermen of the shore.", "other speaker", ASH),
            ("Nobody asked the shepherds, who live beyond the second bridge.", "other speaker", OAK),
            ("who live beyond the second bridge", "other speaker", OAK),
            ("Nobody asked the shepherds", "other speaker", ELM),
            ("Nobody asked the shepherds, who live beyond the third bridge.", "other speaker", OAK),
            ("The people of Ashford know it, and so do the farmers of the shore.", "substance", ELM),
            ("so do the fishermen of the shore", "not checked", "the fishermen's spokesman"),
        ],
    ),
    "no edge falls inside a word or number": _make_kind(
        4,
        [
            (ASH, "It was unfair to the readers of the valley."),
            (OAK, "Prices rose by 15 per cent. in the north. They fell by 2.5 points in the south."),
            (ELM, "It stood at −5 degrees in the east. The non-compliant firms paid a fine."),
            (ASH, "He can’t attend the hall on Monday. About 34,000 people came to the fair."),
        ],
        [
            ("fair to the readers of the valley", "substance"),
            ("5 per cent. in the north", "substance"),
            ("5 points in the south", "substance"),
            ("5 degrees in the east", "substance"),
            ("compliant firms paid a fine", "substance"),
            ("He can attend the hall on Monday", "substance"),
            ("4,000 people came to the fair", "substance"),
            ("000 people came to the fair", "substance"),
            ("north. They fell by 2", "substance", OAK),
            ("Prices rose by 15", "substance", OAK),
            ("unfair to the readers of the valley", "stands"),
            ("to the readers of the valley", "stands"),
            ("15 per cent. in the north", "stands"),
            ("rose by 15 per cent", "stands"),
            ("2.5 points in the south", "stands"),
            ("-5 degrees in the east", "stands"),
            ("non-compliant firms paid a fine", "stands"),
            ("firms paid a fine", "stands"),
            ("can't attend the hall on Monday", "stands"),
            ("34000 people came to the fair", "stands"),
        ],
    ),
    "signs carry meaning": _make_kind(
        5,
        [
            (ASH, "The balance was −5 per cent. of the output of the mills."),
            (OAK, "The shed cost £5 million to build, or ₹500 a brick. It is 6′ 2″ long."),
            (ELM, "Between 10—15 of the boats came home, and 3/4 of the nets."),
            (ASH, "It varies by ±2 points in the quarter. The lot is 80 per cent. of the herd of 34,000."),
        ],
        [
            ("The balance was 5 per cent. of the output of the mills.", "substance"),
            ("The balance was +5 per cent. of the output of the mills.", "substance"),
            ("The shed cost $5 million to build", "substance"),
            ("The shed cost 5 million to build", "substance"),
            ("or 500 a brick", "substance"),
            ("Between 1015 of the boats came home", "substance"),
            ("34 of the nets", "substance", ELM),
            ("It varies by 2 points in the quarter.", "substance"),
            ("The lot is 80 of the herd of 34,000.", "substance"),
            ("or ₹500 a brick. It is 6″ 2′ long.", "substance", OAK),
            ("The balance was -5 per cent. of the output of the mills.", "stands"),
            ("The balance was –5 per cent of the output", "stands"),
            ("The shed cost £5 million to build", "stands"),
            ("The shed cost £ 5 million to build", "stands"),
            ("or ₹500 a brick", "stands"),
            ("Between 10-15 of the boats came home", "stands"),
            ("3/4 of the nets", "stands"),
            ("It varies by ±2 points in the quarter.", "stands"),
            ("The lot is 80% of the herd of 34000.", "stands"),
            ("It is 6' 2\" long", "stands"),
        ],
    ),
    "what an editor put in or left out": _make_kind(
        6,
        [
            (ASH, "We have not changed our policy on the lamps. We have no plans to do so this year."),
            (OAK, "I was disappointed by the vote. The Minister told the House of £5 million in Ashford."),
            (ELM, "We mended, as was right, the roof of the town hall. He will publish the list in the spring."),
        ],
        [
            ("We have [secretly] changed our policy on the lamps.", "hides"),
            ("We have … changed our policy on the lamps.", "hides"),
            ("We have ... plans to do so this year.", "hides"),
            ("I was [not] disappointed by the vote.", "substance"),
            ("The Minister told the House of … in Ashford.", "hides"),
            ("The Minister told the House of £5 million in [another town].", "hides"),
            ("told … of £5 [billion] in Ashford", "hides"),
            ("We mended, as was right, the roof of the [prison].", "hides"),
            ("He will [burn] the list in the spring.", "hides"),
            ("I was [un]disappointed by the vote.", "substance"),
            ("We have not changed our [long-held] policy on the lamps.", "marked"),
            ("We mended … the roof of the town hall.", "marked"),
            ("[The Minister] will publish the list in the spring.", "marked"),
            ("We have not changed our policy [sic] on the lamps.", "stands"),
            ("[w]e have no plans to do so this year", "stands"),
            ("… by the vote. The Minister told the House …", "stands"),
            ("We have not changed our policy on the lamps …", "stands"),
            ("I was disappointed by the [close] vote.", "marked"),
            ("We mended, as was right, the [leaking] roof of the town hall.", "marked"),
            ("I was disappointed by the vote. […] The Minister told the House", "stands"),
        ],
    ),
    "what is shown is cut from the text": _make_kind(
        9,
        [
            (ASH, "The hard-working men of the on-line shop — all of them — were there."),
            (OAK, "He said: “It’s over-due,” and sat down. It is 80 per cent. of the well-known vote."),
            (ELM, "We saw the half-finished plans, and left the old-time shops to Mr. O’Hara."),
        ],
        [
            ("The hard-working women of the on-line shop", "substance"),
            ("The hard working women of the online shop", "substance"),
            ("— none of them — were there", "substance", ASH),
            ("He said: “It’s under-way,” and sat down.", "substance"),
            ("It is 8 per cent. of the well-known vote.", "substance"),
            ("We saw the half-baked plans, and left", "substance"),
            ("left the old-time shops to Mr. O’Dowd", "substance"),
            ("We saw … the new-time shops to Mr. O’Hara", "substance"),
            ("It is 80 per cent. of the well-earned vote.", "substance"),
            ("The hard-working men of the on-line [co-op] shop — few of them — were there.", "substance"),
            ("The hard-working men of the on-line shop", "stands"),
            ("The hard—working men of the on—line shop", "stands"),
            ("on-line shop -- all of them -- were there", "stands"),
            ("He said: 'It's over-due,' and sat down.", "stands"),
            ("It is 80% of the well-known vote.", "stands"),
            ("It is 80 per cent of the well-known vote", "stands"),
            ("the half-finished plans, and left", "stands"),
            ("the old-time shops to Mr. O'Hara", "stands"),
            ("We saw\u00a0the half-finished plans", "stands"),
            ("“It’s over-due”", "stands"),
        ],
    ),
    "names that are not understood are not accused": _make_kind(
        10,
        [
            ("Siân Ffrydwen", "The beacon on the headland was lit by volunteers."),
            ("Matthew Oak-Elm", "A second harbour would ruin the first."),
            ("Lord Gravesby of Larrow", "My Lords, the tide waits for no Committee."),
        ],
        [
            ("The beacon on the headland was lit by volunteers.", "stands", "Siân Ffrydwen"),
            ("The beacon on the headland was lit by volunteers.", "stands", "Sian Ffrydwen"),
            ("The beacon on the headland was lit by volunteers.", "stands", "Sia\u0302n Ffrydwen MP"),
            ("The beacon on the headland was lit by volunteers.", "stands", "Rt Hon S. Ffrydwen"),
            ("The beacon on the headland was lit by volunteers.", "stands", "Ffrydwen, Siân"),
            ("A second harbour would ruin the first.", "stands", "Matt Oak-Elm"),
            ("A second harbour would ruin the first.", "stands", "Mr Oak Elm"),
            ("A second harbour would ruin the first.", "stands", "MATTHEW OAK-ELM"),
            ("the tide waits for no Committee", "stands", "Lord Gravesby"),
            ("the tide waits for no Committee", "stands", "Lord Gravesby of Larrow QC"),
            ("The beacon on the headland was lit by volunteers.", "not checked", "the Prime Minister"),
            ("The beacon on the headland was lit by volunteers.", "not checked", "Hester Marchbold"),
            ("The beacon on the headland was lit by volunteers.", "not checked", "a spokesman"),
            ("The beacon on the headland was lit by volunteers.", "not checked", "???"),
            ("A second harbour would ruin the first.", "not checked", "Matt Oak-Elm quoting Sian Ffrydwen"),
            ("A second harbour would ruin the first.", "not checked", "not Matthew Oak-Elm"),
            ("A second harbour would ruin the first.", "not checked", "Labour"),
            ("the tide waits for no Committee", "not checked", "Hubert Gravesby"),
            ("The beacon on the headland was lit by volunteers.", "other speaker", "Matthew Oak-Elm"),
            ("A second harbour would ruin the first.", "other speaker", "Siân Ffrydwen"),
        ],
    ),
    "raised figures and invisible characters": _make_kind(
        11,
        [
            (ASH, "The path is 2<sup>1</sup>/<sub>2</sub> miles, for 10<sup>6</sup> walkers a year."),
            (OAK, "The Lan\u00adtern Task\u200bforce<sup>1</sup> met in 2008<sup>2</sup> on the quay."),
            (ELM, "The mast is 5 km<sup>2</sup> of <i>rope</i> and CO<sub>2</sub>, in all."),
        ],
        [
            ("The path is 21/2 miles, for 10^6 walkers", "substance"),
            ("The path is 2 miles", "substance", ASH),
            ("for 106 walkers a year", "substance"),
            ("for 10 6 walkers a year", "substance"),
            ("for 10⁷ walkers a year", "substance"),
            ("The mast is 5 km of rope and", "substance"),
            ("The mast is 52 km of rope and", "substance"),
            ("The Lantern Taskforce met in 20082 on the quay.", "substance"),
            ("The Lantern Taskforce met in 2009 on the quay.", "substance"),
            ("The mast is 5 km² of rope and CO3, in all.", "substance"),
            ("The path is 2½ miles", "stands"),
            ("for 10^6 walkers a year", "stands"),
            ("for 10⁶ walkers a year", "stands"),
            ("The Lantern Taskforce met in 2008 on the quay.", "stands"),
            ("The Lan\u00adtern Task\u00adforce met in 2008", "stands"),
            ("The Lantern Taskforce¹ met", "stands"),
            ("The mast is 5 km² of rope", "stands"),
            ("5 km^2 of rope and CO₂", "stands"),
            ("of rope and CO2, in all", "stands"),
            ("of rope\u200b and CO_2, in all", "stands"),
        ],
    ),
    "the named speaker's own speeches": _make_kind(
        12,
        [
            *((OAK, f"That is right, as clause {number} says of the weir.") for number in range(20, 40)),
            (ASH, "You are right. The otters came first."),
            (ELM, "It was good of him. The herons left."),
        ],
        [
            *(("right", "stands", name) for name in (ASH, "Ms Ash", "Ada Ash MP")),
            *(("are right", "stands", name) for name in (ASH, "Ms Ash")),
            *(("good", "stands", name) for name in (ELM, "Mr. Elm", "Cy Elm MP")),
            ("was good of him", "stands", ELM),
            ("You are right", "stands", ASH),
            ("That is right, as clause 39 says of the weir.", "stands", OAK),
            ("otters came first", "other speaker", OAK),
            ("herons left", "other speaker", ASH),
            ("good", "other speaker", ASH),
            ("as clause 39 says of the weir", "other speaker", ASH),
            ("You are right", "other speaker", ELM),
            ("You are wrong. The otters came first.", "substance", ASH),
            ("That is right, as clause 40 says of the weir.", "substance", OAK),
            ("zebra", "not found", ASH),
            ("otters", "other speaker", ELM),
        ],
    ),
    "altered has a grade": _make_kind(
        13,
        [
            (ASH, "I believe that the right hon. Gentleman is mistaken, and that it is not a matter for us."),
            (OAK, "We shall organise the Labour clinic with 5 nurses from the Ministry of Defence."),
            (ELM, "Unless he resigns, I will vote against it. Critics claim that the weir is unsafe."),
        ],
        [
            ("I believe that the right hon. Gentleman is right, and that it is not a matter for us.", "substance"),
            ("I believe that the right hon. Lady is mistaken", "substance"),
            ("that it is a matter for us", "substance", ASH),
            ("We shall organise the labour clinic", "substance"),
            ("We may organise the Labour clinic", "substance"),
            ("with 6 nurses from the Ministry of Defence", "substance"),
            ("I will vote against it.", "substance"),
            ("The weir is unsafe.", "substance"),
            ("We shall not organise the Labour clinic", "substance"),
            ("a matter for the owls of the palace", "not found"),
            ("I believe that the right hon. Gentleman is mistaken", "stands"),
            ("it is not a matter for us", "stands"),
            ("We shall organise the Labour clinic", "stands"),
            ("I will vote against it", "substance"),
            ("the weir is unsafe", "stands"),
            ("against it. Critics claim that the weir", "stands"),
            ("organise the Labour clinic", "stands"),
            ("Unless he resigns, I will vote against it.", "stands"),
            ("the right hon. Gentleman is mistaken - and that it is not a matter for us", "surface"),
            ("I believe he is mistaken, and that it's not a matter for us", "edited"),
            ("with 5 nurses from the MoD", "edited"),
            ("We shall organize the Labour clinic", "surface"),
            ("with five nurses from the Ministry of Defence", "surface"),
            ("we shall organise the Labour clinic", "surface"),
        ],
    ),
    "as articles print it": _make_kind(
        16,
        [
            (ASH, "We will act on the roofs of the town, and soon. Nobody should doubt our resolve in this matter."),
            (
                OAK,
                "It is not true that the herring left, and few boats followed. Sell the quay? Never! We shall mend it.",
            ),
            (ELM, "The little evidence we have is good. He failed to ask the nets-men of the 1,250 villages."),
        ],
        [
            ("“We will act on the roofs of the town,” he said, “and soon.”", "stands"),
            ('"We will act on the roofs of the town," the Minister told MPs, "and soon."', "stands"),
            ("“We will act on the roofs of the town, and soon,” said Ada Ash.", "stands"),
            ("Ada Ash said: “We will act on the roofs of the town, and soon.”", "stands"),
            ("We will act on the roofs of the town, and soon. (HC Deb 16 June 2008 c1)", "stands"),
            ("We will act on the roofs of the town https://example.org/1", "stands"),
            ("“Nobody should doubt our resolve in this matter.” – Ada Ash MP", "stands"),
            ("> We will act on the roofs of the town,\n> and soon.", "stands"),
            ("&ldquo;We will act on the roofs of the town&rdquo;", "stands"),
            ("We will act on the roofs of the _town_, and soon.[2]", "marked"),
            ("“We will act on the roofs of the town,” he said, “and later.”", "substance"),
            ("“We will act on the roofs,” he said, “and soon.”", "substance"),
            ("“We will never,” he said, “act on the roofs of the town, and soon.”", "substance"),
            ("true that the herring left", "substance"),
            ("… true that the herring left", "hides"),
            ("Sell the quay … We shall mend it.", "hides"),
            ("Little evidence we have is good.", "substance"),
            ("ask the nets-men of the 1,250 villages", "substance"),
            ("The herring left, and few boats followed.", "substance"),
            ("the herring left, and a few boats followed", "substance"),
        ],
    ),
}


def name_answer(verdict: Verdict) -> str:
    """Name a verdict as the tables do: the grade of altered words, "hides" where marks hide words of weight."""
    if verdict.speaker_not_checked:
        return "not checked"
    if verdict.answer in ("verbatim", "typography"):
        return "stands"
    if verdict.answer != "altered":
        return verdict.answer
    return "hides" if verdict.left_out and verdict.grade == "marked" else verdict.grade


def save_kinds(conn: sqlite3.Connection) -> None:
    """Save the speeches of every kind in a new statements.db, each kind as the debate of its day."""
    for kind in KINDS.values():
        common = {
            "house": "commons",
            "date": kind.date,
            "response_id": 1,
            "received": "2008-07-01",
            "source": SOURCE["id"],
        }
        gid = f"uk.org.publicwhip/debate/{kind.date}b.1.0"
        heading = dict.fromkeys(("title", "heading", "section", "file", "sha256"), "x")
        debate = {
            "id": make_id(kind.date, 0),
            "gid": gid,
            "kind": "debates",
            "position": 1,
            "citation": "HC Deb",
            "words": 9,
        }
        _insert(conn, "debates", **debate, speeches=len(kind.speeches), **heading, **common)
        for number, speech in enumerate(kind.speeches, 1):
            _save_speech(conn, kind.date, number, speech, common)
    conn.execute("INSERT INTO speeches_fts (speeches_fts) VALUES ('rebuild')")
    conn.commit()


def _save_speech(
    conn: sqlite3.Connection, date: str, number: int, speech: SpokenWords, common: dict[str, object]
) -> None:
    text = make_plain_text(read_xml(f"<p>{speech.markup}</p>".encode()))
    gid, citation = f"uk.org.publicwhip/debate/{date}b.1.{number}", f"HC Deb {date} c{number}"
    seen = {"source": SOURCE["id"], "edition": "a", "response_id": 1, "received": "2008-06-30", "evidence": "x"}
    if speech.before == "withdrawn":
        gone = {"gid": gid, "kind": "debates", "date": date, "speaker": speech.speaker, "citation": citation}
        _insert(conn, "withdrawn_speeches", **gone, text=text, withdrawn="2008-07-01T06:00:00Z", **seen)
        return
    row = {"rowid": compute_first_rowid("debates", date) + number, "id": make_id(date, number), "gid": gid}
    told = {"debate_id": make_id(date, 0), "kind": "speech", "position": number, "words": len(text.split())}
    _insert(
        conn,
        "speeches",
        **row,
        **told,
        speaker=speech.speaker,
        text=text,
        damage="",
        edition="b",
        citation=citation,
        since=seen["received"],
        since_edition="b",
        since_response_id=1,
        **common,
    )
    if speech.before:
        other = {"speech_id": row["id"], "source_gid": gid, "speaker": speech.before, "text": text, "score": 1.0}
        _insert(conn, "wordings", **other, other_speaker=1, **seen)


def make_id(date: str, number: int) -> str:
    """Make the short id of a speech of a kind's day; number 0 is its debate."""
    return f"d-{date}b-1-{number}"


def _insert(conn: sqlite3.Connection, table: str, **values: object) -> None:
    columns = ", ".join(values)
    conn.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))
