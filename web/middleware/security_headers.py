"""Security headers: browsers load nothing from other hosts, and no script can read cookies."""

import re
from collections.abc import Mapping
from functools import wraps

from datasette.utils import StartupError

from web.http.datasette_types import App, Datasette, Headers, Message, Receive, Scope, Send
from web.http.portraits import find_portrait_host
from web.http.security_policy import (
    PolicyError,
    Sources,
    find_wider_policies,
    read_wider_policies,
    write_security_policy,
)
from web.http.site_url import is_served_by_https
from web.urls import url_for

ROOT_PATH = re.compile(rb"(;\s*path=)/(?=;|$)", re.IGNORECASE)
FEATURES = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
FIXED_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": ", ".join(f"{feature}=()" for feature in FEATURES).encode(),
}


def add_security_headers(datasette: Datasette, app: App) -> App:
    """Wrap an ASGI application so that every answer has the security headers. Raises StartupError on a bad setting."""
    policies = _read_policies(datasette)

    @wraps(app)
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        secure = scope.get("scheme") == "https" or is_served_by_https() or bool(datasette.setting("force_https_urls"))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                policy = write_security_policy(*find_wider_policies(policies, scope["path"]), allow_portraits())
                message = {**message, "headers": protect_headers(message.get("headers", []), secure, policy)}
            await send(message)

        await app(scope, receive, send_with_headers)

    return serve


def _read_policies(datasette: Datasette) -> Mapping[str, Sources]:
    """Read what widens the policy from the plugin's settings."""
    setting = (datasette.plugin_config("dispatch-box") or {}).get("content-security-policy")
    try:
        return read_wider_policies({} if setting is None else setting)
    except PolicyError as error:
        raise StartupError(f"the settings cannot be used: {error}") from error


def allow_portraits() -> Sources:
    """Return what the policy needs for portraits: their host alone, and nothing if they are off."""
    return {"img-src": (host,)} if (host := find_portrait_host()) else {}


def protect_headers(headers: Headers, secure: bool, policy: str) -> list[tuple[bytes, bytes]]:
    """Add the security headers, except over a page's own policy, and protect cookies."""
    result = [(k.lower(), protect_cookie(v, secure) if k.lower() == b"set-cookie" else v) for k, v in headers]
    result = [(k, v) for k, v in result if k not in FIXED_HEADERS]
    if not any(k == b"content-security-policy" for k, _ in result):
        result.append((b"content-security-policy", policy.encode()))
    return [*result, *FIXED_HEADERS.items()]


def protect_cookie(cookie: bytes, secure: bool) -> bytes:
    """Add HttpOnly and SameSite to a Set-Cookie header, Secure over HTTPS, and set the path to that of the site."""
    cookie = ROOT_PATH.sub(lambda found: found[1] + url_for("home").encode(), cookie)
    present = {part.strip().partition(b"=")[0].lower() for part in cookie.split(b";")[1:]}
    wanted = [b"HttpOnly", b"SameSite=Lax", *([b"Secure"] if secure else [])]
    return b"; ".join([cookie, *(one for one in wanted if one.partition(b"=")[0].lower() not in present)])
