"""Files that people import: annotations in four formats, and TOML files of guidance, quotes, rules and topics."""

import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from annotations.curated.toml_files import CuratedError, read_guidance, read_quotes
from annotations.exchange.bundle import ExchangeError
from annotations.exchange.formats import FORMATS
from annotations.exchange.import_plan import ImportContext, plan_import
from annotations.projection.capture import capture_words_on_page, find_speech
from annotations.suggesters.rule_files import read_rules
from db.journal.entries import JournalError, append_entries, open_journal
from db.statements.store import open_store
from scrapers.scope.topics import TopicError, read_topics
from tests.fuzz.documents import CRASHES, ROOT, SPECIMENS

FOLDERS = {
    "guidance": ROOT / "annotations" / "guidance",
    "rules": ROOT / "annotations" / "rules",
    "quotes": SPECIMENS / "quotes",
}
QDE = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="x"><Users><User guid="{0}1" name="ada"/></Users>
<CodeBook><Codes><Code guid="{0}2" name="participation-online/be-consistent" isCodable="true">
</Code><Code guid="{0}3" name="said" isCodable="true"/></Codes></CodeBook>
<Variables><Variable guid="{0}4" name="speech" typeOfVariable="Text"/></Variables>
<Sources><TextSource guid="{0}5" name="2008-06-22c.101.5" plainTextPath="internal://{0}5.txt">
<PlainTextSelection guid="{0}6" startPosition="0" endPosition="12" creatingUser="{0}1"
 creationDateTime="2026-01-01T00:00:00Z">
<Coding guid="{0}7" creatingUser="{0}1"><CodeRef targetGUID="{0}2"/></Coding>
<Coding guid="{0}8" creatingUser="{0}1"><CodeRef targetGUID="{0}3"/></Coding></PlainTextSelection>
<VariableValue><VariableRef targetGUID="{0}4"/><TextValue>2008-06-22c.101.5</TextValue></VariableValue>
</TextSource></Sources></Project>""".format("0a000000-0000-4000-8000-00000000000")


class ImportFile(NamedTuple):
    """A file to import: the way in that reads it, its name, and its bytes."""

    target: str
    name: str
    body: bytes


def read_import_files() -> list[ImportFile]:
    """Read one or more files for each way in."""
    exchange = SPECIMENS / "exchange"
    found = [ImportFile("refi", "project.qdpx", _make_project())]
    for target, path in (
        ("hypothesis", exchange / "hypothesis.json"),
        ("csv", exchange / "rows.csv"),
        ("w3c", exchange / "w3c.jsonld"),
        ("topics", ROOT / "scrapers" / "topics.toml"),
        *((target, path) for target, folder in FOLDERS.items() for path in sorted(folder.glob("*.toml"))),
        *(("refi", path) for path in CRASHES.glob("*.qdpx")),
    ):
        found.append(ImportFile(target, path.name, path.read_bytes()))
    return found


def _make_project() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zip:
        zip.writestr("project.qde", QDE)
        zip.writestr("Sources/0a000000-0000-4000-8000-000000000005.txt", "This morning I sent a sheet.")
    return made.getvalue()


class Importer:
    """The ways in for files, over a database of statements and an empty journal."""

    def __init__(self, statements: Path, folder: Path) -> None:
        self.statements = statements
        self.folder = folder
        for name, source in FOLDERS.items():
            shutil.copytree(source, folder / name)
        self.points = {point.id for document in read_guidance() for point in document.points}
        self.readers: Mapping[str, Callable[[Path], object]] = {
            "guidance": read_guidance,
            "quotes": partial(read_quotes, points=self.points),
            "rules": partial(read_rules, points=self.points),
        }

    def import_file(self, file: ImportFile) -> bool:
        """Import a file; return False if it is refused. Any exception but a refusal is a crash."""
        try:
            if file.target in FORMATS:
                return self._import_annotations(file)
            self._read_toml(file)
        except (ExchangeError, JournalError, CuratedError, TopicError):
            return False
        return True

    def _read_toml(self, file: ImportFile) -> None:
        """Read a file among the others of its folder."""
        if file.target == "topics":
            path = self.folder / file.name
            path.write_bytes(file.body)
            read_topics(path)
            return
        path = self.folder / file.target / file.name
        before = path.read_bytes()
        path.write_bytes(file.body)
        try:
            self.readers[file.target](path.parent)
        finally:
            path.write_bytes(before)

    def _import_annotations(self, file: ImportFile) -> bool:
        read = FORMATS[file.target].read
        assert read
        items = read(file.body)
        with closing(open_store(self.statements)) as conn:
            context = ImportContext(
                annotations={},
                moments={},
                points=self.points,
                capture=partial(capture_words_on_page, conn),
                find_speech=partial(find_speech, conn),
            )
            plan = plan_import(items, context, "ada", False)
        if plan.drafts and not plan.problems:
            with TemporaryDirectory(dir=self.folder) as name, closing(open_journal(Path(name) / "j.db")) as journal:
                append_entries(journal, plan.drafts)
        return not plan.problems
