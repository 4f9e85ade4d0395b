"""Parser of the search box: from what a visitor typed to a tree of terms, and a safe FTS5 expression of it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MAX_TERMS = 40  # words and phrases; FTS5 is slow with more
MAX_DEPTH = 12  # nested brackets
MAX_LENGTH = 2000  # characters
TOKEN = re.compile(
    r"""(?P<minus>-(?=[\w"“(]))?(?:["“”](?P<phrase>[^"“”]*)["“”]?(?P<star>\*)?|(?P<bracket>[()])|(?P<word>[^\s()"“”]+))"""
)
OPERATORS = frozenset({"AND", "OR", "NOT"})


class SearchTerm(NamedTuple):
    """A word or phrase; `prefix`: longer words match too; `exact`: only these words match, no other forms of them."""

    words: str
    prefix: bool = False
    exact: bool = False


class SearchGroup(NamedTuple):
    """Terms and groups of which all (any, if `either`) must match, and none of `without`."""

    wanted: tuple["SearchTerm | SearchGroup", ...]
    without: tuple["SearchTerm | SearchGroup", ...] = ()
    either: bool = False


Token = str | SearchTerm
Node = SearchTerm | SearchGroup


class ParsedSearch(NamedTuple):
    """A search: its tree (None if there is nothing to look for), and the parts of the text that were ignored."""

    node: Node | None
    left_out: tuple[str, ...] = ()

    @property
    def match(self) -> str:
        """The FTS5 expression, "" for none; where words must be exact it finds other forms of them too."""
        return write_expression(self.node) if self.node else ""

    @property
    def explained(self) -> str:
        """The meaning in words, "" for none."""
        return explain_node(self.node) if self.node else ""


def parse_search(typed: str) -> ParsedSearch:
    """Parse a search: words (all of them), "exact words", word*, AND, OR, NOT or -word, brackets. Any input is safe.

    >>> search = parse_search('power "public house" -gathering')
    >>> search.match, search.explained
    ('("power" AND "public house") NOT "gathering"', '“power” and the exact words “public house”, without “gathering”')
    """
    left_out: list[str] = []
    tokens = _tokenize(typed.replace("\0", " "), left_out)
    node, _ = _parse_alternatives(tokens, 0, 0)
    if node is None and tokens:
        left_out.append("a search needs at least one word to find, besides those to leave out")
    return ParsedSearch(node, tuple(left_out))


def list_terms(node: Node | None) -> Iterator[SearchTerm]:
    """Yield the terms that are wanted somewhere in a tree."""
    if isinstance(node, SearchTerm):
        yield node
    elif node:
        for each in node.wanted:
            yield from list_terms(each)


def list_required_terms(node: Node | None) -> tuple[SearchTerm, ...]:
    """Return the terms of which all must match, in their order; without those in brackets with OR."""
    if isinstance(node, SearchTerm):
        return (node,)
    if not node or node.either:
        return ()
    return tuple(each for each in node.wanted if isinstance(each, SearchTerm))


def remove_terms(node: Node | None, terms: Sequence[SearchTerm]) -> Node | None:
    """Return a tree without some of its required terms; None if nothing is wanted then."""
    if not isinstance(node, SearchGroup):
        return None if node in terms else node
    return _join([each for each in node.wanted if each not in terms], without=node.without, either=node.either)


def is_exact_somewhere(node: Node | None) -> bool:
    """Return True if a term of a tree must be exact, wanted or not."""
    if isinstance(node, SearchGroup):
        return any(map(is_exact_somewhere, (*node.wanted, *node.without)))
    return bool(node and node.exact)


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
            prefix = bool(match["star"]) or (match["word"] or "").endswith("*")
            tokens.append(SearchTerm(words, prefix, exact=match["phrase"] is not None and not prefix))
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


def write_expression(node: Node) -> str:
    """Write the FTS5 expression of a tree.

    What must be exact and absent is left out: the index would drop texts with other forms of the words, too.
    """
    if isinstance(node, SearchTerm):
        return f'"{node.words}"{" *" if node.prefix else ""}'
    wanted = _join_expressions(node.wanted, " OR " if node.either else " AND ")
    without = [each for each in node.without if not is_exact_somewhere(each)]
    return f"{wanted} NOT {_join_expressions(without, ' OR ')}" if without else wanted


def _join_expressions(nodes: Iterable[Node], operator: str) -> str:
    bits = [
        f"({text})" if isinstance(node, SearchGroup) and node.without else text
        for node in nodes
        for text in [write_expression(node)]
    ]
    return bits[0] if len(bits) == 1 else f"({operator.join(bits)})"


def explain_node(node: Node) -> str:
    """Explain a tree in words that follow "speeches with"."""
    if isinstance(node, SearchTerm):
        return _explain_term(node)
    wanted = join_words([_explain_part(each) for each in node.wanted], "or" if node.either else "and")
    without = join_words([_explain_part(each) for each in node.without], "or")
    return f"{wanted}, without {without}" if without else wanted


def _explain_part(node: Node) -> str:
    return _explain_term(node) if isinstance(node, SearchTerm) else f"({explain_node(node)})"


def _explain_term(term: SearchTerm) -> str:
    if term.prefix:
        return f"“{term.words}…”"
    return f"the exact word{'s' if ' ' in term.words else ''} “{term.words}”" if term.exact else f"“{term.words}”"


def join_words(words: Sequence[str], conjunction: str) -> str:
    """Join words as a sentence lists them.

    >>> join_words(["a", "b", "c"], "or")
    'a, b or c'
    """
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}" if len(words) > 1 else "".join(words)
