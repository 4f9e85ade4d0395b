"""The address of this site, checks of local addresses, and the Content-Security-Policy."""

import os
import re
from typing import Any

HOST = re.compile(r"(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE)
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self'{media}; manifest-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
LOCAL_URL = "http://127.0.0.1:8001"


def find_base_url(request: Any) -> str:
    """Return the site's address without a final slash: BASE_URL, else the request's host if valid, else LOCAL_URL."""
    if base := os.environ.get("BASE_URL", ""):
        return base.rstrip("/")
    return f"{request.scheme}://{request.host}" if HOST.fullmatch(request.host) else LOCAL_URL


def check_local_address(address: object) -> str:
    """Return an address if it is on this site, so that a redirect to it is safe; "" for anything else."""
    return address if isinstance(address, str) and LOCAL_PATH.fullmatch(address) else ""


def write_security_policy(media: str = "") -> str:
    """Write a Content-Security-Policy that allows nothing from other hosts, except videos of the origin `media`."""
    return POLICY.format(media=f" {media}" if media else "")
