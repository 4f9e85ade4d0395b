"""Headers that tell browsers to trust nothing but this site; Datasette's own pages keep the scripts within them."""

from functools import wraps
from typing import Any

from datasette import hookimpl

OURS = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
DATASETTE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
)
BOTH = "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
PATHS = ("/statements", "/-/", "/_memory", "/_internal")
ALWAYS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


@hookimpl
def asgi_wrapper(datasette: Any) -> Any:
    """Wrap the whole site."""

    def wrap(app: Any) -> Any:
        @wraps(app)
        async def with_headers(scope: Any, receive: Any, send: Any) -> None:
            policy = (DATASETTE if scope.get("path", "").startswith(PATHS) else OURS) + BOTH

            async def send_with_headers(message: Any) -> None:
                if message["type"] == "http.response.start":
                    kept = [(k, v) for k, v in message.get("headers", []) if k.lower() != b"referrer-policy"]
                    message = {**message, "headers": [*kept, *ALWAYS, (b"content-security-policy", policy.encode())]}
                await send(message)

            await app(scope, receive, send_with_headers)

        return with_headers

    return wrap
