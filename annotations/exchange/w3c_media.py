"""Moments of videos in JSON-LD, read: annotations of a media fragment, whose body is the speech that is given there."""

from collections.abc import Mapping
from typing import Any

from annotations.exchange.bundle import ExchangeError
from annotations.exchange.fields import by_type, rows, text, words
from db.video_urls import VideoError, pasted

Node = Mapping[str, Any]


def fragment(where: str, target: Node) -> Node | None:
    """What selects seconds of a video in a target; None where it selects none."""
    return by_type(f"{where}: selector", rows(where, target.get("selector"))).get("FragmentSelector")


def seconds(where: str, source: str, at: Node) -> tuple[str, float, float | None]:
    """The address of a video without any time in it, and the seconds of a media fragment. Raises ExchangeError."""
    value = text(where, "the value of its FragmentSelector", at.get("value"))
    try:
        alone = pasted(source).source
        start, end = pasted(f"{alone}#{value}")[1:]
    except VideoError as error:
        raise ExchangeError(f"{where}: target.source: {error}") from error
    told = value.startswith("t=") and ("," in value) == (end is not None)
    if start is None or not told or (end is not None and end <= start):
        raise ExchangeError(f"{where}: {value[:40]!r} are no seconds of a video: write t=62, or t=62,70")
    return alone, start, end


def parted(where: str, bodies: list[Node]) -> tuple[Node, Node | None]:
    """Of the bodies that it links, the speech and the annotation whose words are said there. Raises ExchangeError."""
    linked = [each for each in bodies if "linking" in words(where, each.get("purpose")) or "source" in each]
    noted = [each for each in linked if "/annotations/" in str(each.get("source"))]
    speeches = [each for each in linked if each not in noted]
    if len(speeches) != 1 or len(noted) > 1:
        raise ExchangeError(f"{where}: it must link one speech, and at most one annotation of words in it")
    return speeches[0], noted[0] if noted else None
