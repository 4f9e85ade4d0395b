"""Whatever file `check` accepts, every page that shows it is served, and every format of it is written."""

import json
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from annotations.curated.toml_files import CuratedError, read_guidance, read_quotes
from annotations.exchange.formats import FORMATS
from tests.support.exchange import load_folder, run
from tests.support.profiles import scale
from tests.support.protocol import note
from tests.support.sites import open_site
from tests.support.users import make_accounts

GID, OTHER = "uk.org.publicwhip/debate/2008-06-22c.101.5", "uk.org.publicwhip/debate/2008-06-22c.101.7"
ODD_TEXTS = (
    *(
        "N",
        "\u202eevil\u2066",
        "<script>alert(1)</script>",
        "]]> & &amp; <!--",
        "a\tb\r\nc\n\n# d",
        "{{ 7*7 }} {% if %}",
    ),
    *("\ufeffa\u2028b\u0085c\ufdd0\U0001ffff", "%00%s{0}$(a)`b`", "e\u0301\u200d😀\U0010ffff", "=1+1", "x" * 20_000),
    *("[a](javascript:b)", "**" * 500, "\\" * 99, "\u00a0.", "\x00", "\ud7ff\ue000", "\x7f", "\x9f"),
)
ODD_NAMES = ("A. Specimen", "\u202eB", "<b>", "a/b?c#d%2F", "'\"", "😀", "x" * 200, "x" * 201, "a\nb", "Ж", "…", "=1")
ODD_IDS = (
    *(
        "a",
        "a/b",
        "a%2Fb",
        "a?b",
        "a#b",
        "ä",
        "😀",
        "..a",
        ".",
        "a" * 300,
        "-",
        "a;b",
        "a\\b",
        "'",
        '"',
        "<b>",
        "%",
        "a+b",
    ),
    *(
        "a.json",
        "a.jsonld",
        "%00",
        "a:b",
        "a=b&c",
        "~",
        "a~b",
        "\u202e",
        "edit",
        "[a]",
        "{a}",
        "|",
        "\u0660",
        "a\u00a0b",
    ),
)
ODD_DATES = (
    *("2008", "2008-06", "2008-06-23", "0001", "0001-01-01", "0000", "9999-12-31", "22.11.2026", "2009-31-01"),
    *("2008-02-30", "2008-06-23T09:30:00Z", "2008-06-23T09:30Z", "2008-06-23T09:30:00.123456789+01:00", "1582-10-10"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00", "2008-06-23T25:00Z", "٢٠٠٨"),
)
ODD_ADDRESSES = (
    *(
        "https://example.org/a?b#c",
        "http://[::1",
        "http://[a]/",
        "https://a:99999999/",
        "https://a:b@c/",
        "javascript:a",
    ),
    *(
        "https://ex ample.org",
        "HTTP://EXAMPLE.ORG",
        "https://\u202e/",
        "https://é.example/ü?ß#ø",
        "//a",
        "https://%/",
        "",
    ),
    *("https://", "http://a/%zz", "https://example.org\\@b/", "https://web.archive.org/web/2008/http:/a", "http://1/"),
)
ODD_VIAS = (*ODD_ADDRESSES, "The Times, 3 June", "urn:x:y", "https://e.org/'\"<>", "x" * 1000)
WORDS = (
    "that it be civil",
    "words that nobody said",
    "that",
    "\u202ethat",
    "so-and-so 😀",
    "civil" * 3_999,
    "—",
    "\x00",
)


def make_quote(seed: random.Random, id: str) -> dict[str, object]:
    """Make an annotation with an odd value in some fields."""
    fields: dict[str, object] = {
        "id": id,
        "target": seed.choice((GID, GID, OTHER, "d-2008-06-22c-101-5", "nowhere", "https://[", "a?b#c%", "😀")),
        "exact": seed.choice(WORDS),
        "point": seed.choice(("participation-online/code", "odd-0/p", "odd-1/p")),
        "reading": seed.choice(("said", "implied", "contradicts")),
        "note": seed.choice(ODD_TEXTS),
        "creator": seed.choice(ODD_NAMES),
        "created": seed.choice(ODD_DATES),
        "via": seed.choice(ODD_VIAS),
    }
    share = 1 if id in ODD_IDS else 0.75
    usual = {
        "note": "N",
        "creator": "A",
        "created": "2008",
        "via": "https://example.org/",
        "exact": WORDS[0],
        "target": GID,
    }
    return fields | {key: value for key, value in usual.items() if seed.random() < share}


def make_reply(seed: random.Random, id: str) -> dict[str, object]:
    texts = {"text": seed.choice(ODD_TEXTS), "creator": seed.choice(ODD_NAMES), "via": seed.choice(ODD_VIAS)}
    return {"id": f"r{id}", "stance": "agrees", "created": seed.choice(ODD_DATES), **texts}


def write_table(header: str, fields: dict[str, object]) -> str:
    """Write a table of TOML: JSON's escapes of texts are TOML's, but for half characters."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())
    return "\n".join([header, *lines, ""]).replace("\x7f", "\\u007F")


@pytest.fixture
def accepted(tmp_path: Path, specimen_db: Path, root: Path) -> Path:
    """Return a folder of databases with every odd file that is accepted, and its folders of guidance and quotes."""
    seed = random.Random(17)
    guidance, quotes, tried = tmp_path / "guidance", tmp_path / "quotes", tmp_path / "tried"
    shutil.copytree(root / "annotations" / "guidance", guidance)
    for folder in (quotes, tried):
        folder.mkdir()
    for number in range(scale(30, 600)):
        document = {
            "title": seed.choice(ODD_NAMES),
            "author": seed.choice(ODD_NAMES),
            "url": seed.choice(ODD_ADDRESSES),
        }
        document |= {"id": f"odd-{number}", "published": seed.choice(ODD_DATES), "note": seed.choice(ODD_TEXTS)}
        point = {"id": "p", "title": seed.choice(ODD_NAMES), "paraphrase": seed.choice(ODD_TEXTS), "number": "1"}
        text = write_table("", document) + write_table("[[point]]", point)
        keep_accepted(tried / f"odd-{number}.toml", text, guidance, read_guidance)
    for number in range(2):  # some that quotes can be on
        text = write_table("", {"id": f"odd-{number}", "title": "T", "author": "A", "published": "0001", "note": "N"})
        (guidance / f"odd-{number}.toml").write_text(
            text + '[[point]]\nid = "p"\ntitle = "\u202e"\nparaphrase = "]]>"\n'
        )
    points = {point.id for document in read_guidance(guidance) for point in document.points}
    for number in range(scale(80, 2000)):
        id = ODD_IDS[number] if number < len(ODD_IDS) else f"n{number}"
        text = write_table("[[annotation]]", make_quote(seed, id))
        text += write_table("[[annotation.reply]]", make_reply(seed, id)) if seed.random() < 0.3 else ""
        keep_accepted(tried / f"q{number}.toml", text, quotes, lambda folder: read_quotes(folder, points))
    load_folder(tmp_path, specimen_db, quotes, "--guidance", guidance)
    return tmp_path


def keep_accepted(path: Path, text: str, folder: Path, read) -> None:
    """Move a file into a folder if it is accepted."""
    path.write_text(text, encoding="utf-8")
    try:
        read(path.parent)
    except CuratedError:
        path.unlink()
    else:
        path.rename(folder / path.name)


def list_pages(statements: Path) -> list[str]:
    with closing(sqlite3.connect(statements)) as conn:
        ids = [id for (id,) in conn.execute("SELECT id FROM annotations")]
        speeches = conn.execute(
            "SELECT DISTINCT s.id, s.debate_id FROM annotations JOIN speeches s ON s.id = speech_id"
        )
        found = {path for id, debate in speeches for path in (f"/speech/{id}", f"/debate/{debate}")}
        points = [id for (id,) in conn.execute("SELECT id FROM guidance_points WHERE id LIKE 'odd-%'")]
    found |= {f"/guidance/{id}" for id in points} | {f"/guidance/{id.partition('/')[0]}" for id in points}
    found |= {f"/{base}/{quote(id, safe='')}" for id in ids for base in ("q", "annotations")}
    found |= {f"/feeds/{name}.atom" for name in ("mentions", "annotations", "changes", "log")}
    found |= {"/", "/guidance", "/coverage", "/coverage.csv", "/log", "/annotations/", "/points.json", "/llms.txt"}
    return sorted(
        found | {"/statements/annotations.json?_size=max", "/statements/passages", "/sitemap.xml", "/agreement"}
    )


async def test_every_page_of_what_is_accepted_is_served(accepted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTES", str(accepted / "quotes"))
    monkeypatch.setenv("GUIDANCE", str(accepted / "guidance"))
    client = open_site(accepted / "statements.db").client
    pages = list_pages(accepted / "statements.db")
    assert len(pages) > 100
    wrong = {page: answer.status_code for page in pages if (answer := await client.get(page)).status_code != 200}
    assert wrong == {}


def test_every_format_of_what_is_accepted_is_written(accepted: Path) -> None:
    for form in FORMATS:
        options = ["--debate", "d-2008-06-22c-101-3"] if form == "akn" else []
        done = run("export", "--format", form, "--out", accepted / f"x.{form}", "--db-dir", accepted, *options)
        assert done.exit_code == 0, (form, done.output)


@pytest.mark.parametrize("address", ["/undo", "/annotations/"])
async def test_a_curated_file_that_is_broken_under_a_running_site_refuses_what_is_written(
    address: str, client, folder: Path
) -> None:
    token = make_accounts(folder, Bo="annotator")["Bo"]
    (folder / "quotes" / "broken.toml").write_text("x = ")
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = {"entry": "x", "entries": "x"} if address == "/undo" else note()
    answer = await client.post(address, content=json.dumps(body), headers=headers)
    assert (answer.status_code, "broken.toml: line 1: invalid value" in answer.text.lower()) == (409, True)
    assert (await client.get("/")).status_code == 200
