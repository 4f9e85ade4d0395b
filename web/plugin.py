"""Every hook of the site's Datasette plugin, and the order of its middleware.

Each hook imports what it needs when it is called: Datasette loads its plugins while its own modules are half imported.
A Datasette without our database is left alone: the hooks then do nothing.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from pluggy import HookimplMarker

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from web.http.datasette_types import Actor, App, Datasette, Request, Response, Scope, View

hookimpl = HookimplMarker("datasette")  # datasette.hookimpl itself, without importing datasette for a process of SQL


def list_middleware() -> "tuple[Callable[[Datasette, App], App], ...]":
    """List the middleware from the outside in: each sees a request before the next, and an answer after it."""
    from web.http.visibility import start_without_viewer
    from web.middleware.allowed_methods import limit_methods
    from web.middleware.csrf_tokens import bind_csrf_tokens
    from web.middleware.etags import add_etags
    from web.middleware.missed_entries import show_missed_entries
    from web.middleware.page_cache import cache_pages
    from web.middleware.request_guard import guard_requests
    from web.middleware.security_headers import add_security_headers
    from web.middleware.trailing_slash import redirect_final_slashes
    from web.middleware.url_prefix import strip_prefix
    from web.urls import ROUTES

    return (
        strip_prefix,  # outermost, so that all others read paths within the site
        add_security_headers,  # before the rest, so that their refusals have the headers too
        start_without_viewer,
        guard_requests,
        limit_methods(ROUTES),
        bind_csrf_tokens,
        add_etags,
        show_missed_entries,
        cache_pages,  # it stores the answers of pages without what the others add
        redirect_final_slashes,  # innermost: it replaces answers
    )


def serves_site(datasette: "Datasette") -> bool:
    """Return True if a Datasette serves a statements.db of this program."""
    from web.http.site_database import has_site_database

    return has_site_database(datasette)


@hookimpl(trylast=True)
def asgi_wrapper(datasette: "Datasette") -> "Callable[[App], App]":
    """Wrap Datasette in the site's middleware."""

    def wrap(app: "App") -> "App":
        for add in reversed(list_middleware() if serves_site(datasette) else ()):
            app = add(datasette, app)
        return app

    return wrap


@hookimpl
def register_routes(datasette: "Datasette") -> "list[tuple[str, View]]":
    """Register the routes with Datasette, and the folder of static files."""
    if not serves_site(datasette):
        return []
    from web.urls import STATIC_MOUNT
    from web.views import list_views

    if STATIC_MOUNT not in datasette.static_mounts:
        datasette.static_mounts = [*datasette.static_mounts, STATIC_MOUNT]
    return list_views()


@hookimpl(trylast=True)
def startup(datasette: "Datasette") -> None:
    """Prepare statements.db: reopened when it is replaced, visitors' SQL in a process of its own, guarded CSV."""
    if serves_site(datasette):
        from web.middleware.database_reload import reload_statements
        from web.middleware.sql_sandbox import sandbox_sql
        from web.serve import list_missing_settings
        from web.tables.cells import guard_csv

        reload_statements(datasette)
        sandbox_sql(datasette)
        guard_csv()
        for line in list_missing_settings(datasette):
            logging.getLogger("dispatch-box").warning(line)


@hookimpl
def prepare_jinja2_environment(env: "Environment", datasette: "Datasette") -> None:
    """Add the site's templates before Datasette's, and its filters."""
    if serves_site(datasette):
        from web.http.site_database import read_notice
        from web.rendering.filters import prepare_templates
        from web.urls import read_prefix

        prepare_templates(env, datasette.template_dir, read_prefix(datasette), read_notice(datasette))


@hookimpl
def get_metadata(datasette: "Datasette", key: str | None) -> Mapping[str, object]:
    """Give titles, licence, facets, canned queries and columns; what the operator's own file says goes before them."""
    if not serves_site(datasette):
        return {}
    from web.http.site_metadata import copy_metadata
    from web.urls import read_prefix

    return copy_metadata(read_prefix(datasette), key)


@hookimpl
def extra_template_vars(
    datasette: "Datasette", request: "Request"
) -> Callable[[], Awaitable[dict[str, object]]] | dict[str, object]:
    """Give every template what the visitor may do, their passes, the day of the past, and links of other plugins."""
    if not serves_site(datasette):
        return {}
    from web.annotate.routes import make_annotator_variables
    from web.blind.routes import make_pass_variables
    from web.http.as_of_date import make_date_variables
    from web.http.site_url import find_base_url, find_public_url

    async def make_variables() -> dict[str, object]:
        known = {**make_pass_variables(), **make_date_variables(request), "site_url": find_public_url()}
        known["base"] = find_base_url(request) if request else ""
        links = await _read_menu_links(datasette, request)
        return {**known, **make_annotator_variables(datasette, request), "other_links": links}

    return make_variables


async def _read_menu_links(datasette: "Datasette", request: "Request") -> list[dict[str, str]]:
    """Ask other plugins for their links in the menu; Datasette's own lead to its debug pages, which are closed."""
    if request is None:
        return []
    from datasette import default_menu_links
    from datasette.plugins import pm
    from datasette.utils import await_me_maybe

    ask = pm.subset_hook_caller("menu_links", [default_menu_links])
    answers = [await await_me_maybe(each) for each in ask(datasette=datasette, actor=request.actor, request=request)]
    return [link for links in answers for link in links or ()]


@hookimpl
def render_cell(
    value: object, column: str, table: str | None, database: str, datasette: "Datasette"
) -> "Markup | None":
    """Render ids and addresses in cells of tables as links."""
    from web.tables.cells import render_link

    return render_link(value, column, table, database) if serves_site(datasette) else None


@hookimpl
def actor_from_request(datasette: "Datasette", request: "Request") -> "Callable[[], Awaitable[Actor | None]] | None":
    """Find the account of a request's token or session."""
    from web.sign_in.routes import find_actor

    return find_actor(datasette, request) if serves_site(datasette) else None


@hookimpl(specname="actor_from_request", hookwrapper=True)
def remember_viewer(datasette: "Datasette") -> Iterator[None]:
    """Set the viewer of the request, whichever plugin found the actor."""
    from web.blind.routes import remember_actor

    outcome: Any = yield
    if serves_site(datasette):
        outcome.force_result([partial(remember_actor, datasette, found) for found in outcome.get_result()])


@hookimpl(trylast=True)
def permission_allowed(datasette: "Datasette", action: str, resource: object) -> bool | None:
    """Close Datasette's own pages to a blind annotator, and its schemas to all; Datasette takes the last answer."""
    from web.blind.routes import allow_action
    from web.middleware.sql_sandbox import allow_database

    if not serves_site(datasette):
        return None
    return False if allow_database(action, resource) is False else allow_action(action)


@hookimpl(tryfirst=True)
def forbidden(datasette: "Datasette", request: "Request") -> "Callable[[], Awaitable[Response]] | None":
    """Explain why Datasette's own pages are closed."""
    from web.blind.routes import answer_forbidden

    return answer_forbidden(datasette, request) if serves_site(datasette) else None


@hookimpl(specname="handle_exception", tryfirst=True)
def redirect_moved_rows(
    datasette: "Datasette", request: "Request", exception: Exception
) -> "Awaitable[Response | None] | Response | None":
    """Redirect from the row of an id that a debate or speech had before."""
    from web.tables.moved_rows import redirect_moved_row

    return redirect_moved_row(datasette, request, exception) if serves_site(datasette) else None


@hookimpl
def handle_exception(
    datasette: "Datasette", request: "Request", exception: Exception
) -> "Awaitable[Response | None] | Response | None":
    """Answer a visitor's mistake, where Datasette would say that the server failed."""
    from web.middleware.request_guard import answer_mistake

    return answer_mistake(datasette, request, exception) if serves_site(datasette) else None


@hookimpl
def skip_csrf(datasette: "Datasette", scope: "Scope") -> bool:
    """Skip the CSRF check where cookies are ignored."""
    from web.protocol.routes import skips_csrf

    return serves_site(datasette) and skips_csrf(scope)


@hookimpl
def block_robots_extra_lines(datasette: "Datasette", request: "Request") -> list[str]:
    """Name the sitemap in /robots.txt."""
    from web.crawlers.routes import make_robots_lines

    return make_robots_lines(datasette, request) if serves_site(datasette) else []
