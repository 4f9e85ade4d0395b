"""The form of an error: JSON or plain text for a request that asks for data, a page for anything else."""

import re
from collections.abc import Mapping

from web.http.datasette_types import Request, Response
from web.http.negotiation import choose_form

JSON = "application/json"
JSON_PATH = re.compile(r"/[^?]*\.json(ld)?")
TEXT_PATH = re.compile(r"/text/[^?]*|/[^?]*\.(csv|bib|ris|txt|atom|xml|blob)")
JSON_FORMS = (JSON, "application/ld+json", "application/vnd.citationstyles.csl+json")


def wants_json(request: Request) -> bool:
    """Return True if the request comes from a program: it sends or accepts JSON, or carries a token."""
    headers = request.headers
    return JSON in headers.get("content-type", "") or JSON in headers.get("accept", "") or "authorization" in headers


def choose_error_form(request: Request) -> str:
    """Choose json, text or html, by the address first, then by the headers."""
    if JSON_PATH.fullmatch(request.path) or request.args.get("format") == "json":
        return "json"
    if TEXT_PATH.fullmatch(request.path):
        return "text"
    accepted = choose_form(request.headers.get("accept", ""), ("text/html", *JSON_FORMS, "text/plain"))
    if wants_json(request) or accepted in JSON_FORMS:
        return "json"
    return "text" if accepted == "text/plain" else "html"


def answer_error_as_data(request: Request, status: int, sentence: str, headers: Mapping[str, str]) -> Response | None:
    """Answer an error as JSON or plain text if the request asks for data; return None if it asks for a page."""
    form, headers = choose_error_form(request), {**headers, "Vary": "Accept"}
    if form == "json":
        return Response.json({"ok": False, "error": sentence}, status=status, headers=headers)
    return Response.text(f"{sentence}\n", status=status, headers=headers) if form == "text" else None
