"""Conditional requests (RFC 9110): make ETags, compare them with a request's, and answer 304."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from web.http.datasette_types import Request, Response
from web.http.pages import CACHE_MINUTE

ETAG = re.compile(r'(?:W/)?("[^"]*")')


def make_etag(*parts: bytes) -> str:
    """Make the ETag of an answer from its parts: 20 hexadecimal digits in quotation marks."""
    return f'"{hashlib.sha256(b"".join(parts)).hexdigest()[:20]}"'


def matches_etag(if_none_match: str, etag: str) -> bool:
    """Return True if the header If-None-Match contains the ETag, weak or strong, or is `*`."""
    return if_none_match.strip() == "*" or etag in ETAG.findall(if_none_match)


def answer_conditionally(request: Request, body: bytes, media_type: str, modified: str) -> Response:
    """Answer with a body, or with 304 if the visitor already has it.

    `modified` is when its newest part was received (UTC, in Atom's form).
    """
    time = datetime.fromisoformat(modified.replace("Z", "+00:00")).astimezone(UTC).replace(microsecond=0)
    etag = make_etag(body)
    headers = {**CACHE_MINUTE, "ETag": etag, "Last-Modified": format_datetime(time, usegmt=True)}
    status = 304 if _is_known(request.headers, etag, time) else 200
    content_type = f"{media_type}; charset=utf-8"
    return Response(b"" if status == 304 else body, status=status, headers=headers, content_type=content_type)


def _is_known(headers: Mapping[str, str], etag: str, time: datetime) -> bool:
    """Return True if the visitor has this answer; If-Modified-Since only counts without If-None-Match."""
    if (etags := headers.get("if-none-match")) is not None:
        return matches_etag(etags, etag)
    since = headers.get("if-modified-since")
    try:
        return since is not None and parsedate_to_datetime(since) >= time
    except (ValueError, TypeError):  # no date, or one without a time zone
        return False
