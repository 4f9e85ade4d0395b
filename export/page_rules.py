"""Which addresses of the site are pages of an export; whatever needs a server is none."""

import re
from typing import NamedTuple

from export.file_names import Address

ALONG = {"page", "by", "notes", "whole", "format"}  # what may be asked beside one narrowing question


class Rule(NamedTuple):
    """Paths, and what may be asked of them: one narrowing question at a time, so that pages do not multiply."""

    path: re.Pattern[str]
    asks: frozenset[str] = frozenset()


def _rule(path: str, *asks: str) -> Rule:
    return Rule(re.compile(path), frozenset(asks))


RULES = (
    _rule(r"/|/guidance(/[^/]+)?|/runs|/feeds|/data|/find|/people/[0-9]+|/q/[^/]+|/annotations/[^/]+|/text/[\w-]+"),
    _rule(r"/moment/[^/]+\.jsonld"),
    _rule(r"/feeds/(mentions|annotations|changes|log)\.atom|/static/[^/]+|/-/static/app\.css"),
    _rule(r"/debates", "page", "house", "kind", "year", "date", "topic"),
    _rule(r"/(debate|speech)/[^/]+", "notes"),
    _rule(r"/debate/[^/]+/changes|/speech/[^/]+/editions", "whole", "format"),
    _rule(r"/coverage(\.csv)?", "by", "document", "year"),
    _rule(r"/timeline", "topic"),
    _rule(r"/people|/guidance/[^/]+/[^/]+", "page"),
)
OPTIONAL = {"/log": "Log", "/agreement": "Agreement"}  # pages that are exported where the site has them
INSTEAD = re.compile(r"/statements(?:/(?P<table>\w+))?")  # tables: what is there instead stands on one page
DOTS = re.compile(r"/\.{1,2}(/|$)")  # no address can end so: browsers leave such out
ACTIONS = re.compile(
    r"/(sign-in|sign-out|annotate|undo|reply|review|verify|search|api|healthz)(/.*)?|/q/[^/]+/.+|/speech/.+/moment"
)


class Rules:
    """The rules of one export: what every export has, and the ready questions and further pages of this site."""

    def __init__(self, questions: dict[str, tuple[str, ...]], further: tuple[str, ...]) -> None:
        """`questions` are names with their parameters; pages may stand below further ones."""
        self.questions, self.further = questions, frozenset(further)

    def keep(self, found: Address) -> bool:
        """Whether it is a page or a file of the export."""
        asks = {key for key, _ in found.asks}
        if DOTS.search(found.path):
            return False
        if self.further & {found.path, found.path.rpartition("/")[0]}:
            return asks <= {"page"}
        if (name := found.path.removeprefix("/statements/").removesuffix(".csv")) in self.questions:
            return asks <= {*self.questions[name], "_size"}
        narrowing = asks - ALONG
        return len(narrowing) < 2 and any(r.path.fullmatch(found.path) and asks <= r.asks for r in RULES)

    def instead(self, found: Address) -> str | None:
        """What of the page of data stands for a table or for all of them; None where nothing does."""
        table = INSTEAD.fullmatch(found.path)
        if not table or found.asks:
            return None
        return f"/data#{table['table']}" if table["table"] else "/data"
