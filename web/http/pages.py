"""Answering with a page: one template filled, the same headers for every page, and the pages for what is not here."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from datasette.utils.asgi import Response
from jinja2 import Environment, Template

CACHED = {"Cache-Control": "public, max-age=60"}
NO_STORE = {"Cache-Control": "private, no-store"}


class RequestRefused(Exception):
    """A request that is not granted: its HTTP status, and a sentence that says why and what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class ServerBusy(Exception):
    """So many visitors wait for work that is done one at a time that this one is asked to come back."""


async def render_page(
    datasette: Any, request: Any, template: str, context: Mapping[str, object], status: int = 200
) -> Any:
    """Fill a template, and return the page, which browsers may keep for a minute."""
    filled = make_synchronous(datasette.jinja_env).select_template([template])
    html = await datasette.render_template(filled, dict(context), request=request)
    return Response.html(html, status=status, headers=CACHED)


class SynchronousTemplate(Template):
    """A template that is filled without awaiting anything, which takes half the time."""

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        """Fill the template, by the name under which Datasette asks for it."""
        return self.render(*args, **kwargs)


@lru_cache(maxsize=4)
def make_synchronous(env: Environment) -> Environment:
    """Return the same templates, filters and globals for pages that call nothing that has to be awaited."""
    same = env.overlay(enable_async=False)
    same.template_class = SynchronousTemplate
    return same


async def render_missing(datasette: Any, request: Any, looked_for: str, advice: str = "", link: str = "") -> Any:
    """Return the page for what is not here (404): what was looked for, and what to do."""
    context = {"looked_for": looked_for, "advice": advice, "link": link}
    return await render_page(datasette, request, "missing.html", context, 404)


def redirect_permanently(address: str) -> Any:
    """Redirect the visitor for good (301)."""
    return Response.redirect(address, status=301)


def parse_page_number(text: str | None, most: int) -> int:
    """Read a page number from an address: 1 if it is none, at most `most`."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 10 and int(text) else 1


def read_arguments(request: Any, keys: Iterable[str], most: int = 100) -> dict[str, str]:
    """Read values of the query string without NUL characters, cut at `most` characters; "" where one is missing."""
    return {key: (request.args.get(key) or "").replace("\0", "")[:most] for key in keys}
