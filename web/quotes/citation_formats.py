"""Citation formats of a quote, for reference managers: BibTeX, RIS, CSL-JSON and one line of text."""

import json
import re
from typing import NamedTuple
from urllib.parse import quote

PUBLISHER = "UK Parliament"
TEX_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
TEX_ESCAPES |= {character: f"\\{character}" for character in "$&#%_"}
TEX_ESCAPES |= {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}  # BibTeX counts braces even after a backslash
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Citation(NamedTuple):
    """The fields of a citation.

    `date` is YYYY-MM-DD, or less of it; `citation` is the HC Deb form; `url` is the quote's own page, the URL of every
    format; `official` is the record's address at Parliament or TheyWorkForYou, which each names beside it.
    """

    id: str
    speaker: str
    title: str
    date: str
    citation: str
    volume: str
    column: str
    words: str
    url: str
    official: str


def write_plain(cited: Citation) -> str:
    """Write the citation as one line of text."""
    words = f"“{_join_lines(cited.words)}” " if cited.words else ""
    return _join_lines(f"{words}{cited.speaker}, {cited.title}, {cited.citation}, {cited.url}")


def write_bibtex(cited: Citation) -> str:
    """Write one @misc entry, with TeX's special characters escaped."""
    year, month, day = [*(part.lstrip("0") for part in cited.date.split("-")), "", ""][:3]
    fields = {
        "author": f"{{{_escape_tex(cited.speaker)}}}",
        "title": f"{{{_escape_tex(cited.title)}}}",
        "howpublished": _escape_tex(cited.citation),
        "year": year,
        "month": month,
        "day": day,
        "volume": _escape_tex(cited.volume),
        "pages": _escape_tex(cited.column),
        "publisher": PUBLISHER,
        "note": f"``{_escape_tex(cited.words)}''" if cited.words else "",
        "url": _escape_url(cited.url),
        "addendum": _escape_tex(cited.official),
    }
    written = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items() if value)
    return f"@misc{{dispatch-box-{re.sub(r'[^A-Za-z0-9-]', '-', cited.id)},\n{written}\n}}\n"


def write_ris(cited: Citation) -> str:
    """Write one record of type HEAR; each field is on one line, so that its text cannot begin another field."""
    fields = (
        *(("TY", "HEAR"), ("ID", cited.id), ("AU", cited.speaker), ("TI", cited.title)),
        *(("T2", cited.citation), ("DA", cited.date.replace("-", "/")), ("PY", cited.date[:4])),
        *(("VL", cited.volume), ("SP", cited.column), ("PB", PUBLISHER)),
        *(("N1", f"“{cited.words}”" if cited.words else ""), ("UR", cited.url), ("L2", cited.official)),
    )
    lines = [f"{tag}  - {_join_lines(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def write_csl(cited: Citation) -> str:
    """Write CSL-JSON: an array of one item."""
    item = {
        "id": cited.id,
        "type": "speech",
        "author": [{"literal": _join_lines(cited.speaker)}],
        "title": _join_lines(cited.title),
        "container-title": _join_lines(cited.citation),
        "issued": {"date-parts": [[int(part) for part in cited.date.split("-")]]},
        "volume": cited.volume,
        "page": cited.column,
        "publisher": PUBLISHER,
        "jurisdiction": "gb",
        "note": f"“{_join_lines(cited.words)}”" if cited.words else "",
        "URL": cited.url,
        "source": cited.official,
        "language": "en-GB",
    }
    return json.dumps([{key: value for key, value in item.items() if value}], ensure_ascii=False, indent=1)


def _join_lines(words: str) -> str:
    return " ".join(CONTROL.sub(" ", words).split())


def _escape_tex(words: str) -> str:
    return "".join(TEX_ESCAPES.get(character, character) for character in _join_lines(words))


def _escape_url(url: str) -> str:
    """Write an address for BibTeX; percent-encode characters that would end the field."""
    return re.sub(r"[{}\\\s]", lambda match: quote(match[0]), _join_lines(url))
