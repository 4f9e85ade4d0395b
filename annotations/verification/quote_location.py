"""A passage of a speech with every address that leads to it."""

from typing import NamedTuple
from urllib.parse import quote as escaped

from annotations.verification.compare import Place
from annotations.verification.verdict import Passage

WHOLE, ENDS = 80, 5  # characters that a text fragment names whole; of more, so many words at each end


class Speech(NamedTuple):
    """What is needed of a speech: `edition` tells where and when its text was received, if that is not today's."""

    rowid: int
    id: str
    speaker: str | None
    date: str
    citation: str
    url: str | None
    hansard_url: str | None
    text: str
    edition: str = ""


def passage(speech: Speech, place: Place) -> Passage:
    """A place in a speech with the words there and the addresses; none to words that the page has no more."""
    words = speech.text[place.start : place.end]
    target = speech.url or speech.hansard_url
    return Passage(
        speech_id=speech.id,
        speaker=speech.speaker,
        date=speech.date,
        citation=speech.citation,
        start=place.start,
        end=place.end,
        words=words,
        alike=round(place.alike, 4),
        address=f"/speech/{speech.id}",
        url=speech.url,
        hansard_url=speech.hansard_url,
        fragment=text_fragment(target, words) if target and not speech.edition else None,
    )


def text_fragment(url: str, words: str) -> str:
    """An address that makes a browser show words of a page: the words, or where they are many the first and the last.

    >>> text_fragment("https://example.org/d?id=1#g2", "hard-working")
    'https://example.org/d?id=1#g2:~:text=hard%2Dworking'
    """
    shown = [words] if len(words) <= WHOLE and "\n" not in words else _ends(words)
    directive = ",".join(escaped(each, safe="").replace("-", "%2D") for each in shown)
    page, _, anchor = url.partition("#")
    return f"{page}#{anchor}:~:text={directive}"


def _ends(words: str) -> list[str]:
    """The first and the last words, each within its own line, as a text fragment needs them."""
    lines = words.strip().split("\n")
    return [" ".join(lines[0].split()[:ENDS]), " ".join(lines[-1].split()[-ENDS:])]
