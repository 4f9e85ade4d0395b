"""The address of this site, as it stands in ids, in the links of files and in the bookmarklet."""

import os
import re
from typing import Any

HOST = re.compile(r"(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE)
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'{media}; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LOCAL_URL = "http://127.0.0.1:8001"


def find_base_url(request: Any) -> str:
    """Return BASE_URL without a slash at its end; if it is unset, the address that was asked, if that can be one."""
    if told := os.environ.get("BASE_URL", ""):
        return told.rstrip("/")
    return f"{request.scheme}://{request.host}" if HOST.fullmatch(request.host) else LOCAL_URL


def check_local_address(address: object) -> str:
    """Return an address if it is one of this site, to which a visitor may be sent on; "" for anything else."""
    return address if isinstance(address, str) and LOCAL.fullmatch(address) else ""


def write_security_policy(media: str = "") -> str:
    """Write a page's Content-Security-Policy: nothing from elsewhere, except videos of one origin if it is given."""
    return POLICY.format(media=f" {media}" if media else "")
