"""Guidance documents and points, and the rules that propose sentences for a point."""

from typing import Literal, NamedTuple

Reading = Literal["said", "implied", "contradicts"]
RuleScope = Literal["sentence", "speech"]


class Point(NamedTuple):
    """One point of a guidance document, in our own words; `reads` are points that it refers to, each with a reading.

    `examples` are sentences of our own, as a minister might put the point; those of the record are compared with them.
    """

    id: str
    document_id: str
    parent_id: str | None
    number: str | None
    title: str
    paraphrase: str
    url: str | None
    reads: tuple[tuple[str, Reading], ...]
    examples: tuple[str, ...] = ()


class Guidance(NamedTuple):
    """A guidance document and its points, in order."""

    id: str
    title: str
    author: str
    published: str
    url: str | None
    note: str
    points: tuple[Point, ...]


class Near(NamedTuple):
    """Two terms of a rule, in either order, with at most `words` words between them."""

    terms: tuple[str, str]
    words: int


class Rule(NamedTuple):
    """The conditions under which a sentence is proposed for a point: all of, any of, none of, near, about.

    A term is words; alternatives are separated by |, and a word that ends with * matches any ending. `within` is where
    all terms must be found; the terms of `about` may stand anywhere in the speech, in the speech before it, or in the
    heading of the debate. `score` is the confidence of the rule's author, above 0 and at most 1.
    """

    id: str
    point_id: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    about: tuple[str, ...] = ()
    within: RuleScope = "sentence"
    score: float = 0.5
    note: str = ""
