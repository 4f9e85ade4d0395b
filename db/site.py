"""The address of this site, which stands in what leaves it: ids, links in files, a bookmarklet."""

import os
import re
from typing import Any

HOST = re.compile(r"(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE)
HERE = "http://127.0.0.1:8001"


def base_url(request: Any) -> str:
    """BASE_URL, without a slash at its end; where it is unset, the address that was asked, if that can be one."""
    if told := os.environ.get("BASE_URL", ""):
        return told.rstrip("/")
    return f"{request.scheme}://{request.host}" if HOST.fullmatch(request.host) else HERE
