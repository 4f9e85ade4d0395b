"""The audit: whatever a parser loses, alters, moves or invents is seen in an independent reading of the same bytes."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import pytest

from db.records.hansard import Document, Heading, Item, Speech
from db.records.source import ParseError, RefusedUnit, Response
from scrapers.audit.audit_documents import Auditor
from scrapers.audit.compare import compare_records
from scrapers.audit.pieces import RULES, UnreadableError
from scrapers.reports.file_recognition import recognise_file
from scrapers.sources import theyworkforyou
from scrapers.sources.registry import SOURCES
from tests.support.cli import SPECIMENS, call

XML = "parldata/scrapedxml/debates/debates2018-03-11b.xml"
FILES = {  # a document of each source
    "theyworkforyou": XML,
    "theyworkforyou_api": "theyworkforyou_api/debates/2008-06-22/2008-06-22c.101.3.json",
    "hansard": "hansard/debates/2008-06-22/08062294000006.json",
    "publications": "publications/debates/2008-06-22/cm200708/cmhansrd/cm080622/debtext/80622-0001.htm",
}
Items = tuple[Item, ...]


@cache
def read(file: str) -> tuple[Response, Document]:
    response = recognise_file(str(SPECIMENS / file), (SPECIMENS / file).read_bytes())
    return response, SOURCES[response.source].parse(response)


def find_speech(items: Items, least: int = 20) -> int:
    """Find a named speech of some length that is not the first of its document."""
    long = (n for n, i in enumerate(items) if isinstance(i, Speech) and i.speaker and len(i.text.split()) > least)
    return list(long)[1]


def alter(change: Callable[[Speech], Speech]) -> Callable[[Items], Items]:
    def alter_one(items: Items) -> Items:
        n = find_speech(items)
        return (*items[:n], change(items[n]), *items[n + 1 :])

    return alter_one


def alter_text(change: Callable[[str], str]) -> Callable[[Items], Items]:
    return alter(lambda speech: speech._replace(text=change(speech.text)))


def swap(items: Items) -> Items:
    n = find_speech(items)
    return (*items[: n - 1], items[n], items[n - 1], *items[n + 1 :])


def append(items: Items) -> Items:
    speech = items[find_speech(items)]
    return (*items, speech._replace(gid=f"{speech.gid}9", text="I never said so."))


def run_on(items: Items) -> Items:
    """Give the words of a speech, with its speaker's name, to whoever spoke before."""
    n = find_speech(items)
    before, speech = items[n - 1], items[n]
    return (*items[: n - 1], before._replace(text=f"{before.text} {speech.text}"), *items[n + 1 :])


FAULTS: dict[str, Callable[[Items], Items]] = {
    "a word is lost": alter_text(lambda text: " ".join(w for n, w in enumerate(text.split()) if n != 5)),
    "the last word is lost": alter_text(lambda text: text.rpartition(" ")[0]),
    "a word is doubled": alter_text(lambda text: text.replace(" ", " the the ", 1)),
    "two words run together": alter_text(lambda text: text.replace(" ", "", 1)),
    "a figure is added": alter_text(lambda text: f"{text} 5"),
    "a sign is added": alter_text(lambda text: f"{text} -"),
    "words change their places": alter_text(lambda text: " ".join([*text.split()[1:], text.split()[0]])),
    "a speech is empty": alter_text(lambda _: ""),
    "another speaks": alter(lambda s: s._replace(speaker="Someone Else", attribution=s.attribution and "Someone Else")),
    "nobody speaks": alter(lambda s: s._replace(speaker=None, attribution=None)),
    "a speech is lost": lambda items: tuple(i for n, i in enumerate(items) if n != find_speech(items)),
    "a speech is invented": append,
    "a speech is doubled": lambda items: (*items, items[find_speech(items)]),
    "two speeches change their places": swap,
    "a speech goes on with the next one's": run_on,
    "all is lost": lambda _: (),
    "a heading is lost": lambda items: tuple(i for i in items if not isinstance(i, Heading)),
}
REFUSED_WHOLE = {("all is lost", "theyworkforyou"), ("all is lost", "publications")}  # with too many faults to list


@pytest.mark.parametrize("source", FILES)
@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_parser_does_wrong_is_seen(fault: str, source: str) -> None:
    response, document = read(FILES[source])
    assert compare_records(response, document).faults == []
    wrong = document._replace(items=FAULTS[fault](document.items))
    refused = pytest.raises(UnreadableError, match="more than 20 records differ")
    with refused if (fault, source) in REFUSED_WHOLE else nullcontext():
        assert compare_records(response, wrong).faults


BODY = '<p>Costs fell by -5% to £5, or $6; said <a href="x">see</a>n for 2.5 per cent.</p>'
SMALL = """<publicwhip><speech id="uk.org.publicwhip/debate/2008-06-22a.1.0" speakername="Ann Bee">{}</speech>
<speech id="uk.org.publicwhip/debate/2008-06-22a.1.1" speakername="Cy Dee"><p>Yes.</p></speech></publicwhip>"""


def audit_body(body: str, text: str | None = None) -> list[str]:
    """Return the reasons of the faults in a document of two speeches, the first with this body and these words."""
    response, _ = read(XML)
    name = "scrapedxml/debates/debates2008-06-22a.xml"
    response = response._replace(name=name, body=SMALL.format(body).encode())
    document = theyworkforyou.parse(response)
    first, *rest = document.items
    assert isinstance(first, Speech)
    items = (first if text is None else first._replace(text=text), *rest)
    return [fault.reason for fault in compare_records(response, document._replace(items=items)).faults]


@pytest.mark.parametrize("sign", ["-", "£", "$", "%", "2.", "n"])
def test_a_lost_sign_is_seen(sign: str) -> None:
    text = "Costs fell by -5% to £5, or $6; said seen for 2.5 per cent."
    assert audit_body(BODY, text) == []
    [reason] = audit_body(BODY, text.replace(sign, "", 1))
    assert " where the document has " in reason


@pytest.mark.parametrize(
    "body",
    [
        "<p>Ten<sup>1</sup> to 10<sup>6</sup>, 2<sup>1</sup>/<sub>2</sub> at 30<sup>o</sup>C, the 19<sup>th</sup>.</p>",
        "<p>A ta\u00adsk\u200bforce &amp; &#163;5 &#145;so&#146;.</p>",
        "<table><tr><td>1</td><td>5</td></tr><tr><td>2</td><td/></tr></table>",
        "<p>One<br/>two <s>not three</s> four</p>loose <i>wo</i>rds<ul><li>1</li><li>2</li></ul>",
        "<p>One <!-- not this --> two <![CDATA[< three]]></p>",
        "<p>One <col>929</col>two <del>not <del>this</del> nor that</del><font>three</font><ins>four</ins></p>",
    ],
)
def test_what_print_and_markup_do_to_words_is_no_fault(body: str) -> None:
    assert audit_body(body) == []


def test_what_differs_is_refused_alone_and_the_rest_is_kept() -> None:
    response, document = read(XML)
    n = find_speech(document.items)
    auditor = Auditor()
    audited = auditor(response, document._replace(items=FAULTS["a word is lost"](document.items)))
    assert audited.items == (*document.items[:n], *document.items[n + 1 :])
    [unit] = audited.refused
    assert (unit.unit, unit.gid) == ("item", document.items[n].gid)
    assert unit.place.startswith("line ")
    assert unit.reason.startswith("the audit found that the record has “")
    assert auditor.documents == 1


def test_what_stands_below_a_wrong_heading_is_refused_with_it() -> None:
    response, document = read(XML)
    first = next(n for n, item in enumerate(document.items) if isinstance(item, Heading) and item.level == 3)
    items = (*document.items[:first], document.items[first]._replace(text="Another"), *document.items[first + 1 :])
    audited = Auditor()(response, document._replace(items=items))
    [unit] = audited.refused
    assert (unit.unit, unit.gid) == ("debate", document.items[first].gid)
    end = next(n for n, i in enumerate(items) if n > first and isinstance(i, Heading) and i.level <= 3)
    assert audited.items == (*items[:first], *items[end:])


def test_words_that_the_parser_refused_are_not_missed() -> None:
    response, document = read(XML)
    n = find_speech(document.items)
    lost = document._replace(items=(*document.items[:n], *document.items[n + 1 :]))
    unit = RefusedUnit(unit="item", place="line 1", reason="unknown element <aside>", gid=document.items[n].gid)
    audit = compare_records(response, lost._replace(refused=(unit,)))
    assert audit.faults == []
    assert audit.left_out["refused"] > 20
    assert compare_records(response, lost).faults


@pytest.mark.parametrize(
    "unread",
    [
        "<aside>Words <p>here</p></aside>",
        "words outside any item",
        "<gidredirect oldgid='x' newgid='y'\n matchtype='changes'/>\nloose words",
        "<speech\n id='no gid'><p>Words.</p></speech>",
        "<speech><p>Words.</p></speech>",
        '<minor-heading id="uk.org.publicwhip/debate/2008-06-22a.1.2"><aside>A</aside></minor-heading>',
    ],
)
def test_what_the_parser_refuses_is_told_once(unread: str) -> None:
    response, _ = read(XML)
    name = "scrapedxml/debates/debates2008-06-22a.xml"
    body = SMALL.format("<p>No.</p>").replace("\n", f"\n{unread}\n").encode()
    response = response._replace(name=name, body=body)
    document = theyworkforyou.parse(response)
    assert document.refused
    assert compare_records(response, document).faults == []


def test_a_document_that_differs_everywhere_is_refused_whole() -> None:
    response, document = read("parldata/scrapedxml/debates/debates2008-06-22c.xml")
    wrong = tuple(item._replace(text="No.") if isinstance(item, Speech) else item for item in document.items)
    with pytest.raises(ParseError, match="more than 20 records differ"):
        Auditor()(response, document._replace(items=wrong))


def test_every_specimen_passes_and_every_rule_is_explained() -> None:
    auditor, names = Auditor(), 0
    for path in sorted(SPECIMENS.rglob("*")):
        if path.suffix in (".xml", ".json", ".htm") and not {"broken", "goldens", "exchange"} & set(path.parts):
            response = recognise_file(str(path), path.read_bytes())
            if response.source in SOURCES:
                assert auditor(response, SOURCES[response.source].parse(response)).refused == (), path
                names += 1
    assert auditor.documents == names
    assert set(auditor.left_out) <= set(RULES)


@pytest.mark.parametrize("most", [300_000, pytest.param(10_000_000, marks=pytest.mark.nightly)])
def test_every_real_document_passes(most: int, corpus: Path) -> None:
    files = [*corpus.glob("parldata/scrapedxml/*/*.xml"), *corpus.glob("publications/*.html")]
    files += [*corpus.glob("hansard_api/debate*.json"), *corpus.glob("twfy_api/*gid*.json")]
    files = [path for path in files if path.stat().st_size <= most]
    done = call("scrapers", "audit", *sorted(files), "--json")
    *_, end = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 0, done.stdout
    assert (end["documents"], end["refused"]) == (len(files), 0)


def test_a_load_quarantines_what_the_audit_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "scrapedxml" / "debates"
    folder.mkdir(parents=True)
    (folder / Path(XML).name).write_bytes((SPECIMENS / XML).read_bytes())
    where = ("--source", "theyworkforyou", "--parldata", tmp_path.as_uri(), "--db-dir", tmp_path / "db")
    assert call("scrapers", "fetch", *where, "--from", "2018-03-01", "--to", "2018-03-31").returncode == 0
    source, parse = SOURCES["theyworkforyou"], theyworkforyou.parse

    def parse_badly(response: Response) -> Document:
        document = parse(response)
        return document._replace(items=FAULTS["a word is lost"](document.items))

    good = call("scrapers", "load", "--everything", "--json", "--db-dir", tmp_path / "db")
    assert json.loads(good.stdout.splitlines()[-1])["audited"] == 1
    monkeypatch.setitem(SOURCES, source.id, type(source)(**{**vars(source), "parse": parse_badly, "version": 99}))
    bad = call("scrapers", "load", "--everything", "--db-dir", tmp_path / "db")
    assert "(item, line " in bad.stderr
    assert "the audit found that the record has" in bad.stderr


@pytest.mark.parametrize(
    "spoil",
    [
        lambda debate: debate["Items"][1].update(ItemType="Song"),
        lambda debate: debate["Items"][1].pop("OrderInSection"),
        lambda debate: debate["Items"].append(["not an object"]),
        lambda debate: debate["ChildDebates"].append("not an object"),
        lambda debate: debate["ChildDebates"].append({**debate, "ChildDebates": [], "Overview": {"ExtId": "x"}}),
        lambda debate: debate["ChildDebates"].append({**debate, "ChildDebates": [], "Navigator": []}),
    ],
)
def test_what_the_parser_of_debates_refuses_is_told_once(spoil: Callable[[dict], None]) -> None:
    response, _ = read(FILES["hansard"])
    debate = json.loads(response.body)
    spoil(debate)
    response = response._replace(body=json.dumps(debate).encode())
    document = SOURCES["hansard"].parse(response)
    assert document.refused
    assert compare_records(response, document).faults == []
