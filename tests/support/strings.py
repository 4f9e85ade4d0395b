"""The literal text that people read: of templates, scripts, Python strings, metadata.json, columns and documents."""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

from tests.support.sources import PACKAGES, ROOT, parse

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SHOWN_ATTRIBUTES = {"alt", "aria-label", "content", "data-say", "label", "placeholder", "title"}
SCRIPT_STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
COMMENT = re.compile(r"^\s*//.*$|\s// .*$", re.MULTILINE)
SQL = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE|CREATE|DROP|PRAGMA|VALUES|JOIN|WHERE|FROM|ORDER|AND|ON)\b")
CODE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)", re.DOTALL)
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
COLUMN_COMMENT = re.compile(r"--\s*(.*)$")


class Text(NamedTuple):
    """A piece of text that people read, and the file and line where it stands."""

    file: str
    line: int
    text: str


class ShownText(HTMLParser):
    """A parser that gathers what is shown of a page: its text, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_data(self, data: str) -> None:
        self.found.append((self.getpos()[0], data))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [(self.getpos()[0], value) for name, value in attrs if name in SHOWN_ATTRIBUTES and value]


def read_template(path: Path) -> Iterator[tuple[int, str]]:
    """Read the text of a template without its Jinja, and the strings within that; one small word is a name there."""
    source = path.read_text(encoding="utf-8")
    parser = ShownText()
    parser.feed(JINJA.sub(lambda found: "…" + "\n" * found[0].count("\n"), source))
    yield from parser.found
    called = ""
    for line, kind, value in Environment(autoescape=True).lex(source):
        called = value if kind == "name" else called
        text = value.strip("\"'")
        if kind == "string" and (" " in text or text[:1].isupper() or called == "plural"):
            yield line, text


def read_module(path: Path) -> Iterator[tuple[int, str]]:
    """Read the sentences of a module: its strings of two words and more that are no SQL, and the help of commands."""
    tree = parse(path)
    nodes = list(ast.walk(tree))
    expressions = (n.body[0] for n in nodes if isinstance(n, DOCUMENTED) and not _is_command(n) and n.body)
    skipped = {id(each.value) for each in expressions if isinstance(each, ast.Expr)}
    skipped |= {id(part) for n in nodes if isinstance(n, ast.JoinedStr) for part in n.values}
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            text = "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            text = node.value
        else:
            continue
        if " " in text.strip() and not SQL.match(text):
            yield node.lineno, text


def _is_command(node: ast.AST) -> bool:
    decorators = getattr(node, "decorator_list", [])
    return any(re.search(r"\.(command|group)\(", ast.unparse(each)) for each in decorators)


def read_script(path: Path) -> Iterator[tuple[int, str]]:
    """Read the sentences of a script: its strings of two words and more."""
    source = COMMENT.sub("", path.read_text(encoding="utf-8"))
    for found in SCRIPT_STRING.finditer(source):
        text = found[1] or found[2] or ""
        if " " in text:
            yield source.count("\n", 0, found.start()) + 1, text


def read_document(path: Path) -> Iterator[tuple[int, str]]:
    """Read the lines of a document without its code."""
    text = CODE.sub(lambda found: "…" + "\n" * found[0].count("\n"), path.read_text(encoding="utf-8"))
    yield from enumerate(text.splitlines(), 1)


def read_metadata(path: Path) -> Iterator[tuple[int, str]]:
    """Read the titles and descriptions of metadata.json."""

    def walk(value: object) -> Iterator[tuple[int, str]]:
        for key, each in value.items() if isinstance(value, dict) else ():
            if isinstance(each, str) and (key.startswith(("title", "description")) or key in {"label", "units"}):
                yield 1, each
            else:
                yield from walk(each)

    yield from walk(json.loads(path.read_text(encoding="utf-8")))


def read_columns(path: Path) -> Iterator[tuple[int, str]]:
    """Read the comments of a schema, from which the descriptions of columns are made."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if found := COLUMN_COMMENT.search(line):
            yield number, found[1]


def read_everything() -> Iterator[Text]:
    """Read every text that people see, file by file."""
    readers = [
        *((path, read_module) for package in PACKAGES for path in (ROOT / package).rglob("*.py")),
        *((path, read_template) for path in (ROOT / "web").rglob("*.html")),
        *((path, read_script) for folder in ("web", "export") for path in (ROOT / folder).rglob("*.js")),
        *((path, read_document) for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))),
        (ROOT / "metadata.json", read_metadata),
        (ROOT / "db/statements/schema.sql", read_columns),
    ]
    for path, read in sorted(readers, key=lambda each: str(each[0])):
        file = str(path.relative_to(ROOT))
        yield from (Text(file, line, " ".join(text.split())) for line, text in read(path) if text.strip(" …\n"))
