"""How a page is answered: one reading of statements.db as it is at one moment, one template, the same headers."""

import sqlite3
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Response
from jinja2 import Environment, Template

from db.references import Found, Loop, find
from web.http.visibility import READER, blindfold

KEPT = "Only debates that name a topic are kept here, unless everything was loaded."
SITES = ("https://www.theyworkforyou.com/", "https://hansard.parliament.uk/")
CACHED = {"Cache-Control": "public, max-age=60"}
UNKEPT = {"Cache-Control": "private, no-store"}
WORDINGS = {"debate": "/changes", "speech": "/editions"}  # the page about its wordings
PATIENCE = 10  # times sql_time_limit_ms that a page of ours may take, which asks the same of everybody
Answer = TypeVar("Answer")


class Refused(Exception):
    """A request that is not granted: its status, and a sentence that says why and what to do."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Busy(Exception):
    """So many wait for what is worked out for one at a time that a visitor is asked to come back."""


async def reading(datasette: Any, read: Callable[[sqlite3.Connection], Answer], typed: bool = False) -> Answer:
    """What a function reads from statements.db, all of it from one state of the database.

    Somebody who annotates a debate blind reads nothing of what others say of it. `typed` says that it looks for what a
    visitor typed, which may be any amount of work.

    Raises sqlite3.OperationalError ("interrupted") past the server's sql_time_limit_ms; where nothing is typed, past
    ten times that, since it counts time and not work, and a busy server takes long over little.
    """

    limit = datasette.setting("sql_time_limit_ms") * (1 if typed else PATIENCE)
    asking = READER.get()

    def in_one_state(conn: sqlite3.Connection) -> Answer:
        with sqlite_timelimit(conn, limit):
            conn.execute("BEGIN")
            try:
                if asking and asking.blind:
                    blindfold(conn, asking)
                return read(conn)
            finally:
                conn.rollback()

    answer: Answer = await datasette.get_database("statements").execute_fn(in_one_state)
    return answer


async def page(datasette: Any, request: Any, template: str, context: Mapping[str, object], status: int = 200) -> Any:
    """A page of ours: a template filled, to be kept for a minute."""
    filled = at_once(datasette.jinja_env).select_template([template])
    html = await datasette.render_template(filled, dict(context), request=request)
    return Response.html(html, status=status, headers=CACHED)


class AtOnce(Template):
    """A template that is filled without waiting for anything, which takes half the time."""

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        """As Datasette asks for it."""
        return self.render(*args, **kwargs)


@lru_cache(maxsize=4)
def at_once(env: Environment) -> Environment:
    """The same templates, filters and names, for pages that call nothing that has to be awaited."""
    same = env.overlay(enable_async=False)
    same.template_class = AtOnce
    return same


async def missing(datasette: Any, request: Any, looked_for: str, advice: str = "", link: str = "") -> Any:
    """The page for what is not here: what was looked for, and what to do."""
    context = {"looked_for": looked_for, "advice": advice, "link": link}
    return await page(datasette, request, "missing.html", context, 404)


def redirect(address: str) -> Any:
    """Send the visitor on for good."""
    return Response.redirect(address, status=301)


def number(text: str | None, most: int) -> int:
    """A page number from an address: 1 where it is none, at most `most`."""
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 10 and int(text) else 1


async def meant(datasette: Any, request: Any, reference: str, kind: str = "debate", wordings: bool = False) -> Any:
    """The one thing that a reference means, where it is its id already; otherwise the answer that leads there.

    `kind` is debate or speech: which page is wanted; `wordings` says that it is the one about its wordings.
    """
    try:
        found = await reading(datasette, lambda conn: find(conn, reference))
    except Loop as error:
        return await missing(
            datasette, request, reference, f"Its addresses in the record go round in a circle: {error}."
        )
    if len(found) > 1:
        return await page(datasette, request, "several.html", {"reference": reference, "found": found}, 300)
    if not found:
        return await missing(datasette, request, reference, KEPT, reference if reference.startswith(SITES) else "")
    if kind == "debate" and reference == found[0].debate_id:  # without a heading, its first speech has the same id
        return found[0]._replace(speech_id=None)
    address = address_of(found[0], kind, wordings)
    here = f"/{kind}/{reference}{WORDINGS[kind] if wordings else ''}"
    return found[0] if address == here else redirect(address)


def address_of(found: Found, kind: str = "debate", wordings: bool = False) -> str:
    """Our address of a debate, of a speech in its debate, or of a speech alone (`kind` speech), or of its wordings."""
    kind = "speech" if found.speech_id and kind == "speech" else "debate"
    tail = WORDINGS[kind] if wordings else ""
    if kind == "speech":
        return f"/speech/{found.speech_id}{tail}"
    return f"/debate/{found.debate_id}{tail}{f'#{found.speech_id}' if found.speech_id else ''}"
