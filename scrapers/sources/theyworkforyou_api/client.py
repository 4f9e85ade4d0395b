"""The client of TheyWorkForYou's API, which sends the key, counts the quota and recognises errors in answers."""

import json
from urllib.parse import unquote

from db.exit_codes import EXIT_SET_UP
from db.records.source import DocumentUnavailable, Response, Unavailable
from scrapers.scope.interfaces import Request, Site


class ApiClient:
    """A client that requests documents with the key until the quota is used up, then says why it stops."""

    def __init__(self, site: Site, key: str) -> None:
        self.site = site
        self.secret = (("key", key),)
        self.calls_left = 0
        self.stop_reason = ""  # the reason why nothing more is requested, or ""

    def get(self, request: Request) -> Response:
        """Fetch one answer.

        Raises DocumentUnavailable, with the API's own words if it gave any, and Unavailable for a bad key.
        """
        if self.calls_left < 1 and not self.stop_reason:
            self._read_quota()
        if self.stop_reason:
            raise DocumentUnavailable(request.name, self.stop_reason)
        response = self.site.get(request._replace(secret=self.secret))
        self.calls_left -= 2 if _is_redirected(request, response) else 1
        _raise_error_in(request, response)
        return response

    def _read_quota(self) -> None:
        """Read how many calls are left; this request is free, and answers from the archive cost nothing."""
        request = Request(name="quota", path="getQuota", query=(("output", "json"),), secret=self.secret)
        try:
            response = self.site.get(request)
            _raise_error_in(request, response)
            quota = json.loads(response.body)["quota"]
            self.calls_left = int(quota["limit"]) - int(quota["current"])
            if self.calls_left < 1:
                self.stop_reason = f"the {quota['limit']} calls that the key may make are used up; try again later"
        except DocumentUnavailable as missed:
            self.stop_reason = f"the quota cannot be read: {missed.reason}"
        except (ValueError, KeyError, TypeError) as error:
            self.stop_reason = f"the quota cannot be read: {error!r}"


def _is_redirected(request: Request, response: Response) -> bool:
    """Return True if an old gid was redirected to another, which costs a second call."""
    gid = dict(request.query).get("gid")
    return bool(gid) and "gid=" in response.url and f"gid={gid}" not in unquote(response.url)


def _raise_error_in(request: Request, response: Response) -> None:
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise DocumentUnavailable(request.name, f"the answer is no JSON: {error}", response.status) from error
    if not isinstance(answer, dict) or "error" not in answer:
        return
    words = str(answer["error"])
    if "API key" in words:
        raise Unavailable(f"TheyWorkForYou's API says: {words} Set TWFY_API_KEY to a key that is in force", EXIT_SET_UP)
    raise DocumentUnavailable(request.name, f"the API says: {words}", response.status)
