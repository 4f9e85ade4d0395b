"""Answers that are pages: render a template, send the common headers, and explain what is missing."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from jinja2 import Environment, Template

from web.http.datasette_types import Datasette, Request, Response
from web.http.error_forms import answer_error_as_data

CACHE_MINUTE = {"Cache-Control": "public, max-age=60"}
NO_STORE = {"Cache-Control": "private, no-store"}


class RequestRefused(Exception):
    """Raised to refuse a request: with its HTTP status, and a sentence that says why and what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class ServerBusy(Exception):
    """Raised if too many visitors already wait for work that is done for one at a time."""


async def render_page(
    datasette: Datasette, request: Request, template: str, context: Mapping[str, object], status: int = 200
) -> Response:
    """Render a template as a page that caches may keep for a minute."""
    chosen = make_synchronous(datasette.jinja_env).select_template([template])
    html = await datasette.render_template(chosen, dict(context), request=request)
    return Response.html(html, status=status, headers=CACHE_MINUTE)


class SynchronousTemplate(Template):
    """A template rendered without await, which takes half the time."""

    async def render_async(self, *args: object, **kwargs: object) -> str:
        """Render the template; Datasette calls this method."""
        return self.render(*args, **kwargs)


@lru_cache(maxsize=4)
def make_synchronous(env: Environment) -> Environment:
    """Return a copy of a template environment that renders without await, for templates that call no coroutine."""
    overlay = env.overlay(enable_async=False)
    overlay.template_class = SynchronousTemplate
    return overlay


async def render_missing(
    datasette: Datasette, request: Request, looked_for: str, advice: str = "", link: str = ""
) -> Response:
    """Answer 404: `looked_for` is missing, `advice` says what to do, `link` leads to it elsewhere."""
    sentence = f"Not in this archive: {looked_for}. {advice}".strip()
    if plain := answer_error_as_data(request, 404, sentence, CACHE_MINUTE):
        return plain
    context = {"looked_for": looked_for, "advice": advice, "link": link}
    page = await render_page(datasette, request, "missing.html", context, 404)
    page.headers = {**page.headers, "Vary": "Accept"}
    return page


def redirect_permanently(address: str) -> Response:
    """Redirect permanently (301)."""
    return Response.redirect(address, status=301)


def parse_page_number(text: str | None, most: int) -> int:
    """Parse a page number: at least 1, which also stands for invalid text, and at most `most`."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 10 and int(text) else 1


def read_arguments(request: Request, keys: Iterable[str], most: int = 100) -> dict[str, str]:
    """Read values of the query string without NUL characters, cut at `most` characters; "" where one is missing."""
    return {key: (request.args.get(key) or "").replace("\0", "")[:most] for key in keys}
