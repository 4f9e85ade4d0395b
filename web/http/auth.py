"""Authentication, permissions and CSRF checks for routes that write, and the answers that they give."""

import json
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from datasette.utils import actor_matches_allow
from datasette.utils.asgi import Response

from db.journal.entries import JournalError
from web.http.pages import NO_STORE, RequestRefused

JSON = "application/json"


class CheckedRequest(NamedTuple):
    """A request that was checked: who sent it, and the fields of its form or JSON object."""

    actor: dict[str, Any]
    fields: Mapping[str, Any]


WriteView = Callable[[Any, Any, CheckedRequest], Awaitable[Any]]


def may_act(datasette: Any, actor: Mapping[str, Any] | None, what: str, of: str | None = None) -> bool:
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


def accept_writes(what: str) -> Callable[[WriteView], Callable[[Any, Any], Awaitable[Any]]]:
    """Make a decorator for routes that take only POST from somebody who may do `what`, with a CSRF token or API token.

    The route is called with datasette, request and a CheckedRequest. RequestRefused and JournalError (as 409) that it
    raises are
    answered as a page or as JSON.
    """

    def guarded(view: WriteView) -> Callable[[Any, Any], Awaitable[Any]]:
        async def route(datasette: Any, request: Any) -> Any:
            try:
                return await view(datasette, request, await check_write(datasette, request, what))
            except RequestRefused as refusal:
                return await answer_refusal(datasette, request, refusal)
            except JournalError as error:
                return await answer_refusal(datasette, request, RequestRefused(409, write_sentence(error)))

        return route

    return guarded


async def check_write(datasette: Any, request: Any, what: str) -> CheckedRequest:
    """Check a request to write, and read it. Raises RequestRefused: 405, 401, 403 or 400."""
    if request.method != "POST":
        raise RequestRefused(405, "Nothing is written by a link: send the form.")
    actor = request.actor
    if actor is None:
        raise RequestRefused(401, "Sign in first; a program sends its token as Authorization: Bearer.")
    fields = await read_fields(request)
    if not actor.get("token"):
        check_csrf(request, fields)
    if not what.endswith(" own") and not may_act(datasette, actor, what):
        raise RequestRefused(403, f"{actor['id']} may not {what}: ask whoever runs this site for the role.")
    return CheckedRequest(actor, fields)


async def read_fields(request: Any) -> dict[str, Any]:
    """Read the fields of a form or of a JSON object. Raises RequestRefused if it is neither."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
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


def replace_surrogates(text: str) -> str:
    """Replace surrogates in the texts of a JSON document by question marks, since no database takes them."""
    told = json.dumps(json.loads(text), ensure_ascii=False)
    return told.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def write_sentence(error: Exception) -> str:
    """Write an error's message as a sentence."""
    return f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}."


def check_csrf(request: Any, fields: Mapping[str, Any]) -> None:
    """Check that a form is one that this site gave this browser, even if no cookie came with it.

    Raises RequestRefused.
    """
    given = request.headers.get("x-csrftoken") or fields.get("csrftoken")
    if not given or given != request.scope["csrftoken"]():
        raise RequestRefused(
            403, "This form did not come from this site, or is too old: open the page again, and send it anew."
        )


async def answer_refusal(datasette: Any, request: Any, refusal: RequestRefused) -> Any:
    """Answer a request that is not granted: with a page, or in JSON for a program."""
    headers = {**NO_STORE, **({"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {})}
    headers |= {"Allow": "POST"} if refusal.status == 405 else {}
    if wants_json(request):
        return Response.json({"ok": False, "error": str(refusal)}, status=refusal.status, headers=headers)
    context = {"title": "That was not done", "error": str(refusal), "status": refusal.status}
    html = await datasette.render_template("error.html", context, request=request)
    return Response.html(html, status=refusal.status, headers=headers)


async def answer_done(request: Any, result: Mapping[str, Any], onward: str, status: int = 200) -> Any:
    """Answer what was done: with the result as JSON for a program, with a redirect to `onward` for a form."""
    if wants_json(request):
        return Response.json({"ok": True, **result}, status=status, headers=NO_STORE)
    return Response.redirect(onward, status=303, headers=dict(NO_STORE))


def redirect_to_sign_in(to: str) -> Any:
    """Redirect to the page to sign in, which leads on to an address of this site."""
    return Response.redirect(f"/sign-in?{urlencode({'to': to})}", status=303, headers=dict(NO_STORE))


def clean_text(value: object) -> str:
    """Clean a text for storage: unify line ends, drop control characters, and replace halves of surrogate pairs."""
    lines = str(value if isinstance(value, str | int) else "").replace("\r\n", "\n").replace("\r", "\n")
    whole = lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(each for each in whole if each in "\n\t" or unicodedata.category(each) != "Cc")


def check_moderation(
    datasette: Any, actor: Mapping[str, Any], what: str, of: str, reason: str, withdrawn_by: str | None = None
) -> None:
    """Check that an actor may withdraw or restore (`what`) what `of` entered, and says why. Raises RequestRefused.

    What another has withdrawn is for those who moderate to restore, even one's own.
    """
    by_another = what == "restore" and withdrawn_by not in (None, actor["id"])
    own = may_act(datasette, actor, "withdraw own", of) and not by_another
    if not own and not may_act(datasette, actor, "moderate"):
        raise RequestRefused(403, f"Only who made it, or a reviewer, may {what} it. You may reply to an annotation.")
    if not own and not reason:
        raise RequestRefused(400, f"Say why you {what} what another wrote: the reason is logged for all to read.")
