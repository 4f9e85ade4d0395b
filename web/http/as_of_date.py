"""The date in ?as_of: parse it, keep it in the links of pages that show the past, and pass it to templates."""

import re
from calendar import monthrange
from contextvars import ContextVar
from datetime import UTC, datetime
from datetime import date as Date
from functools import lru_cache
from typing import NamedTuple

from annotations.curated.toml_files import CuratedError
from db.citation import format_date
from db.journal.entries import JournalError
from web.http.datasette_types import Datasette, Request, Response, View
from web.http.error_forms import answer_error_as_data
from web.http.pages import NO_STORE, ServerBusy, render_missing, render_page
from web.http.visibility import find_open_passes
from web.urls import PREFIX

DATE = re.compile(r"[12]\d{3}(-\d\d(-\d\d)?)?", re.ASCII)
DATED_PATHS = (
    r"/(?:guidance|coverage(?:\.csv)?|timeline|people(?:\.(?:csv|json))?|debates|quotes"
    r"|(?:debate|speech|q|guidance|people)/[^\"?#]*)?"
)


class AsOf(NamedTuple):
    """A date in the past (YYYY, YYYY-MM or YYYY-MM-DD), and the same in words."""

    date: str
    words: str

    @property
    def last_day(self) -> str:
        """The last day of the date, for a field of days.

        >>> AsOf("2008-02", "February 2008").last_day
        '2008-02-29'
        """
        year, month, *day = (int(part) for part in f"{self.date}-12".split("-")[: max(2, len(self.date.split("-")))])
        return f"{year:04}-{month:02}-{day[0] if day else monthrange(year, month)[1]:02}"


AS_OF: ContextVar[AsOf | None] = ContextVar("as_of", default=None)  # of the request that is being answered


class InvalidDate(ValueError):
    """Raised if the value of ?as_of is not a date; the message says how to write one."""


def parse_as_of(request: Request) -> AsOf | None:
    """Parse ?as_of; return None if it is missing or its date is not over yet.

    Raises InvalidDate.
    """
    given = (request.args.get("as_of") or "").strip()
    if not given:
        return None
    if find_open_passes():
        raise InvalidDate("Earlier versions are closed to you while you annotate a debate blind.")
    try:
        if not DATE.fullmatch(given):
            raise ValueError
        Date.fromisoformat(f"{given}-01-01"[:10])
    except ValueError:
        raise InvalidDate(f"{given[:40]} is no date: write it as 2009-03-02, or a month or year alone.") from None
    if given >= datetime.now(UTC).date().isoformat()[: len(given)]:
        return None
    return AsOf(given, format_date(given))


def future_as_of(request: Request) -> str | None:
    """Return the value of ?as_of if its date is not over yet, so that the page shows today; None otherwise.

    Raises InvalidDate.
    """
    given = (request.args.get("as_of") or "").strip()
    return None if parse_as_of(request) or not given else given


async def render_if_too_early(
    datasette: Datasette, request: Request, looked_for: str, date: str, verb: str = "said"
) -> Response | None:
    """Return a 404 page if something happened after ?as_of; None if it had happened by then.

    `date` is the date or time when it happened; `verb` says what happened ("said", "made").
    """
    as_of = AS_OF.get()
    if not as_of or date[: len(as_of.date)] <= as_of.date:
        return None
    advice = f"That was {verb} on {format_date(date)}, which was later."
    return await render_missing(datasette, request, f"{looked_for} at the end of {as_of.words}", advice)


async def render_not_held(datasette: Datasette, request: Request, looked_for: str) -> Response:
    """Return a 404 page for what the record of today has, but not, or not yet, that of ?as_of or of this moment."""
    as_of = AS_OF.get()
    if not as_of:
        return await render_missing(datasette, request, looked_for, "It was replaced this very moment: try again.")
    advice = "The record held here had no such words then: they came later, or were left out for a time."
    return await render_missing(datasette, request, f"{looked_for} at the end of {as_of.words}", advice)


def serve_as_of(view: View) -> View:
    """Decorate a view that supports ?as_of: the links of its pages keep the date.

    Answers 400 to an invalid date, and 503 if the past cannot be computed now.
    """

    async def route(datasette: Datasette, request: Request) -> Response:
        try:
            as_of = parse_as_of(request)
            AS_OF.set(as_of)
            return _link_to_same_date(as_of, await view(datasette, request))
        except InvalidDate as error:
            return await _render_refusal(datasette, request, "That date cannot be shown", str(error), 400)
        except (ServerBusy, CuratedError, JournalError) as error:
            title = f"The {'past' if AS_OF.get() else 'page'} cannot be shown now"
            answer = await _render_refusal(datasette, request, title, f"{title}: {error}", 503)
            answer.headers = {"Cache-Control": "no-store", "Retry-After": "5"}
            return answer
        finally:
            AS_OF.set(None)

    return route


async def _render_refusal(datasette: Datasette, request: Request, title: str, reason: str, status: int) -> Response:
    context = {"title": title, "error": reason, "status": status}
    plain = answer_error_as_data(request, status, reason, NO_STORE)
    return plain or await render_page(datasette, request, "error.html", context, status)


def _link_to_same_date(as_of: AsOf | None, answer: Response) -> Response:
    """Keep the date in the links or the redirect of an answer, and forbid indexing; do nothing without a date."""
    if as_of:
        answer.headers = {**(answer.headers or {}), "X-Robots-Tag": "noindex"}
        if address := answer.headers.get("Location"):
            path, mark, fragment = address.partition("#")
            answer.headers["Location"] = f"{path}?as_of={as_of.date}{mark}{fragment}"
        elif answer.content_type.startswith("text/html") and isinstance(answer.body, str):
            answer.body = keep_as_of_in_links(answer.body, as_of.date)
    return answer


def keep_as_of_in_links(html: str, date: str) -> str:
    """Add the date to every link to a page that supports ?as_of, except links of the class `today`.

    >>> keep_as_of_in_links('<a href="/q/1?a#b">x</a> <a class="today" href="/q/1">y</a> <a href="/log">z</a>', "2009")
    '<a href="/q/1?a&amp;as_of=2009#b">x</a> <a class="today" href="/q/1">y</a> <a href="/log">z</a>'
    """

    def add_date(found: re.Match[str]) -> str:
        before, query = found.groups()
        return f"{before}?{f'{query}&amp;' if query else ''}as_of={date}"

    links = _make_link_pattern(PREFIX.get())
    return links.sub(lambda found: found[0] if "as_of=" in (found[2] or "") else add_date(found), html)


@lru_cache(maxsize=4)
def _make_link_pattern(prefix: str) -> re.Pattern[str]:
    """Make the pattern of links to pages that support ?as_of, under the prefix of the site."""
    pages = rf"{re.escape(prefix)}{DATED_PATHS}|(?=\?)"
    return re.compile(rf'(<a (?!class="today")[^>]*?href="(?:{pages}))(?:\?([^"#]*))?(?=["#])')


def make_date_variables(request: Request) -> dict[str, object]:
    """Give every template the date of ?as_of: `then` if it is in the past, `not_over` if it is not over yet."""
    try:
        as_of, not_over = (parse_as_of(request), future_as_of(request)) if request else (None, None)
    except InvalidDate:
        as_of, not_over = None, None
    return {"then": as_of, "not_over": not_over}
