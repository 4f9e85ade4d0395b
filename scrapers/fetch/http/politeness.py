"""Politeness towards web services: User-Agent, limits, waiting, judging answers and hiding secrets; pure functions."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import escape
from typing import Literal, NamedTuple

from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable

PROGRAM_NAME = "DispatchBox"
SECRET_MARK = "(secret)"
RECHECK_INTERVAL = timedelta(days=30)  # after which an old document is requested again
CHALLENGE = re.compile(rb"<title>\s*(just a moment|attention required|access denied)", re.I)
PAGE_END = re.compile(rb"</(html|body)\s*>", re.I)
REDIRECT_STATUSES = (301, 302, 303, 307, 308)

AnswerKind = Literal["right", "unchanged", "moved", "gone", "refused", "busy", "down", "failed", "wrong"]
STATUS_KINDS: dict[int, AnswerKind] = {
    **dict.fromkeys((404, 410), "gone"),
    **dict.fromkeys((401, 403, 451), "refused"),
    429: "busy",
    500: "failed",
    **dict.fromkeys((502, 503, 504), "down"),
}
RETRIED_KINDS: tuple[AnswerKind, ...] = ("busy", "down", "failed")  # these may succeed later


class PolitenessPolicy(NamedTuple):
    """Limits of a crawl of one service, in seconds, bytes and numbers. `agent` is the User-Agent.

    `longest` is the longest wait before another try: a host that asks for more gets no more requests in this run.
    `connect` and `silence` limit waiting for a connection and for the next byte, `whole` and `size` a whole answer.
    `refusals` or `failures` in a row stop a host. `requests` and `bytes` are for the whole run. `hosts` are other hosts
    to which a redirect may lead. The newest `recent_days` of the record are requested in every run.
    """

    agent: str
    pause: float = 1.0
    tries: int = 3
    longest: float = 120.0
    connect: float = 10.0
    silence: float = 30.0
    whole: float = 120.0
    size: int = 32 << 20
    requests: int = 5000
    bytes: int = 1 << 30
    redirects: int = 5
    refusals: int = 2
    failures: int = 3
    recent_days: int = 60
    hosts: tuple[str, ...] = ()


class AnswerVerdict(NamedTuple):
    """Kind of an answer, and the reason in words if it is not right."""

    kind: AnswerKind
    reason: str = ""


def build_user_agent(project: str = "", contact: str = "") -> str:
    """Build the User-Agent from program, project and contact. Raises Unavailable if that is not a valid header.

    >>> build_user_agent("https://example.org/", "archive@example.org")
    'DispatchBox/0.1 (+https://example.org/; archive@example.org)'
    """
    where = f"+{project}" if project else "no address of the project is set"
    text = f"{PROGRAM_NAME}/0.1 ({where}; {contact or 'no contact is set'})"
    if not (text.isascii() and text.isprintable()):
        raise Unavailable(
            f"the contact must be one line of plain letters, as in an address, not {contact!r}", EXIT_SET_UP
        )
    return text


def is_due(
    last_asked: str | None, sitting: str, now: str, recent_days: int = 60, again: bool = False, since: str | None = None
) -> bool:
    """Return True if a document is to be requested again.

    Times are UTC as the archive writes them; `sitting` is its date, or "" for a recent one. A document requested at
    `since` (the start of an interrupted run) or later is not due, even with `again`.
    """
    if last_asked is None:
        return True
    if since and last_asked >= since:
        return False
    today = datetime.fromisoformat(now)
    if again or not sitting or date.fromisoformat(sitting) >= today.date() - timedelta(days=recent_days):
        return True
    return today - datetime.fromisoformat(last_asked) > RECHECK_INTERVAL


def compute_wait(headers: Mapping[str, str], attempt: int, now: datetime) -> float:
    """Return the seconds to wait before the next try: from Retry-After, or 2, 4, 8 ... 60 by `attempt` (from 0)."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return float(min(60, 2 << attempt))
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - now).total_seconds())


def hide_secrets(text: str, secrets: Iterable[str]) -> str:
    """Hide secrets in a text, however their characters are encoded in it: for an address, JSON or HTML.

    >>> hide_secrets("/api?key=a%2fB+c", ["a/B c"])
    '/api?key=(secret)'
    """
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = re.sub("".join(map(_match_encodings, secret)), SECRET_MARK, text)
    return text


def _match_encodings(character: str) -> str:
    """Return a pattern of the ways to encode a character, the longest first, as two backslashes for one."""
    encoded = "".join(f"%{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    ways = [encoded, json.dumps(character)[1:-1], f"\\{character}", escape(character), f"&#{ord(character)};"]
    ways += ["+"] if character == " " else []
    longest_first = sorted(ways, key=len, reverse=True)
    return f"(?:(?i:{'|'.join(map(re.escape, longest_first))})|{re.escape(character)})"


def judge_answer(status: int, headers: Mapping[str, str], body: bytes, media: str) -> AnswerVerdict:
    """Judge an answer; `headers` have names in small letters, `media` is json, html, or "" for anything."""
    if "cf-mitigated" in headers or (status in (200, 403, 503) and CHALLENGE.search(body[:20_000])):
        return AnswerVerdict("refused", f"HTTP {status}: a page that asks whether a person is there")
    if status == 200:
        return _judge_body(headers.get("content-type", "").partition(";")[0].strip().lower(), body, media)
    if status == 304:
        return AnswerVerdict("unchanged")
    if status in REDIRECT_STATUSES:
        return AnswerVerdict("moved")
    return AnswerVerdict(STATUS_KINDS.get(status, "wrong"), f"HTTP {status}")


def _judge_body(sent_as: str, body: bytes, media: str) -> AnswerVerdict:
    page = sent_as in ("text/html", "application/xhtml+xml")
    if media == "json" and page:
        return AnswerVerdict("refused", "a page came where JSON was asked for")
    if media == "json":
        try:
            json.loads(body)
        except (ValueError, RecursionError) as error:
            return AnswerVerdict("failed", f"the answer is not JSON, or is cut short ({type(error).__name__})")
    elif media == "html" and not page:
        return AnswerVerdict("wrong", f"{sent_as or 'something without a type'} came where a page was asked for")
    elif media == "html" and (
        not body.strip() or (b"<html" in body[:2000].lower() and not PAGE_END.search(body[-2000:]))
    ):
        return AnswerVerdict("failed", "the page breaks off before its end")
    return AnswerVerdict("right")
