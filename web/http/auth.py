"""Authentication, permissions and CSRF checks for routes that write, and the answers that they give."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from datasette.utils import actor_matches_allow
from datasette.utils.asgi import Response

from db.journal.entries import JournalError
from web.http.pages import UNKEPT, Refused

JSON = "application/json"


class Posted(NamedTuple):
    """A request that was checked: who sent it, and the fields of its form or JSON object."""

    actor: dict[str, Any]
    fields: Mapping[str, Any]


Writer = Callable[[Any, Any, Posted], Awaitable[Any]]


def may(datasette: Any, actor: Mapping[str, Any] | None, what: str, of: str | None = None) -> bool:
    """Return True if metadata.json lets an actor do `what`; `of` is whose it is, for `edit own` and `withdraw own`.

    Raises KeyError for a thing that is not listed.
    """
    allow = datasette.plugin_config("accounts")["may"][what]
    allowed = actor is not None and bool(actor_matches_allow(actor, allow))
    return allowed and (not what.endswith(" own") or (actor or {}).get("id") == of)


def wants_json(request: Any) -> bool:
    """Return True if a program asks, which is answered in JSON: it sends or accepts JSON, or acts by token."""
    headers = request.headers
    return JSON in headers.get("content-type", "") or JSON in headers.get("accept", "") or "authorization" in headers


def writes(what: str) -> Callable[[Writer], Callable[[Any, Any], Awaitable[Any]]]:
    """Make a decorator for routes that take only POST from somebody who may do `what`, with a CSRF token or API token.

    The route is called with datasette, request and a Posted. Refused and JournalError (as 409) that it raises are
    answered as a page or as JSON.
    """

    def guarded(view: Writer) -> Callable[[Any, Any], Awaitable[Any]]:
        async def route(datasette: Any, request: Any) -> Any:
            try:
                return await view(datasette, request, await posted(datasette, request, what))
            except Refused as refusal:
                return await refuse(datasette, request, refusal)
            except JournalError as error:
                return await refuse(datasette, request, Refused(409, sentence(error)))

        return route

    return guarded


async def posted(datasette: Any, request: Any, what: str) -> Posted:
    """Check a request to write, and read it. Raises Refused: 405, 401, 403 or 400."""
    if request.method != "POST":
        raise Refused(405, "Nothing is written by a link: send the form.")
    actor = request.actor
    if actor is None:
        raise Refused(401, "Sign in first; a program sends its token as Authorization: Bearer.")
    fields = await sent(request)
    if not actor.get("token"):
        genuine(request, fields)
    if not what.endswith(" own") and not may(datasette, actor, what):
        raise Refused(403, f"{actor['id']} may not {what}: ask whoever runs this site for the role.")
    return Posted(actor, fields)


async def sent(request: Any) -> dict[str, Any]:
    """Read the fields of a form or of a JSON object. Raises Refused if it is neither."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = (await request.post_body()).decode()
        fields = json.loads(whole(text)) if kind == JSON else dict(parse_qsl(text, keep_blank_values=True))
    except RecursionError:
        raise Refused(400, "What was sent cannot be read: it is nested too deeply.") from None
    except ValueError as error:
        raise Refused(400, f"What was sent cannot be read: {error}.") from None
    if not isinstance(fields, dict):
        raise Refused(400, "Send an object with a value for each field.")
    return fields


def whole(text: str) -> str:
    """Replace surrogates in the texts of a JSON document by question marks, since no database takes them."""
    told = json.dumps(json.loads(text), ensure_ascii=False)
    return told.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def sentence(error: Exception) -> str:
    """Write an error's message as a sentence."""
    return f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}."


def genuine(request: Any, fields: Mapping[str, Any]) -> None:
    """Check that a form is one that this site gave this browser, even if no cookie came with it. Raises Refused."""
    given = request.headers.get("x-csrftoken") or fields.get("csrftoken")
    if not given or given != request.scope["csrftoken"]():
        raise Refused(
            403, "This form did not come from this site, or is too old: open the page again, and send it anew."
        )


async def refuse(datasette: Any, request: Any, refusal: Refused) -> Any:
    """Answer a request that is not granted: with a page, or in JSON for a program."""
    headers = {**UNKEPT, **({"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {})}
    headers |= {"Allow": "POST"} if refusal.status == 405 else {}
    if wants_json(request):
        return Response.json({"ok": False, "error": str(refusal)}, status=refusal.status, headers=headers)
    context = {"title": "That was not done", "error": str(refusal), "status": refusal.status}
    html = await datasette.render_template("error.html", context, request=request)
    return Response.html(html, status=refusal.status, headers=headers)


async def done(request: Any, result: Mapping[str, Any], onward: str, status: int = 200) -> Any:
    """Answer what was done: with the result as JSON for a program, with a redirect to `onward` for a form."""
    if wants_json(request):
        return Response.json({"ok": True, **result}, status=status, headers=UNKEPT)
    return Response.redirect(onward, status=303, headers=dict(UNKEPT))


def sign_in_first(to: str) -> Any:
    """Redirect to the page to sign in, which leads on to an address of this site."""
    return Response.redirect(f"/sign-in?{urlencode({'to': to})}", status=303, headers=dict(UNKEPT))
