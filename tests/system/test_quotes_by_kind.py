"""Quotations of every kind take every way: command line, JSON, page, annotating, check and import say the same."""

import json
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from datasette.app import Datasette

from annotations.__main__ import cli
from annotations.text.normalize import fold_typography
from annotations.verification.verdict import is_faithful, make_verdict_data
from annotations.verification.verify import verify_quotation
from db.statements.store import open_store
from tests.support.databases import open_new_store
from tests.support.exchange import load_folder, run
from tests.support.note_forms import POINT
from tests.support.quote_cases import KINDS, QuoteCase, make_id, name_answer, save_kinds
from tests.support.sites import open_site
from tests.support.users import make_accounts

ANCHORED = (
    "no edge falls inside a word or number",
    "signs carry meaning",
    "what is shown is cut from the text",
    "raised figures and invisible characters",
)
MIN_CASES, MIN_HONEST, MIN_OTHER = 20, 9, 8
HONEST = ("stands", "marked", "surface", "edited")
EVERY = 5  # by day, one case of so many takes every way; by night, all do


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of databases with the speeches of every kind; do not write to it."""
    made = tmp_path_factory.mktemp("made")
    with closing(open_new_store(made / "statements.db")) as conn:
        save_kinds(conn)
    (made / "quotes").mkdir()
    return load_folder(tmp_path_factory.mktemp("kinds"), made / "statements.db", made / "quotes")


@pytest.fixture(scope="module")
def site(folder: Path) -> Datasette:
    """Return the site over the speeches of every kind, with an annotator."""
    make_accounts(folder, Ada="annotator")
    return open_site(folder / "statements.db")


def ask(folder: Path, kind: str, case: QuoteCase, *options: str) -> Result:
    """Ask the command line for a verdict."""
    named = ["--speaker", case.speaker] if case.speaker else []
    given = ["verify", "--date", KINDS[kind].date, *named, *options, "--db-dir", str(folder)]
    return CliRunner().invoke(cli, [*given, "--", case.quotation])


@pytest.mark.parametrize("kind", KINDS)
def test_every_quotation_has_the_right_verdict(kind: str, folder: Path) -> None:
    with closing(open_store(folder / "statements.db")) as conn:
        found = [
            (case, verify_quotation(conn, case.quotation, case.speaker or None, KINDS[kind].date))
            for case in KINDS[kind].cases
        ]
    assert [(case, verdict.sentence) for case, verdict in found if name_answer(verdict) != case.answer] == []


async def check_every_way(folder: Path, site: Datasette, kind: str, case: QuoteCase) -> None:
    """Check that command line, page and JSON give a verdict in the same words."""
    date = KINDS[kind].date
    with closing(open_store(folder / "statements.db")) as conn:
        verdict = verify_quotation(conn, case.quotation, case.speaker or None, date)
    data = json.loads(json.dumps(make_verdict_data(verdict)))
    printed = ask(folder, kind, case)
    assert printed.output.splitlines()[0] == verdict.sentence
    assert printed.exit_code == (0 if is_faithful(verdict) else 1)
    assert json.loads(ask(folder, kind, case, "--json").output) == data
    asked = urlencode({"quote": case.quotation, "speaker": case.speaker, "date": date})
    page = BeautifulSoup((await site.client.get(f"/verify?{asked}")).text, "lxml")
    assert page.select_one("h2.verdict").text == verdict.sentence
    shown = [mark.text for mark in page.select(".differences q")]
    assert [words for each in verdict.differences for words in each[1:3] if words] == shown
    assert (await site.client.get(f"/verify?{asked}&format=json")).json() == data


@pytest.mark.parametrize("kind", KINDS)
async def test_command_line_page_and_json_say_the_same(kind: str, folder: Path, site: Datasette) -> None:
    for case in KINDS[kind].cases[[*KINDS].index(kind) % EVERY :: EVERY]:
        await check_every_way(folder, site, kind, case)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
async def test_command_line_page_and_json_say_the_same_of_all(kind: str, folder: Path, site: Datasette) -> None:
    for case in KINDS[kind].cases:
        await check_every_way(folder, site, kind, case)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_cases_that_must_stay_and_cases_that_must_not(kind: str) -> None:
    answers = [case.answer for case in KINDS[kind].cases]
    honest = sum(answer in HONEST for answer in answers)
    assert len(answers) >= MIN_CASES
    assert MIN_HONEST <= honest <= len(answers) - MIN_OTHER


# --- quotes of the record


def list_quotes(folder: Path, kind: str) -> list[tuple[str, QuoteCase, bool]]:
    """List the speech and the quotation of each case that is printed as the record has it, or differs in substance."""
    found = []
    with closing(open_store(folder / "statements.db")) as conn:
        for case in KINDS[kind].cases:
            verdict = verify_quotation(conn, case.quotation, case.speaker or None, KINDS[kind].date)
            speech = verdict.passages[0].speech_id
            [text] = conn.execute("SELECT text FROM speeches WHERE id = ?", (speech,)).fetchone()
            as_printed = fold_typography(case.quotation).text in fold_typography(text).text
            if case.answer == "substance" or (case.answer == "stands" and as_printed):
                found.append((speech, case, case.answer == "stands"))
    return found


def write_quotes(file: Path, quotes: list[tuple[str, QuoteCase, bool]]) -> None:
    """Write quotes as a file of curated annotations, numbered from 0."""
    fields = 'reading = "said"\nnote = "So."\ncreator = "A. Specimen"\ncreated = "2008-07-01"\n'
    file.write_text(
        "".join(
            f'[[annotation]]\nid = "q{n}"\ntarget = "{speech}"\nexact = {json.dumps(case.quotation)}\n'
            f'point = "{POINT}"\n{fields}'
            for n, (speech, case, _) in enumerate(quotes)
        ),
        encoding="utf-8",
    )


@pytest.mark.parametrize("kind", ANCHORED)
def test_check_lists_the_quotes_that_are_not_the_speaker_s_words(kind: str, folder: Path, tmp_path: Path) -> None:
    quotes = list_quotes(folder, kind)
    write_quotes(tmp_path / "cases.toml", quotes)
    done = run("check", "--json", "--db-dir", folder, "--quotes", tmp_path)
    listed = {json.loads(line)["annotation_id"] for line in done.output.splitlines()}
    assert done.exit_code == 1
    assert listed == {f"q{n}" for n, (_, _, stands) in enumerate(quotes) if not stands}


def write_page_notes(file: Path, quotes: list[tuple[str, QuoteCase, bool]], stands: bool) -> int:
    """Write the quotes that stand, or the others, as a file of Hypothesis; returns how many."""
    chosen = [(speech, case.quotation) for speech, case, each in quotes if each is stands]
    public = {"group": "__world__", "permissions": {"read": ["group:__world__"]}, "user": "acct:d@example.org"}
    times = dict.fromkeys(("created", "updated"), "2008-07-01T08:30:00+00:00")
    notes = [
        {
            "id": f"note{n}",
            "uri": f"https://example.org/speech/{speech}",
            "text": "So.",
            "tags": [f"point:{POINT}", "reading:said"],
            **public,
            **times,
            "target": [{"selector": [{"type": "TextQuoteSelector", "exact": words}]}],
        }
        for n, (speech, words) in enumerate(chosen)
    ]
    file.write_text(json.dumps({"annotations": notes}), encoding="utf-8")
    return len(notes)


@pytest.mark.parametrize("kind", ANCHORED)
def test_an_import_enters_the_speaker_s_words_and_no_others(kind: str, folder: Path, tmp_path: Path) -> None:
    quotes = list_quotes(folder, kind)
    count = write_page_notes(tmp_path / "good.json", quotes, stands=True)
    options = ("--format", "hypothesis", "--dry-run", "--db-dir", folder, "--quotes", tmp_path)
    assert run("import", tmp_path / "good.json", *options).output.startswith(f"{count} new, 0 duplicates")
    count = write_page_notes(tmp_path / "bad.json", quotes, stands=False)
    done = run("import", tmp_path / "bad.json", *options)
    assert done.exit_code == 1
    assert done.output.startswith(f"0 new, 0 duplicates, {count} not verbatim")


@pytest.mark.parametrize("kind", ANCHORED)
async def test_the_form_takes_the_speaker_s_words_and_no_others(kind: str, folder: Path, site: Datasette) -> None:
    token = make_accounts(folder, Bea="annotator")["Bea"]
    for speech, case, stands in list_quotes(folder, kind):
        fields = {"speech": speech, "exact": case.quotation, "point": POINT, "reading": "said"}
        sent = {"Authorization": f"Bearer {token}"}
        page = BeautifulSoup((await site.client.get(f"/annotate?{urlencode(fields)}", headers=sent)).text, "lxml")
        assert bool(page.select(".around mark")) is stands, case
        if not stands:
            assert (await site.client.post("/annotate", json=fields, headers=sent)).status_code == 409, case


def test_the_days_of_the_kinds_have_debates(folder: Path) -> None:
    with closing(open_store(folder / "statements.db")) as conn:
        ids = {id for (id,) in conn.execute("SELECT id FROM debates")}
    assert ids == {make_id(kind.date, 0) for kind in KINDS.values()}
