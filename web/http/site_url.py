"""The address of this site, and checks of local addresses."""

import os
import re
from urllib.parse import urlsplit

from web.http.datasette_types import Datasette, Request
from web.urls import PREFIX, url_for

OWN_HOST = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
LOCAL_URL = "http://127.0.0.1:8001"


def is_site_address(address: str) -> bool:
    """Return True if an address can be that of the site: http or https with a host, and without query or fragment."""
    return _parse_origin(address) is not None and not set(address) & set("?#\\@ ")


def find_base_url(request: Request) -> str:
    """Return the site's address without a final slash: BASE_URL, else that of this machine; no other Host counts."""
    if base := os.environ.get("BASE_URL", ""):
        return base.rstrip("/")
    host = f"{request.scheme}://{request.host}" if OWN_HOST.fullmatch(request.host) else LOCAL_URL
    return host + PREFIX.get()


def find_public_url() -> str:
    """Return the site's address for others, by BASE_URL; "" if that is not set, or names this machine."""
    base = os.environ.get("BASE_URL", "").rstrip("/")
    return "" if OWN_HOST.fullmatch(urlsplit(base).netloc) else base


def knows_own_address(request: Request) -> bool:
    """Return True if BASE_URL is set, or the request came to this machine by its own name."""
    return bool(os.environ.get("BASE_URL") or OWN_HOST.fullmatch(request.host))


def find_own_origin(request: Request) -> str:
    """Return the scheme and host, with its port, of the site's address, in small letters."""
    parts = urlsplit(find_base_url(request))
    return f"{parts.scheme}://{parts.netloc}".lower()


def find_own_host(request: Request) -> str:
    """Return the host, with its port, of the site's address."""
    return urlsplit(find_base_url(request)).netloc


def is_served_by_https() -> bool:
    """Return True if BASE_URL says that visitors reach the site over TLS."""
    return os.environ.get("BASE_URL", "").startswith("https://")


def is_own_origin(request: Request, origin: str) -> bool:
    """Return True if the header Origin names this site."""
    return _parse_origin(origin) == _parse_origin(find_base_url(request)) is not None


def _parse_origin(address: str) -> tuple[str, str, int | None] | None:
    """Return the scheme, host and port of an address; None if it is not one of the web."""
    try:
        parts = urlsplit(address)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return None
    is_web = parts.scheme in ("http", "https") and parts.hostname and port
    return (parts.scheme, str(parts.hostname), port) if is_web else None


def is_database_address(datasette: Datasette, path: str) -> bool:
    """Return True if a path is that of a database, or of something in it."""
    return re.split(r"[/.]", f"{path}/")[1] in datasette.databases


def check_local_address(address: object) -> str:
    """Return an address if it is on this site, under its prefix, so that a redirect to it is safe; else ""."""
    is_local = isinstance(address, str) and LOCAL_PATH.fullmatch(address) and address.startswith(url_for("home"))
    return str(address) if is_local else ""
