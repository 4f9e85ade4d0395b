"""Content negotiation: the form of an answer that a visitor prefers, by the header Accept (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence

WEIGHT = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def choose_form(accept: str, offers: Sequence[str]) -> str | None:
    """Choose the offer that is preferred, of several the first; None if none is accepted. An empty header accepts all.

    >>> choose_form("text/html, */*;q=0.1", ("application/ld+json", "text/html"))
    'text/html'
    >>> choose_form("text/turtle", ("text/html",)) is None
    True
    """
    wanted = [_range(each) for each in accept.split(",") if each.strip()] or [("*/*", 1.0)]
    best = max(offers, key=lambda offer: _weight(offer, wanted))
    return best if _weight(best, wanted) > 0 else None


def _range(written: str) -> tuple[str, float]:
    media, *parameters = written.split(";")
    weight = next((match[1] for each in parameters if (match := WEIGHT.fullmatch(each.strip()))), "1")
    return media.strip().lower(), float(weight)


def _weight(offer: str, wanted: Sequence[tuple[str, float]]) -> float:
    """Return the weight of the media range that fits an offer most closely; 0 if none fits."""
    for fits in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        found = [weight for media, weight in wanted if media == fits]
        if found:
            return max(found)
    return 0.0
