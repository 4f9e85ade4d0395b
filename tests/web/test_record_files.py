"""Debates, speeches, people, searches and lists as files: citations for reference managers, and data."""

import csv
import io
import json
import sqlite3

import bibtexparser
import jsonschema
import rispy
from pylatexenc.latex2text import LatexNodes2Text

from tests.support.sites import open_site
from web.rendering.citation_formats import Citation, write_bibtex, write_lines, write_ris

DEBATE, SPEECH = "d-2008-06-22c-101-3", "d-2008-06-22c-101-5"
NAMES = {
    **dict.fromkeys(("bib", "ris", "csv"), "attachment"),
    "json": "inline",
}
MEDIA = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csv": "text/csv",
    "json": "application/json",
}
FILES = {  # the page, and the schema of its JSON
    f"/debate/{DEBATE}": "Debate",
    f"/speech/{SPEECH}": "Speech",
    "/people/990002": "Person",
    "/people": "People",
    "/debates": "Debates",
    "/search": "Found",
}
HARD = Citation(
    id="d-1",
    kind="speech",
    author="Siân Ó Briain & Co.",
    title="50% of £5 #1_a: “Ŵyl” ~ C\\D $5",
    date="2008-06-18",
    reference="HC Deb 18 June 2008 vol 477 c929W",
    volume="477",
    column="929W",
    words="",
    url="https://site.example/x/speech/d-1",
    official="https://official.example/a_b%20c#d",
)


async def read_file(site, path, status=200, **headers):
    response = await site.client.get(path, headers=headers)
    assert response.status_code == status, (path, response.text[:200])
    return response


async def test_every_page_of_the_record_is_a_file_of_the_published_shape(site):
    components = (await read_file(site, "/api/openapi.json")).json()["components"]
    for page, name in FILES.items():
        data = (await read_file(site, f"{page}.json?q=forum")).json()
        schema = {"$ref": f"#/components/schemas/{name}", "components": components}
        jsonschema.Draft202012Validator(schema).validate(data)
        rows = list(csv.reader(io.StringIO((await read_file(site, f"{page}.csv?q=forum")).text)))
        assert len(rows) > 1, page
        assert {len(row) for row in rows} == {len(rows[0])}, page
        for form in ("json", "csv", "bib", "ris")[: 2 if name in ("People", "Debates") else 4]:
            answer = await read_file(site, f"{page}.{form}")
            assert answer.headers["content-type"].partition(";")[0] == MEDIA[form]
            shown, _, file = answer.headers["content-disposition"].partition("; filename=")
            assert (shown, file.endswith(f'.{form}"')) == (NAMES[form], True)


async def test_url_means_the_archives_page_in_every_format_and_the_official_page_stands_beside_it(site):
    url, official = f"http://localhost/speech/{SPEECH}", "https://www.theyworkforyou.com/debates/?id=2008-06-22c.101.5"
    data = (await read_file(site, f"/speech/{SPEECH}.json")).json()
    assert data["url"] == url
    official = data["official"]
    entry = bibtexparser.parse_string((await read_file(site, f"/speech/{SPEECH}.bib")).text).entries[0]
    assert entry.fields_dict["url"].value == url
    assert LatexNodes2Text().latex_to_text(entry.fields_dict["addendum"].value) == official
    record = rispy.loads((await read_file(site, f"/speech/{SPEECH}.ris")).text)[0]
    assert (record["urls"], record["file_attachments2"]) == ([url], official)
    page = (await read_file(site, "/q/specimen-1.json")).json()[0]
    assert page["URL"] == "http://localhost/q/specimen-1"


def test_real_parsers_read_back_what_was_written():
    library = bibtexparser.parse_string(write_bibtex(HARD))
    assert library.failed_blocks == []
    fields = {key: field.value for key, field in library.entries[0].fields_dict.items()}
    to_text = LatexNodes2Text(math_mode="verbatim").latex_to_text
    assert [to_text(fields[key]) for key in ("author", "title")] == [HARD.author, HARD.title]
    assert (fields["year"], fields["url"]) == ("2008", HARD.url)
    record = rispy.loads(write_ris(HARD))[0]
    assert (record["authors"], record["title"], record["urls"]) == ([HARD.author], HARD.title, [HARD.url])


def test_a_citation_is_written_in_each_style():
    plain = HARD._replace(author="Tom Watson", title="Civil Servants")
    report = "Hansard, House of Commons, 18 June 2008, vol. 477, col. 929W"
    assert [(line.style, line.text) for line in write_lines(plain)] == [
        ("Hansard", "HC Deb 18 June 2008 vol 477 c929W"),
        ("OSCOLA", "HC Deb 18 June 2008, vol 477, col 929W (Tom Watson)"),
        ("Chicago, note", f"Tom Watson, “Civil Servants,” {report}, {HARD.url}."),
        ("Chicago, bibliography", f"“Civil Servants.” {report}. {HARD.url}."),
        ("Plain", f"Tom Watson, Civil Servants, HC Deb 18 June 2008 vol 477 c929W, {HARD.url}"),
    ]


async def test_other_addresses_of_a_debate_lead_to_its_file_and_missing_ones_are_missing(site):
    gid = "uk.org.publicwhip/debate/2008-06-22c.101.3"
    moved = await read_file(site, f"/debate/{gid}.bib", 301)
    assert moved.headers["location"] == f"/debate/{DEBATE}.bib"
    assert (await read_file(site, f"/debate/{gid}", 301)).headers["location"] == f"/debate/{DEBATE}"
    for form in ("json", "csv", "bib", "ris"):
        answer = await read_file(site, f"/debate/nothing.{form}", 404)
        assert answer.headers["content-type"].startswith("application/json" if form == "json" else "text/plain")
    await read_file(site, "/people/999999.json", 404)
    await read_file(site, f"/debate/{DEBATE}.xyz", 404)


async def test_no_cell_is_a_formula_and_no_word_is_shown_that_is_not_the_speakers(site_db, tmp_path, root):
    copy = tmp_path / "statements.db"
    copy.write_bytes(site_db.read_bytes())
    with sqlite3.connect(copy) as conn:
        conn.execute("UPDATE debates SET title = '=1+1'")
        conn.execute("UPDATE annotations SET anchor = 'changed', exact = 'other words' WHERE id = 'specimen-1'")
    site = open_site(copy)
    assert ",'=1+1," in (await read_file(site, "/debates.csv")).text
    notes = {
        note["id"]: note
        for speech in (await read_file(site, f"/debate/{DEBATE}.json")).json()["speeches"]
        for note in speech["notes"]
    }
    assert (notes["specimen-1"]["anchor"], notes["specimen-1"]["exact"]) == ("changed", None)
    assert "other words" not in json.dumps(notes)


async def test_a_file_shows_the_day_of_as_of_and_is_not_indexed(site):
    answer = await read_file(site, f"/debate/{DEBATE}.json?as_of=2008-12-31")
    assert answer.json()["as_of"] == "2008-12-31"
    assert answer.headers["x-robots-tag"] == "noindex"
    await read_file(site, f"/debate/{DEBATE}.json?as_of=2007", 404)
