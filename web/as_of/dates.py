"""Which day a page is asked for, and what pages of the past have: its day in their links, no place in an index."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from datetime import date as Date
from typing import Any, NamedTuple

from annotations.curated.files import CuratedError
from db.citation import written
from db.journal.entries import JournalError
from web.http.pages import Busy, missing, page
from web.http.visibility import blind

DATE = re.compile(r"[12]\d{3}(-\d\d(-\d\d)?)?", re.ASCII)
OF_A_DAY = r"/(?:guidance|coverage(?:\.csv)?|timeline|people|(?:debate|speech|q|guidance|people)/[^\"?#]*)"
LINK = re.compile(rf'(<a (?!class="today")[^>]*?href="(?:{OF_A_DAY}|(?=\?)))(?:\?([^"#]*))?(?=["#])')
View = Callable[[Any, Any], Awaitable[Any]]


class Then(NamedTuple):
    """A date in the past: as asked for, and in words."""

    date: str
    words: str


class NoDate(ValueError):
    """What was asked for as a date is none; the message says how to write one."""


def then(request: Any) -> Then | None:
    """The date that an address asks for; None where it asks for none, or for one that is not over. Raises NoDate."""
    given = (request.args.get("as_of") or "").strip()
    if not given:
        return None
    if blind():
        raise NoDate("While you annotate a debate blind, nothing is shown as it stood on another day.")
    try:
        if not DATE.fullmatch(given):
            raise ValueError
        Date.fromisoformat(f"{given}-01-01"[:10])
    except ValueError:
        raise NoDate(f"{given[:40]} is no date: write it as 2009-03-02, or a month or year alone.") from None
    if given >= datetime.now(UTC).date().isoformat()[: len(given)]:
        return None
    return Then(given, written(given))


async def too_early(datasette: Any, request: Any, looked_for: str, date: str, done: str = "said") -> Any:
    """The page for what was done on a date or at a time after the day asked for; None where it was by then."""
    day = then(request)
    if not day or date[: len(day.date)] <= day.date:
        return None
    advice = f"That was {done} on {written(date)}, which was later."
    return await missing(datasette, request, f"{looked_for} at the end of {day.words}", advice)


def over(request: Any) -> str | None:
    """The date that an address asks for though it is not over, so that the page is today's; None where it asks none."""
    given = (request.args.get("as_of") or "").strip()
    return None if then(request) or not given else given


def dated(view: View) -> View:
    """Make a route answer what is no date with a page that says so, and one of the past lead to others of that day."""

    async def route(datasette: Any, request: Any) -> Any:
        try:
            return _of_the_past(then(request), await view(datasette, request))
        except NoDate as error:
            return await _refused(datasette, request, str(error), 400)
        except (Busy, CuratedError, JournalError) as error:
            answer = await _refused(datasette, request, f"The past cannot be shown now: {error}", 503)
            answer.headers = {"Cache-Control": "no-store", "Retry-After": "5"}
            return answer

    return route


async def _refused(datasette: Any, request: Any, why: str, status: int) -> Any:
    return await page(datasette, request, "missing.html", {"looked_for": request.full_path, "advice": why}, status)


def _of_the_past(day: Then | None, answer: Any) -> Any:
    """An answer as it was made; one of the past leads on to the same day, and is not to be indexed."""
    if day:
        answer.headers = {**(answer.headers or {}), "X-Robots-Tag": "noindex"}
        if address := answer.headers.get("Location"):
            path, mark, fragment = address.partition("#")
            answer.headers["Location"] = f"{path}?as_of={day.date}{mark}{fragment}"
        elif answer.content_type.startswith("text/html"):
            answer.body = kept(answer.body, day.date)
    return answer


def kept(html: str, date: str) -> str:
    """A page whose links to what has a past lead to the same day there; what has the class `today` stays.

    >>> kept('<a href="/q/1?a=b#c">x</a> <a class="today" href="/q/1">y</a> <a href="/log">z</a>', "2009")
    '<a href="/q/1?a=b&amp;as_of=2009#c">x</a> <a class="today" href="/q/1">y</a> <a href="/log">z</a>'
    """

    def with_day(found: re.Match[str]) -> str:
        before, asked = found.groups()
        return f"{before}?{f'{asked}&amp;' if asked else ''}as_of={date}"

    return LINK.sub(lambda found: found[0] if "as_of=" in (found[2] or "") else with_day(found), html)
