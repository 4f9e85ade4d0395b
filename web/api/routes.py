"""The page /api: every address that answers with data, with an example; /api/openapi.json: the same as OpenAPI."""

from typing import Any

from datasette.utils.asgi import Response

from web.api.openapi import describe_api
from web.api.read_endpoints import read_addresses
from web.api.write_endpoints import WRITTEN
from web.http.pages import CACHED, page
from web.http.site_url import base_url


async def show_api(datasette: Any, request: Any) -> Any:
    """Show the addresses on a page."""
    context = {"addresses": await read_addresses(datasette), "written": WRITTEN}
    return await page(datasette, request, "api/api.html", context)


async def show_openapi(datasette: Any, request: Any) -> Any:
    """Answer with the OpenAPI document."""
    addresses = await read_addresses(datasette)
    return Response.json(describe_api(addresses, base_url(request)), headers=CACHED)
