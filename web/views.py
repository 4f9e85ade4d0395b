"""The views of the routes of web/urls.py, as functions."""

import re
from collections.abc import Mapping
from importlib import import_module

from web.api.write_endpoints import WRITE_ENDPOINTS, make_body_schema
from web.http.auth import BODY_SCHEMA
from web.http.datasette_types import Datasette, Request, Response, View
from web.urls import ROUTES, Route


def list_views() -> list[tuple[str, View]]:
    """List the pattern and the view of each route; a view that takes JSON finds its published schema in the scope."""
    schemas = {
        one.path.replace("{id}", "x"): make_body_schema(one) for one in WRITE_ENDPOINTS if one.body_kind == "json"
    }
    return [(route.pattern, _give_schema(route, schemas)) for route in ROUTES]


def find_view(route: Route) -> View:
    """Import the view of a route."""
    module, _, function = route.view.partition(":")
    view: View = getattr(import_module(f"web.{module}"), function)
    return view


def _give_schema(route: Route, schemas: Mapping[str, object]) -> View:
    find_schema = (schema for path, schema in schemas.items() if re.match(route.pattern, path))
    found, schema = find_view(route), next(find_schema, None)
    if schema is None or "POST" not in route.methods:
        return found

    async def view(datasette: Datasette, request: Request) -> Response:
        request.scope[BODY_SCHEMA] = schema
        return await found(datasette, request)

    return view
