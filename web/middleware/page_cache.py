"""Pages that anybody may have are worked out once, and remembered until statements.db changes or a minute is over."""

from asyncio import Event
from functools import wraps
from typing import Any

from datasette import hookimpl

from web.middleware.page_store import Key, Memory, Page

LARGEST = 2_000_000  # bytes of one page
ASKED = (b"host", b"accept", b"prefer", b"origin")  # the headers by which an answer may differ
PRIVATE = (b"cookie", b"authorization", b"range")
CONDITIONS = (b"if-none-match", b"if-modified-since")


@hookimpl(tryfirst=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Wrap the site, inside every other wrapper."""
    known = datasette.databases.get("statements")
    memory = Memory(known.path) if known and known.path else None
    making: dict[Key | None, Event] = {}  # pages that are worked out this moment, for which whoever asks too waits

    def wrap(app: Any) -> Any:
        @wraps(app)
        async def remembered(scope: Any, receive: Any, send: Any) -> None:
            key = key_of(scope)
            if key in making:
                await making[key].wait()
            state = memory and memory.now()
            if memory is None or key is None or state is None:
                await app(scope, receive, send)
            elif (page := memory.get(key)) and not conditional(scope, page):
                await send(page.start)
                await send(page.body)
            else:
                made = making[key] = Event()
                sent: list[Any] = []

                async def also_kept(message: Any) -> None:
                    sent.append(message)
                    if message["type"] == "http.response.body":
                        if anybodys(sent) and memory.now() == state:
                            memory.put(key, *sent)
                        made.set()  # before it is sent: nobody waits for a slow visitor
                    await send(message)

                try:
                    await app(scope, receive, also_kept)
                finally:
                    made.set()
                    making.pop(key, None)

        return remembered

    return wrap


def key_of(scope: Any) -> Key | None:
    """What an answer depends on; None where it may be somebody's own."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    headers = dict(scope["headers"])
    if any(name in headers for name in PRIVATE):
        return None
    asked = tuple(headers.get(name) for name in ASKED)
    return (scope.get("scheme"), scope.get("raw_path") or scope["path"], scope.get("query_string"), *asked)


def conditional(scope: Any, page: Page) -> bool:
    """Whether the visitor has the page perhaps, and it is for the page itself to tell: it has a tag of its own."""
    asks = any(name in CONDITIONS for name, _ in scope["headers"])
    return asks and any(name.lower() == b"etag" for name, _ in page.start["headers"])


def anybodys(sent: list[Any]) -> bool:
    """Whether an answer came whole, and says itself that anybody may have it."""
    if len(sent) != 2 or sent[0]["status"] != 200 or sent[1].get("more_body"):
        return False
    headers = [(name.lower(), value) for name, value in sent[0]["headers"]]
    public = any(name == b"cache-control" and value.startswith((b"public", b"max-age=")) for name, value in headers)
    return public and not any(name == b"set-cookie" for name, _ in headers) and len(sent[1]["body"]) <= LARGEST
