"""An answer that its visitor may have already: ETag and Last-Modified, and 304 where nothing is new."""

import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from datasette.utils.asgi import Response

from web.http.pages import CACHED

TAG = re.compile(r'(?:W/)?("[^"]*")')


def kept(request: Any, body: bytes, media_type: str, modified: str) -> Any:
    """The answer, or 304 without a body; `modified` is when its newest part came (UTC, as Atom has it)."""
    time = datetime.fromisoformat(modified.replace("Z", "+00:00")).astimezone(UTC).replace(microsecond=0)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**CACHED, "ETag": tag, "Last-Modified": format_datetime(time, usegmt=True)}
    status = 304 if _had(request.headers, tag, time) else 200
    content_type = f"{media_type}; charset=utf-8"
    return Response(b"" if status == 304 else body, status=status, headers=headers, content_type=content_type)


def _had(asked: Any, tag: str, time: datetime) -> bool:
    """Whether the visitor has this; an ETag says it better than a time, which counts only without one (RFC 9110)."""
    if (tags := asked.get("if-none-match")) is not None:
        return tags.strip() == "*" or tag in TAG.findall(tags)
    since = asked.get("if-modified-since")
    try:
        return bool(since) and parsedate_to_datetime(since) >= time
    except (ValueError, TypeError):  # no date, or one without a time zone
        return False
