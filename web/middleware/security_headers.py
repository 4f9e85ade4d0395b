"""Headers that tell browsers to trust nothing but this site, and cookies that no script may read."""

from functools import wraps
from typing import Any

from datasette import hookimpl

from web.http.site_url import policy

REFUSED = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "microphone", "payment", "usb")
ALWAYS = {
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": ", ".join(f"{feature}=()" for feature in REFUSED).encode(),
}


@hookimpl(trylast=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Wrap the whole site, outside every other wrapper: what those refuse has the headers too."""

    def wrap(app: Any) -> Any:
        @wraps(app)
        async def with_headers(scope: Any, receive: Any, send: Any) -> None:
            secure = scope.get("scheme") == "https" or bool(datasette.setting("force_https_urls"))

            async def send_with_headers(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "headers": guarded(message.get("headers", []), secure)}
                await send(message)

            await app(scope, receive, send_with_headers)

        return with_headers

    return wrap


def guarded(headers: Any, secure: bool) -> list[tuple[bytes, bytes]]:
    """An answer's headers with ours; a policy that a page set for itself stands, and cookies are closed to scripts."""
    kept = [(k.lower(), closed(v, secure) if k.lower() == b"set-cookie" else v) for k, v in headers]
    kept = [(k, v) for k, v in kept if k not in ALWAYS]
    if not any(k == b"content-security-policy" for k, _ in kept):
        kept.append((b"content-security-policy", policy().encode()))
    return [*kept, *ALWAYS.items()]


def closed(cookie: bytes, secure: bool) -> bytes:
    """A cookie with HttpOnly and SameSite, and with Secure where the visitor came by TLS."""
    has = {part.strip().partition(b"=")[0].lower() for part in cookie.split(b";")[1:]}
    wanted = [b"HttpOnly", b"SameSite=Lax", *([b"Secure"] if secure else [])]
    return b"; ".join([cookie, *(one for one in wanted if one.partition(b"=")[0].lower() not in has)])
