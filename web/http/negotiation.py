"""Content negotiation by the header Accept (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence

WEIGHT = re.compile(r"q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def choose_form(accept: str, offers: Sequence[str]) -> str | None:
    """Choose the preferred media type of `offers`, the first of equals; None if none is accepted. "" accepts all.

    >>> choose_form("text/html, */*;q=0.1", ("application/ld+json", "text/html"))
    'text/html'
    >>> choose_form("text/turtle", ("text/html",)) is None
    True
    """
    wanted = [_parse_range(each) for each in accept.split(",") if each.strip()] or [("*/*", 1.0)]
    best = max(offers, key=lambda offer: _find_weight(offer, wanted))
    return best if _find_weight(best, wanted) > 0 else None


def _parse_range(text: str) -> tuple[str, float]:
    """Parse a media range and its weight (q), 1 by default."""
    media, *parameters = text.split(";")
    weight = next((match[1] for each in parameters if (match := WEIGHT.fullmatch(each.strip()))), "1")
    return media.strip().lower(), float(weight)


def _find_weight(offer: str, wanted: Sequence[tuple[str, float]]) -> float:
    """Return the weight of the media range that fits an offer most closely; 0 if none fits."""
    for media_range in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        weights = [weight for media, weight in wanted if media == media_range]
        if weights:
            return max(weights)
    return 0.0
