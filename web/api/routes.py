"""The page /api, with every address for programs and an example of each; /api/openapi.json, the same as OpenAPI."""

from web.api.openapi import describe_api
from web.api.read_endpoints import read_endpoints
from web.api.write_endpoints import WRITE_ENDPOINTS
from web.http.datasette_types import Datasette, Request, Response
from web.http.pages import CACHE_MINUTE, render_page
from web.http.site_url import find_base_url


async def show_api(datasette: Datasette, request: Request) -> Response:
    """Show the addresses on a page."""
    context = {"addresses": await read_endpoints(datasette), "written": WRITE_ENDPOINTS}
    return await render_page(datasette, request, "api/api.html", context)


async def show_openapi(datasette: Datasette, request: Request) -> Response:
    """Answer with the OpenAPI document."""
    addresses = await read_endpoints(datasette)
    return Response.json(describe_api(addresses, find_base_url(request)), headers=CACHE_MINUTE)
