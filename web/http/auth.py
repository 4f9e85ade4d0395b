"""Authentication, permissions and CSRF checks for routes that write, and their answers."""

import hmac
import json
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode
from weakref import WeakKeyDictionary

from datasette.utils import actor_matches_allow

from annotations.curated.toml_files import CuratedError
from db.journal.entries import JournalError
from web.http.body_schema import find_mistakes
from web.http.datasette_types import Actor, Datasette, Request, Response, View
from web.http.error_forms import JSON, answer_error_as_data, wants_json
from web.http.pages import NO_STORE, RequestRefused
from web.urls import url_for

FORM = "application/x-www-form-urlencoded"
BODY_SCHEMA = "body_schema"  # key of the scope of a request
SESSION_COOKIE, CSRF_COOKIE = "session", "ds_csrftoken"


class CheckedRequest(NamedTuple):
    """A checked request: its actor, and the fields of its form or JSON object."""

    actor: Actor
    fields: Mapping[str, object]


_allowed: WeakKeyDictionary[Datasette, Mapping[str, object]] = WeakKeyDictionary()  # read once: it takes 0.5 ms
WriteView = Callable[[Datasette, Request, CheckedRequest], Awaitable[Response]]


def may_act(datasette: Datasette, actor: Actor | None, action: str, owner: str | None = None) -> bool:
    """Return True if metadata.json allows an action; "edit own" and "withdraw own" also need the actor to be the owner.

    Raises KeyError for an action that metadata.json does not list.
    """
    if datasette not in _allowed:
        _allowed[datasette] = datasette.plugin_config("accounts")["may"]
    allow = _allowed[datasette][action]
    allowed = actor is not None and bool(actor_matches_allow(actor, allow))
    return allowed and (not action.endswith(" own") or (actor or {}).get("id") == owner)


def accept_writes(action: str) -> Callable[[WriteView], View]:
    """Make a decorator for views that only accept POST from an actor who may do `action`, with a CSRF or API token.

    The view is called with datasette, request and a CheckedRequest. If it raises RequestRefused, or JournalError or
    CuratedError (409), the answer is a page or JSON.
    """

    def decorate(view: WriteView) -> View:
        async def route(datasette: Datasette, request: Request) -> Response:
            try:
                return await view(datasette, request, await check_write(datasette, request, action))
            except RequestRefused as refusal:
                return await answer_refusal(datasette, request, refusal)
            except (JournalError, CuratedError) as error:
                return await answer_refusal(datasette, request, RequestRefused(409, write_sentence(error)))

        return route

    return decorate


async def check_write(datasette: Datasette, request: Request, action: str) -> CheckedRequest:
    """Check a request to write, and read its fields. Raises RequestRefused: 405, 401, 403 or 400."""
    if request.method != "POST":
        raise RequestRefused(405, "Nothing is written by a link: send the form.")
    actor = request.actor
    if actor is None and "authorization" in request.headers:
        raise RequestRefused(401, "This token is not valid: it was revoked, or is not whole. Ask for a new one.")
    if actor is None:
        raise RequestRefused(401, "Sign in first; a program sends its token as Authorization: Bearer.")
    fields = await read_fields(request)
    if not actor.get("token"):
        check_csrf(request, fields)
    if not action.endswith(" own") and not may_act(datasette, actor, action):
        raise RequestRefused(403, f"{actor['id']} may not {action}: ask whoever runs this site for the role.")
    check_fields(request, fields)
    return CheckedRequest(actor, fields)


def check_fields(request: Request, fields: Mapping[str, object]) -> None:
    """Check a JSON body against the schema that is published for its address. Raises RequestRefused: 400."""
    schema = request.scope.get(BODY_SCHEMA)
    if schema and _read_media_type(request) == JSON and (mistakes := [*find_mistakes(schema, fields)]):
        raise RequestRefused(400, f"Not as {url_for('openapi')} describes it: {'; '.join(mistakes)}.")


async def read_fields(request: Request) -> dict[str, object]:
    """Read the fields of a form or of a JSON object. Raises RequestRefused: 415 or 400."""
    kind = _read_media_type(request)
    if kind not in (JSON, FORM):
        raise RequestRefused(415, f"Send it as {FORM} or {JSON}.")
    try:
        text = (await request.post_body()).decode()
        fields = json.loads(replace_surrogates(text)) if kind == JSON else dict(parse_qsl(text, keep_blank_values=True))
    except RecursionError:
        raise RequestRefused(400, "What was sent cannot be read: it is nested too deeply.") from None
    except ValueError as error:
        raise RequestRefused(400, f"What was sent cannot be read: {error}.") from None
    if not isinstance(fields, dict):
        raise RequestRefused(400, "Send an object with a value for each field.")
    return fields


def _read_media_type(request: Request) -> str:
    return str(request.headers.get("content-type", "").partition(";")[0].strip().lower())


def replace_surrogates(text: str) -> str:
    """Replace surrogates in a JSON document by U+FFFD, since no database can store them."""
    decoded = json.dumps(json.loads(text), ensure_ascii=False)
    return decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def write_sentence(error: Exception) -> str:
    """Write an error's message as a sentence."""
    return f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}."


def make_csrf_token(datasette: Datasette, session: str) -> str:
    """Make the CSRF token of a session: it is no other session's, and nobody else can make it."""
    digest = hmac.digest(datasette.sign("", CSRF_COOKIE).encode(), session.encode(), "sha256")
    return str(datasette.sign(digest.hex(), "csrftoken"))  # signed as asgi-csrf signs its own


def check_csrf(request: Request, fields: Mapping[str, object]) -> None:
    """Check that this site gave the form to this browser and session, even if the request has no cookie.

    Raises RequestRefused.
    """
    given = request.headers.get("x-csrftoken") or fields.get("csrftoken")
    if not given or given != request.scope["csrftoken"]():
        raise RequestRefused(
            403, "This form did not come from this site, or is too old: open the page again, and send it again."
        )


async def answer_refusal(datasette: Datasette, request: Request, refusal: RequestRefused) -> Response:
    """Answer a refused request: with a page, or as JSON or text if it asks for data."""
    headers = {**NO_STORE, **({"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {})}
    headers |= {"Allow": "POST"} if refusal.status == 405 else {}
    if plain := answer_error_as_data(request, refusal.status, str(refusal), headers):
        return plain
    context = {"title": "That was not done", "error": str(refusal), "status": refusal.status}
    html = await datasette.render_template("error.html", context, request=request)
    return Response.html(html, status=refusal.status, headers=headers)


async def answer_done(request: Request, result: Mapping[str, object], onward: str, status: int = 200) -> Response:
    """Answer a successful write: the result as JSON for a program, a redirect to `onward` for a form."""
    if wants_json(request):
        return Response.json({"ok": True, **result}, status=status, headers=NO_STORE)
    return Response.redirect(onward, status=303, headers=dict(NO_STORE))


def redirect_to_sign_in(to: str) -> Response:
    """Redirect to the sign-in page, which then leads to `to`, an address of this site."""
    return Response.redirect(f"{url_for('sign_in')}?{urlencode({'to': to})}", status=303, headers=dict(NO_STORE))


def clean_text(value: object) -> str:
    """Clean a text: unify line ends, drop control characters, replace lone surrogates; other types give ""."""
    lines = str(value if isinstance(value, str | int) else "").replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(each for each in whole if each in "\n\t" or unicodedata.category(each) != "Cc")


def check_moderation(
    datasette: Datasette, actor: Actor, verb: str, owner: str, reason: str, withdrawn_by: str | None = None
) -> None:
    """Check that an actor may withdraw or restore (`verb`) an entry of `owner`, and gives a reason if one is needed.

    Only a moderator may restore what another person has withdrawn, even to its owner. Raises RequestRefused.
    """
    by_another = verb == "restore" and withdrawn_by not in (None, actor["id"])
    own = may_act(datasette, actor, "withdraw own", owner) and not by_another
    if not own and not may_act(datasette, actor, "moderate"):
        raise RequestRefused(403, f"Only who made it, or a reviewer, may {verb} it. You may reply to an annotation.")
    if not own and not reason:
        raise RequestRefused(400, f"Say why you {verb} what another wrote: the reason is logged for all to read.")
