"""Rules that choose the pages of an export, without those that need a server."""

import re
from typing import NamedTuple

from export.file_names import Address

SECONDARY_QUESTIONS = {"page", "by", "notes", "whole", "format"}  # query parameters allowed beside one filter


class PageRule(NamedTuple):
    """The paths of a kind of page and its query parameters, of which so many filters at most may be set."""

    path: re.Pattern[str]
    query: frozenset[str] = frozenset()
    most: int = 1


def _make_rule(path: str, *asks: str, most: int = 1) -> PageRule:
    """Make a rule of a pattern and the query parameters it allows."""
    return PageRule(re.compile(path), frozenset(asks), most)


RULES = (
    _make_rule(
        r"/|/guidance(/[^/]+)?|/runs|/feeds|/data|/find|/people/[0-9]+(\.(bib|ris|json|csv))?|/q/[^/]+|/text/[\w-]+"
    ),
    _make_rule(r"/moment/[^/]+\.jsonld"),
    _make_rule(r"/feeds/(mentions|annotations|changes|log)\.atom|/static/[^/]+|/-/static/app\.css"),
    _make_rule(r"/(debates|people)\.(csv|json)"),
    _make_rule(r"/debates", "page", "house", "kind", "year", "date", "topic"),
    _make_rule(r"/debate/[^/]+", "notes"),
    _make_rule(r"/speech/[^/]+"),
    _make_rule(r"/debate/[^/]+/changes|/speech/[^/]+/editions", "whole", "format"),
    _make_rule(r"/coverage(\.csv)?", "by", "document", "year"),
    _make_rule(r"/timeline", "topic"),
    _make_rule(r"/quotes", "page", "document", "point", "month", "speaker", most=2),  # a cell of the coverage has two
    _make_rule(r"/people|/guidance/[^/]+/[^/]+", "page"),
)
DEBATE_FILE = re.compile(r"/debate/[^/]+\.(bib|ris|json|csv|jsonld)")  # made with the page of the debate
OPTIONAL = {"/log": "Log", "/agreement": "Agreement"}  # pages that are exported where the site has them
TABLE_PATTERN = re.compile(r"/statements(?:/(?P<table>\w+))?")  # tables: the page /data stands for all of them
DOT_SEGMENT = re.compile(r"/\.{1,2}(/|$)")  # browsers resolve such parts of a path
ACTION_PATTERN = re.compile(
    r"/(sign-in|sign-out|annotate|undo|reply|review|verify|search|api|healthz)(/.*)?|/q/[^/]+/.+|/speech/.+/moment"
)


class PageRules:
    """The rules of one export: RULES, the canned queries, and the optional pages of this site."""

    def __init__(self, questions: dict[str, tuple[str, ...]], further: tuple[str, ...]) -> None:
        """Take `questions`, names with their parameters, and `further`, optional pages with those below them."""
        self.questions, self.further = questions, frozenset(further)

    def is_exported(self, found: Address) -> bool:
        """Return True if the address is a page or a file of the export."""
        asks = {key for key, _ in found.query}
        if DOT_SEGMENT.search(found.path):
            return False
        if self.further & {found.path, found.path.rpartition("/")[0]}:
            return asks <= {"page"}
        if (name := found.path.removeprefix("/statements/").removesuffix(".csv")) in self.questions:
            return asks <= {*self.questions[name], "_size"}
        narrowing = asks - SECONDARY_QUESTIONS
        return any(r.path.fullmatch(found.path) and asks <= r.query and len(narrowing) <= r.most for r in RULES)

    def find_substitute(self, found: Address) -> str | None:
        """Return the part of the page /data that stands for a table or for all; None for other addresses."""
        table = TABLE_PATTERN.fullmatch(found.path)
        if not table or found.query:
            return None
        return f"/data#{table['table']}" if table["table"] else "/data"
