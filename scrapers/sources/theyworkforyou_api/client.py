"""How TheyWorkForYou's API is asked: with the key, while its quota lasts, and with errors told from answers."""

import json
from urllib.parse import unquote

from db.records.errors import SET_UP, Missed, Unavailable
from db.records.source import Response
from scrapers.fetch.interfaces import Request, Site


class Asker:
    """Asks with the key while the quota lasts, and says why where something cannot be had."""

    def __init__(self, site: Site, key: str) -> None:
        self.site = site
        self.secret = (("key", key),)
        self.left = 0
        self.spent = ""  # why nothing more is asked

    def get(self, request: Request) -> Response:
        """One answer. Raises Missed, with the API's own words where it gave some; Unavailable for a bad key."""
        if self.left < 1 and not self.spent:
            self._read_quota()
        if self.spent:
            raise Missed(request.name, self.spent)
        response = self.site.get(request._replace(secret=self.secret))
        self.left -= 2 if _was_moved(request, response) else 1
        _refuse_error(request, response)
        return response

    def _read_quota(self) -> None:
        """How many calls are left; asking for it is free, and what came from the archive has cost none."""
        request = Request("quota", "getQuota", (("output", "json"),), self.secret)
        try:
            response = self.site.get(request)
            _refuse_error(request, response)
            quota = json.loads(response.body)["quota"]
            self.left = int(quota["limit"]) - int(quota["current"])
            if self.left < 1:
                self.spent = f"the {quota['limit']} calls that the key may make are used up; try again later"
        except Missed as missed:
            self.spent = f"the quota cannot be read: {missed.reason}"
        except (ValueError, KeyError, TypeError) as error:
            self.spent = f"the quota cannot be read: {error!r}"


def _was_moved(request: Request, response: Response) -> bool:
    """Whether a superseded gid led on to another, which is a second call."""
    asked = dict(request.query).get("gid")
    return bool(asked) and "gid=" in response.url and f"gid={asked}" not in unquote(response.url)


def _refuse_error(request: Request, response: Response) -> None:
    try:
        answer = json.loads(response.body)
    except ValueError as error:
        raise Missed(request.name, f"the answer is no JSON: {error}", response.status) from error
    if not isinstance(answer, dict) or "error" not in answer:
        return
    words = str(answer["error"])
    if "API key" in words:
        raise Unavailable(f"TheyWorkForYou's API says: {words} Set TWFY_API_KEY to a key that is in force", SET_UP)
    raise Missed(request.name, f"the API says: {words}", response.status)
