"""The verb `anchor`: locate quotes in texts for any program, one JSON object per line in and out."""

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from annotations.anchoring.locate import SpeakerSegment, locate_quote
from db.records.annotation import Anchor, Selector

TEXT_FIELDS = ("quote", "prefix", "suffix", "text", "old_text", "speaker")


@click.command("anchor")
def anchor() -> None:
    """Locate quotes in texts, one JSON request per line.

    A request is an object with id, quote, prefix, suffix, start, end (in the old text, or null) and text. It may have
    old_text, speaker and segments (a list of start, end and speaker). An answer has id, state, score and evidence, with
    start and end (code points, end exclusive) or "orphan": true. A line that is no such request gets an "error".
    """
    for line in sys.stdin.buffer:
        if line.strip():
            click.echo(json.dumps(_answer_request(line)))  # echo flushes


def _answer_request(line: bytes) -> dict[str, Any]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"this line is not JSON: {error}"}
    if not isinstance(request, dict):
        return {"error": "this line is not a JSON object"}
    id = {"id": request["id"]} if "id" in request else {}
    if fault := _find_fault(request):
        return {**id, "error": fault}
    segments = [
        SpeakerSegment(each["start"], each["end"], each.get("speaker")) for each in request.get("segments") or ()
    ]
    found = locate_quote(
        request["text"], _read_selector(request), request.get("old_text"), request.get("speaker"), segments
    )
    return {**id, **_describe_anchor(found)}


def _describe_anchor(anchor: Anchor) -> dict[str, Any]:
    answer = {"state": anchor.state, "score": round(anchor.score, 4), "evidence": anchor.evidence}
    return answer | ({"orphan": True} if anchor.start is None else {"start": anchor.start, "end": anchor.end})


def _read_selector(request: Mapping[str, Any]) -> Selector:
    return Selector(
        exact=request.get("quote") or "",
        prefix=request.get("prefix") or "",
        suffix=request.get("suffix") or "",
        start=request.get("start"),
        end=request.get("end"),
    )


def _find_fault(request: Mapping[str, Any]) -> str:
    """Return the reason why an object is no request; empty where it is one."""
    for key in ("quote", "text"):
        if not isinstance(request.get(key), str):
            return f"{key} must be text"
    if wrong := [key for key in TEXT_FIELDS if not isinstance(request.get(key), str | None)]:
        return f"{wrong[0]} must be text or null"
    if not (_has_numbers(request, "start", "end") or request.get("start") is request.get("end") is None):
        return "start and end must be whole numbers, from 0, or null"
    segments = request.get("segments") or []
    if not isinstance(segments, list) or not all(
        isinstance(each, dict) and _has_numbers(each, "start", "end") for each in segments
    ):
        return "segments must be a list of objects with start, end and speaker"
    if not all(isinstance(each.get("speaker"), str | None) for each in segments):
        return "the speaker of a segment must be text or null"
    return ""


def _has_numbers(given: Mapping[str, Any], *keys: str) -> bool:
    return all(type(given.get(key)) is int and given[key] >= 0 for key in keys)
