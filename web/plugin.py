"""The site as a Datasette plugin: the order of its middleware, and its modules with hooks."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from datasette import hookimpl

from web.http.visibility import start_without_viewer
from web.middleware.etags import add_etags
from web.middleware.page_cache import cache_pages
from web.middleware.request_guard import guard_requests
from web.middleware.security_headers import add_security_headers
from web.middleware.sql_sandbox import note_visitor_sql
from web.middleware.trailing_slash import redirect_final_slashes

MIDDLEWARE = (  # from the outside in: each sees a request before the next, and an answer after it
    add_security_headers,  # outermost, so that refusals of the others have the headers too
    note_visitor_sql,
    start_without_viewer,
    guard_requests,
    add_etags,
    cache_pages,  # it stores the answers of pages without what the others add
    redirect_final_slashes,  # innermost: it replaces answers
)
MODULES = (
    "web.sign_in.routes",
    "web.middleware.sql_sandbox",
    "web.middleware.database_reload",
    "web.annotate.routes",
    "web.http.as_of_date",
    "web.blind.routes",
    "web.crawlers.routes",
    "web.middleware.request_guard",
    "web.tables.cells",
    "web.tables.moved_rows",
    "web.protocol.routes",
    "web.tables.column_descriptions",
    "web.rendering.filters",
    "web.urls",
)


@hookimpl(trylast=True)
def asgi_wrapper(datasette: Any) -> Any:
    """Wrap Datasette in the site's middleware."""

    def wrap(app: Any) -> Any:
        for add in reversed(MIDDLEWARE):
            app = add(datasette, app)
        return app

    return wrap


def load_modules() -> Iterator[tuple[str, Any]]:
    """Import each module that implements Datasette hooks, this one first."""
    for name in (__name__, *MODULES):
        yield name, import_module(name)
