"""Parser of the search box: from what a visitor typed to a safe FTS5 expression and an explanation."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

MAX_TERMS = 40  # words and phrases; FTS5 is slow with more
MAX_DEPTH = 12  # nested brackets
MAX_LENGTH = 2000  # characters
TOKEN = re.compile(
    r"""(?P<minus>-(?=[\w"“(]))?(?:["“”](?P<phrase>[^"“”]*)["“”]?(?P<star>\*)?|(?P<bracket>[()])|(?P<word>[^\s()"“”]+))"""
)
OPERATORS = frozenset({"AND", "OR", "NOT"})


class ParsedSearch(NamedTuple):
    """A search: the FTS5 expression ("" for none), its meaning in words, and the parts that were ignored."""

    match: str
    explained: str
    left_out: tuple[str, ...]


class SearchTerm(NamedTuple):
    """A word or phrase; `prefix` is True if longer words match too."""

    words: str
    prefix: bool


class SearchGroup(NamedTuple):
    """Terms and groups of which all (any, if `either`) must match, and none of `without`."""

    wanted: tuple["SearchTerm | SearchGroup", ...]
    without: tuple["SearchTerm | SearchGroup", ...] = ()
    either: bool = False


Token = str | SearchTerm
Node = SearchTerm | SearchGroup


def parse_search(typed: str) -> ParsedSearch:
    """Parse a search: words (all of them), "phrases", word*, AND, OR, NOT or -word, brackets. Any input is safe.

    >>> parse_search('power "civil service" -gathering')[:2]
    ('("power" AND "civil service") NOT "gathering"', 'all of: power, “civil service”; not: gathering')
    """
    left_out: list[str] = []
    tokens = _tokenize(typed.replace("\0", " "), left_out)
    node, _ = _parse_alternatives(tokens, 0, 0)
    if node is None and tokens:
        left_out.append("a question needs at least one word to look for, besides what to leave out")
    return (
        ParsedSearch(_write_expression(node), _explain(node), tuple(left_out))
        if node
        else ParsedSearch("", "", tuple(left_out))
    )


def _tokenize(typed: str, left_out: list[str]) -> list[Token]:
    if len(typed) > MAX_LENGTH:
        left_out.append(f"all after the first {MAX_LENGTH:,} characters")
    tokens: list[Token] = []
    for match in TOKEN.finditer(typed[:MAX_LENGTH]):
        if match["minus"]:
            tokens.append("NOT")
        if match["bracket"] or match["word"] in OPERATORS:
            tokens.append(match["bracket"] or match["word"])
        elif words := _normalise_words(match["phrase"] if match["phrase"] is not None else match["word"]):
            tokens.append(SearchTerm(words, bool(match["star"]) or (match["word"] or "").endswith("*")))
        else:
            left_out.append(f"“{match[0]}”, which has no letter and no figure")
    terms = [n for n, token in enumerate(tokens) if isinstance(token, SearchTerm)]
    if len(terms) > MAX_TERMS:
        left_out.append(f"all after the first {MAX_TERMS} words and phrases")
        return tokens[: terms[MAX_TERMS]]
    return tokens if terms else []


def _normalise_words(text: str) -> str:
    """Normalise words as the index does (unicode61): letters and digits, separated by single spaces."""
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" or c in "'’" else " " for c in text)
    return " ".join(word for word in kept.split() if any(c.isalnum() for c in word))


def _parse_alternatives(tokens: Sequence[Token], at: int, depth: int) -> tuple[Node | None, int]:
    """Parse alternatives separated by OR; return the node and the index after them."""
    found = []
    while True:
        node, at = _parse_sequence(tokens, at, depth)
        found += [node] if node else []
        if at >= len(tokens) or tokens[at] != "OR":
            return _join(found, either=True), at
        at += 1


def _parse_sequence(tokens: Sequence[Token], at: int, depth: int) -> tuple[Node | None, int]:
    """Parse terms and brackets joined by AND, NOT or nothing; return the node and the index after them."""
    sides: tuple[list[Node], list[Node]] = ([], [])
    negative = False
    while at < len(tokens) and tokens[at] != "OR":
        token = tokens[at]
        at += 1
        if token in ("AND", "NOT"):
            negative = token == "NOT"
            continue
        if token == ")":
            if depth:
                return _join_sides(*sides), at - 1
            continue
        node: Node | None
        if isinstance(token, SearchTerm):
            node = token
        elif depth < MAX_DEPTH:
            node, at = _parse_alternatives(tokens, at, depth + 1)
            at += 1
        else:
            continue
        sides[negative].extend([node] if node else [])
        negative = False
    return _join_sides(*sides), at


def _join_sides(wanted: Sequence[Node], without: Sequence[Node]) -> Node | None:
    return _join(wanted, without=tuple(without))


def _join(nodes: Sequence[Node], *, without: tuple[Node, ...] = (), either: bool = False) -> Node | None:
    """Join nodes; None without a wanted one, since FTS5 cannot search for absence only."""
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 and not without else SearchGroup(tuple(nodes), without, either)


def _write_expression(node: Node) -> str:
    if isinstance(node, SearchTerm):
        return f'"{node.words}"{" *" if node.prefix else ""}'
    wanted = _join_expressions(node.wanted, " OR " if node.either else " AND ")
    return f"{wanted} NOT {_join_expressions(node.without, ' OR ')}" if node.without else wanted


def _join_expressions(nodes: Iterable[Node], operator: str) -> str:
    bits = [
        f"({text})" if isinstance(node, SearchGroup) and node.without else text
        for node in nodes
        for text in [_write_expression(node)]
    ]
    return bits[0] if len(bits) == 1 else f"({operator.join(bits)})"


def _explain(node: Node) -> str:
    if isinstance(node, SearchTerm):
        return _explain_term(node)
    wanted = f"{'any' if node.either else 'all'} of: {', '.join(map(_explain_part, node.wanted))}"
    return f"{wanted}; not: {', '.join(map(_explain_part, node.without))}" if node.without else wanted


def _explain_part(node: Node) -> str:
    return _explain_term(node) if isinstance(node, SearchTerm) else f"({_explain(node)})"


def _explain_term(term: SearchTerm) -> str:
    words = f"“{term.words}”" if " " in term.words else term.words
    return f"{words}… (and longer)" if term.prefix else words
