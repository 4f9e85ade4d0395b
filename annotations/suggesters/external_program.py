"""Any program as a suggester: it reads speeches and points as lines of JSON, and answers with lines of JSON.

Input, a line per speech: {"speech", "gid", "text", "sentences": [[start, end]], "points": [{"id", "title",
"paraphrase"}]}. Output, a line per suggestion: {"speech", "point", and either "exact" or "start" and "end"}, optionally
"prefix", "suffix", "rule", "score" (0 to 1) and "evidence" (text). Offsets are code points of the text, end exclusive.
"""

import json
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Any, NamedTuple

from annotations.anchoring.locate import locate_quote
from annotations.text.sentences import find_sentences
from db.records.annotation import PROVEN, Selector, SuggesterInput, Suggestion
from db.records.guidance import Point

MAX_ANSWER_BYTES = 32 << 20  # of one program
MAX_EVIDENCE = 2000  # characters of evidence
FIELDS = {"speech", "point", "exact", "start", "end", "prefix", "suffix", "rule", "score", "evidence"}
TEXT_FIELDS = FIELDS - {"start", "end", "score"}


class ProgramError(Exception):
    """A program that cannot be started, fails, takes too long or prints too much; its answer is discarded."""


class ProgramAnswer(NamedTuple):
    """The suggestions of a program, a message for each faulty line, and the number of quotes not in the text."""

    suggestions: list[tuple[SuggesterInput, Suggestion]]
    faults: list[str]
    refused: int


def run_program(
    command: Sequence[str], speeches: Iterable[SuggesterInput], points: Sequence[Point], seconds: float
) -> bytes:
    """Start a program, send it every speech and return its output, within a time limit. Raises ProgramError."""
    described = [{"id": point.id, "title": point.title, "paraphrase": point.paraphrase} for point in points]
    with tempfile.TemporaryFile() as requests:
        for speech in speeches:
            requests.write(_format_request(speech, described))
        requests.seek(0)
        try:
            process = subprocess.Popen(command, stdin=requests, stdout=subprocess.PIPE, start_new_session=True)
        except (OSError, ValueError) as error:
            raise ProgramError(f"{command[0]} cannot be started: {error}") from error
        with process:
            try:
                return _read_answer(process, time.monotonic() + seconds)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # with every process that it started


def _format_request(speech: SuggesterInput, points: Sequence[Mapping[str, str]]) -> bytes:
    bounds = list(find_sentences(speech.text))
    line = {"speech": speech.speech_id, "gid": speech.gid, "text": speech.text, "sentences": bounds, "points": points}
    return json.dumps(line).encode() + b"\n"


def _read_answer(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    answer = _read_output(process.stdout, deadline) if process.stdout else b""
    try:
        code = process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise ProgramError("the program did not end in time; --seconds gives it longer") from error
    if code:
        raise ProgramError(f"the program ended with exit code {code}")
    return answer


def _read_output(output: IO[bytes], deadline: float) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while select.select([output], [], [], max(0.0, deadline - time.monotonic()))[0]:
        chunk = os.read(output.fileno(), 1 << 16)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise ProgramError(f"the program answered with more than {MAX_ANSWER_BYTES >> 20} MiB")
    raise ProgramError("the program did not end in time; --seconds gives it longer")


def read_suggestions(
    answer: bytes, speeches: Mapping[str, SuggesterInput], points: Collection[str], version: str
) -> ProgramAnswer:
    """Read suggestions from lines of JSON; count as refused those whose words `locate_quote` does not find."""
    suggestions: list[tuple[SuggesterInput, Suggestion]] = []
    faults, refused = [], 0
    for number, line in enumerate(answer.splitlines(), 1):
        if not line.strip():
            continue
        try:
            fields = _read_fields(line, points)
            speech = speeches[fields["speech"]]
        except (ValueError, RecursionError, KeyError) as error:
            what = f"there is no speech {error}" if isinstance(error, KeyError) else str(error) or "nested too deeply"
            faults.append(f"line {number}: {what[:300]}")
            continue
        suggestion = _make_suggestion(fields, speech.text, version)
        suggestions += [(speech, suggestion)] if suggestion else []
        refused += not suggestion
    return ProgramAnswer(suggestions, faults, refused)


def _read_fields(line: bytes, points: Collection[str]) -> dict[str, Any]:
    """Parse and check the fields of a line. Raises ValueError."""
    fields = json.loads(line)
    if not isinstance(fields, dict) or not {"speech", "point"} <= fields.keys() <= FIELDS:
        raise ValueError(f"it must be an object with speech, point and no other keys than {', '.join(sorted(FIELDS))}")
    if wrong := sorted(key for key in TEXT_FIELDS & fields.keys() if not isinstance(fields[key], str)):
        raise ValueError(f"{wrong[0]} must be text")
    if wrong := sorted(key for key in ("start", "end") if key in fields and type(fields[key]) is not int):
        raise ValueError(f"{wrong[0]} must be a whole number")
    if ("start" in fields) != ("end" in fields) or not ({"exact", "start"} & fields.keys()):
        raise ValueError("give exact, or start and end, or all three")
    score = fields.setdefault("score", 1.0)
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ValueError("score must be a number from 0 to 1")
    if fields["point"] not in points:
        raise ValueError(f"there is no point {fields['point']!r}")
    return fields


def _make_suggestion(fields: Mapping[str, Any], text: str, version: str) -> Suggestion | None:
    """Make the suggestion of a line; None where the text does not have its words."""
    get = fields.get
    start, end = get("start"), get("end")
    in_text = start is not None and end is not None and 0 <= start < end <= len(text)
    exact = get("exact", text[start:end] if in_text else "")
    if not exact.strip() or (start is not None and not in_text):
        return None
    selector = Selector(exact=exact, prefix=get("prefix", ""), suffix=get("suffix", ""), start=start, end=end)
    anchor = locate_quote(text, selector)
    if anchor.state not in PROVEN or anchor.start is None or anchor.end is None:
        return None
    rule, evidence = (
        _remove_control_characters(get("rule", ""))[:200],
        _remove_control_characters(get("evidence", ""))[:MAX_EVIDENCE],
    )
    return Suggestion(
        point_id=fields["point"],
        start=anchor.start,
        end=anchor.end,
        triggers=(),
        rule=rule,
        version=version,
        score=float(fields["score"]),
        evidence=evidence,
    )


def _remove_control_characters(text: str) -> str:
    """Remove the characters of a program's text that would control a terminal."""
    return "".join(character for character in text if character.isprintable()).strip()
