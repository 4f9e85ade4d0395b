"""The export: a folder that is read without a server, whole, checked and the same whenever it is made."""

import csv
import hashlib
import io
import json
import os
import posixpath
import re
import shutil
import signal
import sqlite3
import subprocess
import time
import zipfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from lxml import etree
from playwright.sync_api import expect
from pyld import jsonld

from annotations.curated.toml_files import GUIDANCE_FOLDER
from db.journal import entries
from db.journal.entries import EntryDraft, append_entries, find_faults, format_payload, open_journal
from db.journal.payload_schemas import find_problem
from db.statements import store
from export import page_writer
from export.file_names import FileNames, parse_address
from export.links import make_relative_link
from export.output_folder import MARKER, SUMS, ExportError, open_output_folder
from export.page_rules import PageRules
from tests.support.browser import ONE_LOOK, choose_pages, find_flaws, fits_every_width, watch_pages
from tests.support.cli import call, start
from tests.support.databases import open_new_store, save
from tests.support.export_folders import find_broken_links, pages, read
from tests.support.journal_drafts import AUTHOR, annotate
from tests.support.json_ld import load_context
from tests.support.profiles import NIGHTLY
from tests.support.sites import open_site

BASE = "https://archive.example/record"
DEBATE, DEBATE_GID = "debate/d-2008-06-22c-101-3", "uk.org.publicwhip/debate/2008-06-22c.101.3"
HOSTILE = [
    *("../../x", "a/b?c#d", "/etc/passwd", "index", "index.html", "CON", "Upper", "upper", "x.bib", "x"),
    *("é" * 80, "<script>alert(1)</script>", '"onload=alert(1)//', "%2e%2e%2f", "annotations", "a" * 299, "a" * 300),
]
TEXT = "<b>bold</b><script>alert(1)</script>"
PROFILES = Path(find_spec("datapackage").origin).with_name("profiles")  # the specification's own schemas


@pytest.fixture(scope="module", autouse=True)
def templates_compiled_once():
    """Let exports in this process share the templates that are compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(page_writer, "open_site", open_site)
        yield


@pytest.fixture(scope="module")
def db_dir(tmp_path_factory, told_db):
    """The databases of what several sources tell, with what people entered, some of it meant to do harm."""
    folder = tmp_path_factory.mktemp("export") / "db"
    folder.mkdir()
    shutil.copy(told_db, folder / "statements.db")
    with closing(open_journal(folder / "journal.db")) as conn:
        drafts = [annotate(id, note=f"{TEXT} {id}", via="javascript:alert(1)") for id in HOSTILE]
        drafts += [
            annotate("bent", note="\0\x0b\ra\r\n\u2028b", via="http://[bent"),
            annotate("deep", note="<b>" * 999),
        ]
        drafts += [annotate("one"), annotate("none", note="\\N"), annotate("formula", note='=1+1,"')]
        replied = {"id": "../reply?", "annotation": "a/b?c#d", "stance": "disputes", "text": TEXT}
        drafts += [EntryDraft("ada", "reply", {**replied, "creator": TEXT, "created": "2008-06-23"})]
        film = {"id": "../film?", "target": "uk.org.publicwhip/debate/2008-06-22c.101.5", "start": 62.5, **AUTHOR}
        film |= {"source": "https://media.example/1.webm", "annotation": "none", "note": TEXT}
        drafts += [
            EntryDraft("ada", "moment", film),
            EntryDraft("ada", "moment", {**film, "id": "CON", "annotation": "x"}),
        ]
        with pytest.MonkeyPatch.context() as patch:  # characters that are no text, as earlier versions took them
            patch.setattr(entries, "find_draft_problem", find_problem)
            append_entries(conn, [*drafts, EntryDraft("ada", "withdraw", {"annotation": "x"})])
    (folder / "accounts.db").write_bytes(b"the-secret-of-ada")
    assert call("annotations", "load", "--db-dir", folder, QUOTES="tests/specimens/quotes").returncode == 0
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        conn.execute("UPDATE debates SET title = ? WHERE id = (SELECT max(id) FROM debates)", (f"{TEXT} & “more”",))
    return folder


@pytest.fixture(scope="module")
def small_db_dir(tmp_path_factory, assembled):
    """The databases of one day, one guidance document and one note, for what does not depend on what is exported."""
    folder, curated = tmp_path_factory.mktemp("small"), tmp_path_factory.mktemp("curated")
    point = annotate("one").payload["point"]
    shutil.copy(GUIDANCE_FOLDER / f"{point.partition('/')[0]}.toml", curated)
    (curated / "none").mkdir()
    with closing(open_new_store(folder / "statements.db")) as conn:
        save(conn, next(day for day, _ in assembled.values() if DEBATE_GID in {each.gid for each in day.debates}))
        store.store_load_stage(conn, 1)
    with closing(open_journal(folder / "journal.db")) as conn:
        append_entries(conn, [annotate("one")])
    files = {"GUIDANCE": str(curated), "QUOTES": str(curated / "none"), "RULES": str(curated / "none")}
    assert call("annotations", "load", "--db-dir", folder, **files).returncode == 0
    return folder


@pytest.fixture(scope="module")
def small_site(small_db_dir, tmp_path_factory):
    """The export of that."""
    return exported(small_db_dir, tmp_path_factory.mktemp("exported") / "site")


@pytest.fixture(scope="module")
def site_folder(db_dir):
    """The export of them, without an address of its own."""
    return exported(db_dir, db_dir.parent / "site")


@pytest.fixture(scope="module", params=["small_db_dir", pytest.param("db_dir", marks=pytest.mark.nightly)])
def source(request):
    """The databases that are published: by day the small ones, at night all."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def published(source, tmp_path_factory):
    """The export of them, told where it will be published."""
    return exported(source, tmp_path_factory.mktemp("published") / "site", "--base-url", BASE)


def exported(db_dir, to, *arguments, processes=1):
    run = call("export", "--db-dir", db_dir, "--to", to, "--processes", processes, *arguments, BASE_URL="")
    assert run.returncode == 0, run.stderr
    return to


# --- links


def test_no_link_of_any_page_leads_to_nothing(site_folder):
    assert len(pages(site_folder)) > 300
    assert list(find_broken_links(site_folder)) == []


def test_the_checker_of_links_notices_a_missing_file_an_anchor_and_a_script(tmp_path):
    (tmp_path / "a.html").write_text(
        '<a href="b.html">x</a><a href="#y">x</a><a href="javascript:1">x</a><a href="a.html">x</a>'
    )
    assert [href for _, href in find_broken_links(tmp_path)] == ["b.html", "#y", "javascript:1"]


def test_no_page_has_a_way_to_sign_in_a_script_that_asks_a_server_or_a_form_but_that_of_search(site_folder):
    for path in pages(site_folder):
        tree = read(path)
        assert tree.xpath("//*[@action][not(self::form)] | //iframe | //*[@*[starts-with(name(), 'on')]]") == [], path
        for form in tree.xpath("//form"):
            fields = {field.get("name") for field in form.xpath(".//*[@name]")}
            assert (form.get("role"), form.get("method"), fields) == ("search", None, {"q"}), path
            assert (path.parent / form.get("action")).resolve() == site_folder / "find" / "index.html", path
        scripts = {posixpath.basename(src) for src in tree.xpath("//script/@src")}
        assert scripts <= {"dispatchbox.js", "entries.js", "find.js"}, path
        assert tree.xpath("//script[not(@src)][not(@type='application/ld+json')]") == [], path
        assert not re.search(r"sign-in|csrftoken|Sign in", path.read_text(encoding="utf-8")), path


def test_every_debate_point_person_and_quote_has_its_page(site_folder):
    with closing(sqlite3.connect(site_folder / "statements.db")) as conn:
        for table, folder in (("debates", "debate"), ("guidance_points", "guidance")):
            for (id,) in conn.execute(f"SELECT id FROM {table}"):
                assert (site_folder / folder / id / "index.html").is_file()
        quotes = conn.execute("SELECT count(*) FROM annotations WHERE id NOT IN ('.', '..')").fetchone()[0]
    assert len(list((site_folder / "q").glob("*/index.html"))) == quotes
    for path in ("coverage/by=speaker.html", "timeline/index.html", "runs/index.html", f"{DEBATE}/notes=end.html"):
        assert (site_folder / path).is_file(), path
    assert (site_folder / DEBATE / "changes" / "index.html").is_file()


def test_a_page_says_what_the_site_says(site_folder, told_site, db_dir):
    words = read(site_folder / DEBATE / "index.html").xpath("string(//div[contains(@class, 'debate')])")
    with closing(sqlite3.connect(db_dir / "statements.db")) as conn:
        said = "SELECT text FROM speeches WHERE debate_id = 'd-2008-06-22c-101-3' AND kind <> 'division'"
        for (text,) in conn.execute(said):
            for paragraph in text.split("\n\n"):
                assert re.sub(r"\W", "", paragraph) in re.sub(r"\W|\d", "", words) or re.search(r"\d", paragraph)


def test_links_that_need_a_server_become_text_with_a_reason(site_folder):
    (row,) = read(site_folder / DEBATE / "index.html").xpath("//dt[. = 'As data']/following-sibling::dd[1]/*[1]")
    assert (row.tag, row.text) == ("span", "The row")
    assert "needs the program" in row.get("title")


def test_tables_and_counts_lead_to_what_is_behind_them(site_folder):
    home = read(site_folder / "index.html")
    assert "statements/speakers_by_mentions/index.html" in home.xpath("//@href")
    asked = read(site_folder / "statements" / "speakers_by_mentions" / "index.html")
    assert asked.xpath("//h2[starts-with(normalize-space(), 'Answer: ')]")
    assert asked.xpath("//table//tbody/tr")


# --- names


def test_names_of_hostile_ids_are_safe_and_unique_where_capitals_do_not_count(site_folder):
    names = [path.relative_to(site_folder).as_posix() for path in site_folder.rglob("*")]
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if not re.fullmatch(r"[A-Za-z0-9_~=,./-]+", name) or ".." in name] == []
    assert max(len(part) for name in names for part in name.split("/")) < 120
    assert not [
        part for name in names for part in name.split("/") if re.fullmatch(r"(con|prn|aux|nul)(\..*)?", part.lower())
    ]


@given(st.lists(st.text(min_size=1), unique=True))
def test_no_two_ids_have_one_name_and_none_leaves_its_folder(ids):
    names, escaped = FileNames(frozenset(ids)), [id.encode("utf-8", "surrogatepass") for id in ids]
    found = [names.name_file(parse_address("/q/" + "".join(f"%{byte:02x}" for byte in id))) for id in escaped]
    assert all(re.fullmatch(r"q/[\w~-]+/index\.html", name, re.ASCII) for name in found)
    texts = {id.decode("utf-8", "replace") for id in escaped}
    assert len({name.casefold() for name in found}) == len(texts)


@pytest.mark.parametrize("id", ["../../x", "a/b?c#d", "x.bib", "Upper"])
def test_the_page_of_a_hostile_id_is_that_quote(site_folder, id):
    titles = [read(path).findtext(".//title") for path in site_folder.glob("q/*/index.html")]
    assert len([title for title in titles if title and f"({id})" in title]) == 1


def test_hostile_titles_and_notes_are_escaped(site_folder):
    for path in pages(site_folder):
        tree = read(path)
        assert tree.xpath("//b[. = 'bold']") == [], path
        assert not [href for href in tree.xpath("//@href") if re.match("(javascript|data):", str(href).lower())], path
    with closing(sqlite3.connect(site_folder / "statements.db")) as conn:
        (id,) = conn.execute("SELECT id FROM debates WHERE title LIKE '%<script>%'").fetchone()
    assert TEXT in read(site_folder / "debate" / id / "index.html").findtext(".//h1")


def test_a_link_goes_from_one_folder_to_another():
    assert make_relative_link("q/a/index.html", "static/x.css") == "../../static/x.css"


# --- whole, and the same every time


def test_checksums_verify_and_cover_every_file(site_folder):
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=site_folder, check=True)
    listed = {line[66:] for line in (site_folder / SUMS).read_text().splitlines()}
    assert listed | {SUMS} == {p.relative_to(site_folder).as_posix() for p in site_folder.rglob("*") if p.is_file()}


def test_a_changed_byte_is_noticed(site_folder, tmp_path):
    copy = shutil.copytree(site_folder, tmp_path / "copy")
    body = bytearray((copy / "index.html").read_bytes())
    body[100] ^= 1
    (copy / "index.html").write_bytes(body)
    run = subprocess.run(["sha256sum", "-c", "--quiet", SUMS], cwd=copy, capture_output=True, text=True, check=False)
    assert (run.returncode, "index.html: FAILED" in run.stdout) == (1, True)


def change_layout(folder, to):
    """Copy databases and lay their rows out otherwise, as another load would."""
    copy = shutil.copytree(folder, to)
    with closing(sqlite3.connect(copy / "statements.db")) as conn:
        conn.executescript("CREATE TABLE waste AS SELECT * FROM speeches; DROP TABLE waste;")
        conn.executescript("INSERT INTO speeches_fts (speeches_fts) VALUES ('optimize')")
    return copy


def is_same(again, first):
    """Tell whether two exports are the same byte for byte, and every file of the one as old as the other."""
    times = {path.stat().st_mtime for path in again.rglob("*") if path.is_file()}
    return (again / SUMS).read_bytes() == (first / SUMS).read_bytes() and times == {(first / SUMS).stat().st_mtime}


@pytest.mark.nightly  # by day, the export after one that was killed is compared
def test_the_same_data_is_the_same_byte_for_byte_however_it_was_loaded(db_dir, site_folder, tmp_path):
    again = exported(change_layout(db_dir, tmp_path / "db"), tmp_path / "again", processes=3)
    assert is_same(again, site_folder)


def test_the_time_is_that_of_the_newest_data(site_folder):
    with closing(sqlite3.connect(site_folder / "statements.db")) as conn:
        (newest,) = conn.execute("SELECT max(time) FROM annotation_history").fetchone()
    assert json.loads((site_folder / "datapackage.json").read_text())["created"] == newest


# --- data


def test_statements_db_is_whole_and_can_be_searched(site_folder, db_dir):
    with closing(sqlite3.connect(site_folder / "statements.db")) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
        rows = "SELECT rowid FROM speeches_fts WHERE speeches_fts MATCH 'forum'"
        found = f"SELECT text FROM speeches WHERE rowid IN ({rows})"
        assert all("forum" in text.lower() for (text,) in conn.execute(found))
        assert conn.execute(found).fetchone()
        numbers = "SELECT rowid, id FROM speeches ORDER BY rowid"
        with closing(sqlite3.connect(db_dir / "statements.db")) as source:
            assert conn.execute(numbers).fetchall() == source.execute(numbers).fetchall()
    assert not list(site_folder.glob("statements.db-*"))


def test_the_data_package_is_valid_and_its_resources_are_as_it_says(site_folder):
    package = json.loads((site_folder / "datapackage.json").read_text(encoding="utf-8"))
    schema = json.loads((PROFILES / "tabular-data-package.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(package)] == []
    for resource in package["resources"]:
        body = (site_folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert resource["bytes"] == len(body)


def test_every_table_comes_back_from_its_csv_as_it_was(site_folder):
    package = json.loads((site_folder / "datapackage.json").read_text(encoding="utf-8"))
    casts = {"string": str, "integer": int, "number": float}
    with closing(sqlite3.connect(site_folder / "statements.db")) as conn:
        for resource in package["resources"]:
            kinds = [casts[field["type"]] for field in resource["schema"]["fields"]]
            file = io.StringIO((site_folder / resource["path"]).read_bytes().decode(), newline="")
            heading, *rows = csv.reader(file)
            assert heading == [field["name"] for field in resource["schema"]["fields"]]
            [none] = resource["schema"]["missingValues"]
            told = [tuple(None if c == none else kind(c) for kind, c in zip(kinds, r, strict=True)) for r in rows]
            assert sorted(told, key=repr) == sorted(conn.execute(f'SELECT * FROM "{resource["name"]}"'), key=repr)
    tables = {resource["name"] for resource in package["resources"]}
    assert {"debates", "speeches", "annotations", "replies", "guidance_points", "votes", "runs"} <= tables


def test_keys_of_the_data_package_are_unique_and_lead_to_rows(site_folder):
    resources = json.loads((site_folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    tables = {resource["name"]: cells(site_folder, resource) for resource in resources}
    for resource in resources:
        name, schema = resource["name"], resource["schema"]
        keys = [tuple(row[key] for key in schema["primaryKey"]) for row in tables[name]]
        assert len(set(keys)) == len(keys) == resource["x-rows"], name
        for foreign in schema.get("foreignKeys", ()):
            [here], there = foreign["fields"], foreign["reference"]
            known = {row[there["fields"][0]] for row in tables[there["resource"] or name]}
            assert {row[here] for row in tables[name]} <= {*known, *schema["missingValues"]}, (name, here)
    assert any(resource["schema"].get("foreignKeys") for resource in resources)


def cells(folder, resource):
    file = io.StringIO((folder / resource["path"]).read_bytes().decode(), newline="")
    return list(csv.DictReader(file, strict=True))


def test_every_table_and_column_is_explained(site_folder):
    package = json.loads((site_folder / "datapackage.json").read_text(encoding="utf-8"))
    described = [(r["name"], field) for r in package["resources"] for field in r["schema"]["fields"]]
    assert [(table, field["name"]) for table, field in described if not field.get("description")] == []
    assert [r["name"] for r in package["resources"] if not r.get("description")] == []
    assert package["licenses"]
    assert package["sources"]


def test_feeds_parse_and_lead_to_files(site_folder, published):
    for name in ("mentions", "annotations", "changes"):
        found = feedparser.parse((site_folder / "feeds" / f"{name}.atom").read_bytes())
        assert (found.bozo, found.version) == (False, "atom10")
        assert found.entries or name == "changes"
        for entry in found.entries:
            assert (site_folder / "feeds" / entry.link.partition("#")[0]).resolve().is_file()
        for entry in feedparser.parse((published / "feeds" / f"{name}.atom").read_bytes()).entries:
            assert entry.id.startswith("tag:archive.example,")
            path = entry.link.partition("#")[0].removeprefix(f"{BASE}/")
            assert (published / path / "index.html").is_file()


def test_a_published_page_names_its_address_and_citations_lead_there(published):
    quote = read(published / "q/one/index.html")
    assert quote.xpath("//link[@rel='canonical']/@href") == [f"{BASE}/q/one/"]
    [files] = quote.xpath("//p[@class='cite-files']/a[. = 'RIS']/@href")
    for citations in (published / "q/one" / files, published / "exchange/quotes.ris"):
        assert f"UR  - {BASE}/q/one\n" in citations.read_text()
    assert quote.xpath("//meta[@property='og:url']/@content") == [f"{BASE}/q/one/"]
    assert quote.xpath("//meta[@property='og:image']/@content") == [f"{BASE}/static/card.png"]
    nodes = json.loads(quote.xpath("//script[@type='application/ld+json']")[0].text)["@graph"]
    assert nodes[0]["url"] == f"{BASE}/q/one/"
    assert list(find_broken_links(published)) == []
    assert not [path for path in pages(published) if "127.0.0.1" in path.read_text() or "localhost" in path.read_text()]


def test_json_ld_parses_and_its_addresses_are_files(published):
    whole = published / "exchange/annotations.jsonld"
    ids = {one["id"] for one in json.loads(whole.read_bytes())["first"]["items"]}
    assert f"{BASE}/exchange/annotations.jsonld#one" in ids
    parts = list(published.glob("debate/*.jsonld"))
    assert parts
    for path in [*parts, whole]:
        node = json.loads(path.read_bytes())
        assert jsonld.to_rdf(node, {"documentLoader": load_context})
        for one in node["first"]["items"]:
            assert one["id"] in ids or one["motivation"] == "linking"  # a moment is in the file of its debate alone
            cached = one["target"].get("state", {}).get("cached") if isinstance(one["target"], dict) else None
            assert not cached or (published / cached.removeprefix(f"{BASE}/")).is_file()


def test_the_exchanged_files_open_and_come_in_again(published, source, tmp_path):
    with zipfile.ZipFile(published / "exchange/annotations.qdpx") as zipped:
        assert zipped.testzip() is None
        etree.fromstring(zipped.read("project.qde"))
    copy = shutil.copytree(source, tmp_path / "db")
    for name in ("annotations.jsonld", "hypothesis.json", "annotations.csv", "annotations.qdpx"):
        file = published / "exchange" / name
        run = call(
            "annotations",
            "import",
            file,
            "--dry-run",
            "--db-dir",
            copy,
            "--actor",
            "ada",
            QUOTES="tests/specimens/quotes",
        )
        assert (run.returncode, run.stdout[:5]) == (0, "0 new"), (name, run.stdout, run.stderr[:500])


def test_texts_are_those_that_offsets_count_in(site_folder):
    with closing(sqlite3.connect(site_folder / "statements.db")) as conn:
        passages = "SELECT a.exact, a.start, a.end, a.speech_id FROM passages a"
        for exact, begin, end, speech in conn.execute(passages):
            assert (site_folder / "text" / f"{speech}.txt").read_bytes().decode()[begin:end] == exact


def test_the_journal_can_be_made_again_from_its_lines(site_folder, db_dir, tmp_path):
    with closing(open_journal(tmp_path / "journal.db")) as conn, closing(open_journal(db_dir / "journal.db")) as old:
        before = ""
        for line in (site_folder / "journal.jsonl").read_text(encoding="utf-8").splitlines():
            e = json.loads(line)
            conn.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
                (e["id"], e["time"], e["actor"], e["kind"], format_payload(e["payload"]), before, e["hash"]),
            )
            before = e["hash"]
        assert list(find_faults(conn)) == []
        assert conn.execute("SELECT * FROM entries").fetchall() == old.execute("SELECT * FROM entries").fetchall()


def test_licence_attribution_and_readme_are_there_and_no_account(site_folder):
    licence, readme = ((site_folder / name).read_text(encoding="utf-8") for name in ("LICENCE.txt", "README.txt"))
    assert "Contains Parliamentary information licensed under the Open Parliament Licence v3.0" in licence
    assert "The Licensor grants you a worldwide, royalty-free" in licence
    assert all(words in readme for words in ("sha256sum -c SHA256SUMS", "How to cite it", "How to read it"))
    assert not [path for path in site_folder.rglob("*") if path.is_file() and b"the-secret-of-ada" in path.read_bytes()]
    assert not [path for path in site_folder.rglob("*") if "accounts" in path.name]


def test_the_journal_may_be_left_out_and_the_time_given(small_db_dir, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1213747200")
    without = exported(small_db_dir, tmp_path / "without", "--no-journal")
    assert "2008-06-18T00:00:00Z" in (without / "README.txt").read_text()
    assert not list(without.rglob("journal*"))
    assert "not part of this copy" in (without / "README.txt").read_text(encoding="utf-8")
    assert list(find_broken_links(without)) == []


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/debates?house=lords&page=2", True),
        ("/debates?house=lords&year=2008", False),  # pages of every pair would be without end
        ("/coverage?by=speaker&year=2008", True),
        ("/debate/d-1?as_of=2008-06-18", False),
        ("/statements/speeches?_search=x", False),
        ("/statements?sql=select+1", False),
        ("/statements/ready?speaker=x", True),
        ("/statements/ready?sql=x", False),
        ("/log?page=2", True),
        ("/guidance/code/be-civil?page=2", True),
        ("/agreement", False),  # this site has none
        ("/q/x.bib", True),  # as the id of a quote may be
        ("/annotations/x", False),
        ("/speech/s-1?notes=end", False),
        ("/sign-in", False),
        ("/q/x/edit", False),
        ("/q/..", False),
    ],
)
def test_page_rules_choose_the_pages_of_an_export(path, kept):
    assert PageRules({"ready": ("speaker",)}, ("/log",)).is_exported(parse_address(path)) == kept


# --- never half, and never another's folder


def test_a_killed_export_leaves_the_old_one_and_the_next_one_is_the_same_however_the_data_was_loaded(
    small_db_dir, small_site, tmp_path
):
    databases = change_layout(small_db_dir, tmp_path / "db")
    old = shutil.copytree(small_site, tmp_path / "site")
    before = (old / SUMS).read_bytes()
    process = start("export", "--db-dir", databases, "--to", old)
    part = tmp_path / ".site.part"
    while process.poll() is None and not (part / "debate").exists():
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(60) == -signal.SIGKILL
    assert part.exists()
    assert (old / SUMS).read_bytes() == before
    subprocess.run(["sha256sum", "-c", "--quiet", SUMS], cwd=old, check=True)
    page = (old / "index.html").stat()
    assert is_same(exported(databases, old, processes=2), small_site)
    assert (old / "index.html").stat().st_ino == page.st_ino  # unchanged, and so a link
    assert sorted(path.name for path in tmp_path.iterdir()) == ["db", "site"]


def test_a_folder_that_is_not_an_export_is_not_replaced(db_dir, tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.txt").write_text("mine")
    run = call("export", "--db-dir", db_dir, "--to", tmp_path / "work")
    assert (run.returncode, "something else than an export" in run.stderr) == (2, True)
    assert (tmp_path / "work" / "thesis.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_an_export_to_which_something_was_added_is_not_replaced(site_folder, db_dir, tmp_path):
    old = shutil.copytree(site_folder, tmp_path / "site")
    (old / "CNAME").write_text("archive.example")
    run = call("export", "--db-dir", db_dir, "--to", old)
    assert (run.returncode, "CNAME" in run.stderr) == (2, True)
    assert (old / "CNAME").exists()


def test_an_export_killed_between_two_renames_is_restored(tmp_path):
    with open_output_folder(tmp_path / "site") as folder:
        folder.finish(0)
    (tmp_path / "site").rename(tmp_path / ".site.old")
    with open_output_folder(tmp_path / "site") as folder:
        assert (tmp_path / "site" / MARKER).is_file()
        folder.finish(0)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_two_exports_into_one_folder_are_one_after_the_other(tmp_path):
    with open_output_folder(tmp_path / "site") as folder:
        with pytest.raises(ExportError, match="under way"), open_output_folder(tmp_path / "site"):
            pass
        folder.write_file("a", b"it goes on")
        folder.finish(0)
    assert (tmp_path / "site" / SUMS).is_file()


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x"])
def test_no_file_is_written_outside(tmp_path, name):
    with pytest.raises(ExportError), open_output_folder(tmp_path / "site") as folder:
        folder.write_file(name, b"")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--db-dir", "nowhere"), "run dispatch-box scrape"),
        (("--base-url", "javascript:alert(1)"), "is no address"),
        (("--to", "."), "name another folder"),
    ],
)
def test_errors_of_an_export_are_one_sentence(db_dir, tmp_path, arguments, told):
    where = ("--db-dir", db_dir, "--to", tmp_path / "site")
    run = call("export", *where, *arguments)
    assert (run.returncode, told in run.stderr, run.stderr.count("\n")) == (2, True, 1), run.stderr
    assert not (tmp_path / "site").exists()


def test_a_statements_db_that_is_not_loaded_to_its_end_is_not_exported(db_dir, tmp_path):
    shutil.copy(db_dir / "statements.db", tmp_path / "statements.db")
    with closing(sqlite3.connect(tmp_path / "statements.db")) as conn:
        conn.execute("PRAGMA application_id = 1")
    run = call("export", "--db-dir", tmp_path, "--to", tmp_path / "site")
    assert (run.returncode, "dispatch-box load" in run.stderr) == (2, True)


# --- in a browser, from the disk


@pytest.fixture
def opened(site_folder, browser):  # the folder first, since no other loop runs beside the browser's
    """A function that opens a file; afterwards no error may have been logged, nor anything asked but of the disk."""
    with watch_pages(browser, "file:") as new_page:

        def open_file(name, width=1440, **settings):
            page = new_page(width, **settings)
            page.on("requestfailed", lambda request: new_page.wrong.append(f"failed: {request.url}"))
            page.goto((site_folder / name).as_uri())
            return page

        yield open_file


@pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.nightly)], ids=["with scripts", "without scripts"]
)
def test_a_reader_goes_from_home_to_a_note_its_guidance_its_quote_and_back_without_a_server(opened, scripts):
    page = opened("index.html", java_script_enabled=scripts)
    page.get_by_role("link", name="Debates", exact=True).click()
    page.get_by_role("link", name="Civil Servants (Village Web Forums)").first.click()
    expect(page.locator("article.speech .words").first).not_to_have_css("font-family", "serif")
    number = page.locator(".note:has(.title:text-is('Be responsive')) .number").first.inner_text()
    page.locator(f"#reference-{number}").click()
    page.wait_for_url(f"**#note-{number}")
    page.locator(f"#note-{number} .point a").click()
    expect(page.locator("h1")).to_have_text("3. Be responsive")
    page.get_by_text("Link to this quote").first.click()
    expect(page.locator("h1")).to_have_text("Said on 3. Be responsive")
    page.get_by_role("link", name="plain text").click()
    page.wait_for_url("**.txt")


@pytest.mark.parametrize(
    "scripts", [True, pytest.param(False, marks=pytest.mark.nightly)], ids=["with scripts", "without scripts"]
)
def test_notes_are_beside_the_words_at_the_end_or_nowhere(opened, scripts):
    page = opened(f"{DEBATE}/index.html", java_script_enabled=scripts)
    for name, way in (("off", "off"), ("beside the words", "on"), ("at the end", "end")):
        page.locator(".menu > summary").click()
        page.locator(".switch").get_by_role("link", name=name).click()
        page.wait_for_selector(f".notes-{way}")
        assert page.locator("details.note > summary").first.is_visible() == (way == "on")
        assert page.locator(".endnotes #note-5").count() == (way == "end")


def test_a_reader_searches_without_a_server(opened):
    page = opened("index.html")
    page.get_by_label("Search speeches").fill("quillfeather vill")
    page.get_by_role("button", name="Search").click()
    page.locator("#found mark").first.wait_for()
    expect(page.locator("#found mark", has_text=re.compile("^village$", re.IGNORECASE)).first).to_be_visible()
    page.get_by_label("Words and").fill('"village forum" civil')
    page.locator("#found mark", has_text=re.compile("village forum", re.IGNORECASE)).first.wait_for()
    expect(page.locator("#told")).to_contain_text("found")
    assert {words.lower() for words in page.locator("#found mark").all_inner_texts()} <= {"village forum", "civil"}
    address = page.url
    page.locator("#found a").first.click()
    page.wait_for_url("**/debate/**")
    page.goto("about:blank")
    page.goto(address)
    page.locator("#found li").first.wait_for()
    page.get_by_label("Words and").fill("<b>zebra</b>")
    page.get_by_text("0 found").wait_for()


def test_without_a_script_the_page_of_search_says_what_to_do(opened):
    page = opened("find/index.html", java_script_enabled=False)
    assert "needs JavaScript" in page.locator("#needs").inner_text()
    assert not page.locator("#words").is_visible()


OWN_PAGES = ("data/index.html", "find/index.html", f"{DEBATE}/index.html")  # the site has others, or not these parts
LOOKED_AT = (
    *OWN_PAGES,
    *("index.html", "debates/index.html"),
    *(f"{DEBATE}/changes/index.html", "q/specimen-1/index.html", "coverage/by=speaker.html", "runs/index.html"),
    *("statements/disputed_readings/index.html", "guidance/participation-online/be-credible/index.html"),
)


@pytest.mark.parametrize(("scheme", "width"), ONE_LOOK)
def test_axe_finds_nothing_and_pages_fit_their_window(opened, site_folder, scheme, width):
    page = opened("index.html", width, color_scheme=scheme)
    for name in choose_pages(LOOKED_AT, scheme) if NIGHTLY else OWN_PAGES:
        page.goto((site_folder / name).as_uri())
        assert find_flaws(page) == [], name
        assert fits_every_width(page), name
