"""The site: a Datasette plugin, which Datasette finds by the entry point of this package."""

from web.plugin import (
    actor_from_request,
    asgi_wrapper,
    block_robots_extra_lines,
    extra_template_vars,
    forbidden,
    get_metadata,
    handle_exception,
    permission_allowed,
    prepare_jinja2_environment,
    redirect_moved_rows,
    register_routes,
    remember_viewer,
    render_cell,
    skip_csrf,
    startup,
)

__all__ = [
    "actor_from_request",
    "asgi_wrapper",
    "block_robots_extra_lines",
    "extra_template_vars",
    "forbidden",
    "get_metadata",
    "handle_exception",
    "permission_allowed",
    "prepare_jinja2_environment",
    "redirect_moved_rows",
    "register_routes",
    "remember_viewer",
    "render_cell",
    "skip_csrf",
    "startup",
]
