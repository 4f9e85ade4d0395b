"""The verb that tells any program where quotes stand: `anchor`, one JSON object a line in and out."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from annotations.anchoring.locate import Segment, locate
from db.records.annotation import Anchor, Selector

TEXTS = ("quote", "prefix", "suffix", "text", "old_text", "speaker")


@click.command("anchor")
def anchor() -> None:
    """Answer, line by line, where a quote stands in a text.

    A request is an object with id, quote, prefix, suffix, start, end (in the old text, or null) and text, and perhaps
    old_text, speaker and segments (who speaks where: start, end, speaker). An answer has id, state, score and evidence,
    with start and end (code points, end exclusive) or "orphan": true. What is no request gets an "error".
    """
    for line in sys.stdin.buffer:
        if line.strip():
            click.echo(json.dumps(_answer(line)))  # echo flushes


def _answer(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"this line is not JSON: {error}"}
    if not isinstance(request, dict):
        return {"error": "this line is not a JSON object"}
    id = {"id": request["id"]} if "id" in request else {}
    if fault := _fault(request):
        return {**id, "error": fault}
    segments = [Segment(each["start"], each["end"], each.get("speaker")) for each in request.get("segments") or ()]
    found = locate(request["text"], _selector(request), request.get("old_text"), request.get("speaker"), segments)
    return {**id, **_told(found)}


def _told(anchor: Anchor) -> dict[str, Any]:
    told = {"state": anchor.state, "score": round(anchor.score, 4), "evidence": anchor.evidence}
    return told | ({"orphan": True} if anchor.start is None else {"start": anchor.start, "end": anchor.end})


def _selector(request: Mapping[str, Any]) -> Selector:
    quote, prefix, suffix = (request.get(key) or "" for key in ("quote", "prefix", "suffix"))
    return Selector(quote, prefix, suffix, request.get("start"), request.get("end"))


def _fault(request: Mapping[str, Any]) -> str:
    """What keeps an object from being a request; empty where nothing does."""
    for key in ("quote", "text"):
        if not isinstance(request.get(key), str):
            return f"{key} must be text"
    if wrong := [key for key in TEXTS if not isinstance(request.get(key), str | None)]:
        return f"{wrong[0]} must be text or null"
    if not (_counts(request, "start", "end") or _nothing(request, "start", "end")):
        return "start and end must be whole numbers, from 0, or null"
    segments = request.get("segments") or []
    if not isinstance(segments, list) or not all(
        isinstance(each, dict) and _counts(each, "start", "end") for each in segments
    ):
        return "segments must be a list of objects with start, end and speaker"
    if not all(isinstance(each.get("speaker"), str | None) for each in segments):
        return "the speaker of a segment must be text or null"
    return ""


def _counts(given: Mapping[str, Any], *keys: str) -> bool:
    return all(type(given.get(key)) is int and given[key] >= 0 for key in keys)


def _nothing(given: Mapping[str, Any], *keys: str) -> bool:
    return all(given.get(key) is None for key in keys)
