"""Types of what the site uses of Datasette, which has none of its own in version 0.65.

Datasette and its databases are Protocols. The site also makes requests and answers: those are Datasette's
own classes when it runs, and described for mypy alone.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import Environment, Template

Actor = Mapping[str, Any]  # who asks: id, role, and what another plugin may know of them
Scope = MutableMapping[str, Any]  # of ASGI, as are the next four
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


class Rows(Protocol):
    """The rows that a query gave."""

    rows: Sequence[sqlite3.Row]
    columns: list[str]
    truncated: bool


class Database(Protocol):
    """A database that Datasette serves."""

    name: str
    route: str
    path: str | None
    execute: Callable[..., Awaitable[Rows]]
    execute_fn: Callable[[Callable[[sqlite3.Connection], Any]], Awaitable[Any]]


class Datasette(Protocol):
    """The server, as far as the site uses it."""

    databases: Mapping[str, Any]
    static_mounts: Sequence[tuple[str, str]]
    template_dir: str | None
    jinja_env: Environment
    executor: Executor | None
    sql_time_limit_ms: int
    max_returned_rows: int

    def get_database(self, name: str | None = None) -> Any:
        """Return a database by its name: one of ours has methods of its own."""

    def setting(self, key: str) -> Any:
        """Return a setting by its name."""

    def plugin_config(self, plugin_name: str) -> Any:
        """Return the settings of a plugin."""

    def metadata(self, key: str, database: str | None = None) -> Any:
        """Return a part of the metadata."""

    def sign(self, value: object, namespace: str = "default") -> str:
        """Sign a text with the secret of the server."""

    def unsign(self, signed: str, namespace: str = "default") -> Any:
        """Return what was signed. Raises itsdangerous.BadSignature."""

    def app_css_hash(self) -> str:
        """Return a hash of Datasette's stylesheet."""

    async def get_canned_queries(self, database_name: str, actor: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the canned queries of a database."""

    async def render_template(
        self, templates: str | list[str] | Template, context: Mapping[str, Any], request: "Request | None" = None
    ) -> str:
        """Render a template with what plugins add to its context."""


class Arguments(Protocol):
    """The parameters of a query string."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the first value of a parameter."""

    def getlist(self, name: str) -> list[str]:
        """Return every value of a parameter."""

    def __iter__(self) -> Any:
        """Iterate over the names."""

    def __contains__(self, name: object) -> bool:
        """Return True if a parameter was given."""

    def __getitem__(self, name: str) -> str:
        """Return the first value of a parameter that was given."""


if TYPE_CHECKING:

    class HttpRequest:
        """A request."""

        scope: Scope
        receive: Receive

        def __init__(self, scope: Scope, receive: Receive) -> None: ...

        @property
        def method(self) -> str: ...
        @property
        def url(self) -> str: ...
        @property
        def url_vars(self) -> dict[str, str]: ...
        @property
        def scheme(self) -> str: ...
        @property
        def headers(self) -> dict[str, str]: ...
        @property
        def host(self) -> str: ...
        @property
        def cookies(self) -> dict[str, str]: ...
        @property
        def path(self) -> str: ...
        @property
        def query_string(self) -> str: ...
        @property
        def full_path(self) -> str: ...
        @property
        def args(self) -> Arguments: ...
        @property
        def actor(self) -> Actor | None: ...

        async def post_body(self) -> bytes: ...
        async def post_vars(self) -> dict[str, str]: ...

    class HttpResponse:
        """An answer."""

        body: str | bytes
        status: int
        headers: dict[str, str]
        content_type: str

        def __init__(
            self,
            body: str | bytes | None = None,
            status: int = 200,
            headers: Mapping[str, str] | None = None,
            content_type: str = "text/plain",
        ) -> None: ...

        async def asgi_send(self, send: Send) -> None: ...

        def set_cookie(
            self,
            key: str,
            value: str = "",
            max_age: int | None = None,
            path: str = "/",
            secure: bool = False,
            httponly: bool = False,
            samesite: str = "lax",
        ) -> None: ...

        @classmethod
        def html(cls, body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> "HttpResponse": ...
        @classmethod
        def text(cls, body: str, status: int = 200, headers: Mapping[str, str] | None = None) -> "HttpResponse": ...
        @classmethod
        def json(
            cls,
            body: object,
            status: int = 200,
            headers: Mapping[str, str] | None = None,
            default: Callable[[Any], Any] | None = None,
        ) -> "HttpResponse": ...
        @classmethod
        def redirect(cls, path: str, status: int = 302, headers: Mapping[str, str] | None = None) -> "HttpResponse": ...

    Request = HttpRequest  # Datasette's names
    Response = HttpResponse
else:
    from datasette.utils.asgi import Request, Response

View = Callable[[Datasette, Request], Awaitable[Response]]
