"""Citation formats of a quote, a speech, a debate or a person: lines of text, BibTeX, RIS and CSL-JSON.

URL means the same in all of them: the page of this archive, which keeps its address. The official report's page stands
beside it, as BibTeX's addendum, RIS's L2 and CSL's source.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple
from urllib.parse import quote

from db.sqlite import Row
from web.urls import path_for

PUBLISHER = "UK Parliament"
SITE = "Dispatch Box"
TEX_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
TEX_ESCAPES |= {character: f"\\{character}" for character in "$&#%_"}
TEX_ESCAPES |= {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}  # BibTeX counts braces even after a backslash
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
REFERENCE = re.compile(
    r"(?P<series>\w+ Deb) (?P<day>.+?)(?: vol (?P<volume>\w+))?(?: c(?P<column>\w+))?(?P<rest>, .*)?"
)
REPORTS = {
    "HC Deb": "Hansard, House of Commons",
    "HL Deb": "Hansard, House of Lords",
    "PBC Deb": "Hansard, House of Commons, Public Bill Committee",
    "SC Deb": "Hansard, House of Commons, Standing Committee",
}
HOUSE_NAMES = {"commons": "House of Commons", "lords": "House of Lords"}
RIS_TYPES = {"person": "ELEC"}
CSL_TYPES = {"debate": "hearing", "person": "webpage"}


class Citation(NamedTuple):
    """The fields of a citation; "" where one is unknown.

    `author` is the speaker, or of a debate its House. `date` is YYYY-MM-DD, or less of it; `reference` is the form of
    both Houses, such as HC Deb 18 June 2008 c929; `words` are those quoted.
    """

    id: str
    kind: Literal["quote", "speech", "debate", "person"]
    author: str
    title: str
    date: str
    reference: str
    volume: str
    column: str
    words: str
    url: str
    official: str


class CitationLine(NamedTuple):
    """A citation as one line of text, and the name of its style."""

    style: str
    text: str


def write_lines(cited: Citation) -> list[CitationLine]:
    """Write the citation in each style for footnotes and bibliographies."""
    house = [CitationLine("Hansard", cited.reference)] if cited.reference else []
    return [
        *house,
        CitationLine("OSCOLA", write_oscola(cited)),
        CitationLine("Chicago, note", write_chicago_note(cited)),
        CitationLine("Chicago, bibliography", write_chicago_entry(cited)),
        CitationLine("Plain", write_plain(cited)),
    ]


def write_plain(cited: Citation) -> str:
    """Write the citation as one line of text."""
    words = f"“{_join_lines(cited.words)}” " if cited.words else ""
    parts = (cited.author, cited.title, cited.reference or SITE, cited.url)
    return words + ", ".join(_join_lines(part) for part in parts if part)


def write_oscola(cited: Citation) -> str:
    """Write the citation as OSCOLA has debates, with the speaker in brackets: HC Deb 18 June 2008, vol 477, col 929."""
    if not cited.reference:
        return f"‘{_join_lines(cited.title)}’ ({SITE}) <{cited.url}>"
    speaker = f" ({_join_lines(cited.author)})" if cited.kind != "debate" and cited.author else ""
    return _write_report(cited, "{series} {day}", "vol {}", "col {}") + speaker


def write_chicago_note(cited: Citation) -> str:
    """Write a note in the notes and bibliography style of Chicago."""
    author = f"{_join_lines(cited.author)}, " if cited.kind != "debate" and cited.author else ""
    return f"{author}“{_join_lines(cited.title)},” {_write_chicago_report(cited)}, {cited.url}."


def write_chicago_entry(cited: Citation) -> str:
    """Write an entry of a bibliography in Chicago's style.

    It begins with the title: the record does not tell which part of a speaker's name is the family name.
    """
    return f"“{_join_lines(cited.title)}.” {_write_chicago_report(cited)}. {cited.url}."


def _write_chicago_report(cited: Citation) -> str:
    return _write_report(cited, "{report}, {day}", "vol. {}", "col. {}") if cited.reference else SITE


def _write_report(cited: Citation, beginning: str, volume: str, column: str) -> str:
    """Write a reference to the official report in another style; as it is where it is no such reference."""
    parts = REFERENCE.fullmatch(cited.reference)
    if not parts:
        return _join_lines(cited.reference)
    report = REPORTS.get(parts["series"], parts["series"])
    written = [beginning.format(series=parts["series"], day=parts["day"], report=report)]
    written += [volume.format(parts["volume"])] if parts["volume"] else []
    written += [column.format(parts["column"])] if parts["column"] else []
    return _join_lines(", ".join(written) + (parts["rest"] or ""))


def write_bibtex(cited: Citation) -> str:
    """Write one @misc entry, with TeX's special characters escaped."""
    year, month, day = [*(part.lstrip("0") for part in cited.date.split("-")), "", ""][:3]
    fields = {
        "author": f"{{{_escape_tex(cited.author)}}}" if cited.author else "",
        "title": f"{{{_escape_tex(cited.title)}}}",
        "howpublished": _escape_tex(cited.reference or SITE),
        "year": year,
        "month": month,
        "day": day,
        "volume": _escape_tex(cited.volume),
        "pages": _escape_tex(cited.column),
        "publisher": PUBLISHER if cited.reference else "",
        "note": f"``{_escape_tex(cited.words)}''" if cited.words else "",
        "url": _escape_url(cited.url),
        "addendum": _escape_tex(cited.official),
    }
    written = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items() if value)
    return f"@misc{{dispatch-box-{re.sub(r'[^A-Za-z0-9-]', '-', cited.id)},\n{written}\n}}\n"


def write_ris(cited: Citation) -> str:
    """Write one record; each field is on one line, so that its text cannot begin another field."""
    fields = (
        *(("TY", RIS_TYPES.get(cited.kind, "HEAR")), ("ID", cited.id), ("AU", cited.author), ("TI", cited.title)),
        *(("T2", cited.reference or SITE), ("DA", cited.date.replace("-", "/")), ("PY", cited.date[:4])),
        *(("VL", cited.volume), ("SP", cited.column), ("PB", PUBLISHER if cited.reference else "")),
        *(("N1", f"“{cited.words}”" if cited.words else ""), ("UR", cited.url), ("L2", cited.official)),
    )
    lines = [f"{tag}  - {_join_lines(value)}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def write_csl(cited: Citation) -> str:
    """Write CSL-JSON: an array of one item."""
    return json.dumps([make_csl_item(cited)], ensure_ascii=False, indent=1)


def make_csl_item(cited: Citation) -> dict[str, object]:
    """Make the item of CSL-JSON."""
    item: dict[str, object] = {
        "id": cited.id,
        "type": CSL_TYPES.get(cited.kind, "speech"),
        "author": [{"literal": _join_lines(cited.author)}] if cited.author else [],
        "title": _join_lines(cited.title),
        "container-title": _join_lines(cited.reference) or SITE,
        "issued": {"date-parts": [[int(part) for part in cited.date.split("-")]]} if cited.date else {},
        "volume": cited.volume,
        "page": cited.column,
        "publisher": PUBLISHER if cited.reference else "",
        "jurisdiction": "gb" if cited.reference else "",
        "note": f"“{_join_lines(cited.words)}”" if cited.words else "",
        "URL": cited.url,
        "source": cited.official,
        "language": "en-GB",
    }
    return {key: value for key, value in item.items() if value}


FILE_FORMATS: Mapping[str, tuple[Callable[[Citation], str], str]] = {  # by ending: the writer and the media type
    "bib": (write_bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (write_ris, "application/x-research-info-systems; charset=utf-8"),
    "json": (write_csl, "application/vnd.citationstyles.csl+json; charset=utf-8"),
    "txt": (lambda cited: f"{write_plain(cited)}\n", "text/plain; charset=utf-8"),
}


def _join_lines(words: str) -> str:
    return " ".join(CONTROL.sub(" ", words).split())


def _escape_tex(words: str) -> str:
    return "".join(TEX_ESCAPES.get(character, character) for character in _join_lines(words))


def _escape_url(url: str) -> str:
    """Write an address for BibTeX; percent-encode characters that would end the field."""
    return re.sub(r"[{}\\\s]", lambda match: quote(match[0]), _join_lines(url))


def cite_debate(debate: Row, base: str) -> Citation:
    """Make the citation of a debate; `base` is the site's address without a final slash."""
    return Citation(
        id=debate["id"],
        kind="debate",
        author=HOUSE_NAMES[debate["house"]],
        title=debate["title"],
        date=debate["date"],
        reference=debate["citation"],
        volume=debate["volume"] or "",
        column=debate["column"] or "",
        words="",
        url=base + path_for("debate", id=debate["id"]),
        official=find_official_page(debate),
    )


def cite_speech(speech: Row, debate: Row, base: str) -> Citation:
    """Make the citation of a speech in a debate."""
    return cite_debate({**debate, "citation": speech["citation"]}, base)._replace(
        id=speech["id"],
        kind="speech",
        author=speech["speaker"] or HOUSE_NAMES[debate["house"]],
        column=speech["column"] or "",
        url=base + path_for("speech", id=speech["id"]),
        official=find_official_page(speech),
    )


def cite_person(id: str, name: str, base: str) -> Citation:
    """Make the citation of a person's page; `id` is person/N."""
    url = base + path_for("person", id=id.removeprefix("person/"))
    unknown = dict.fromkeys(("author", "date", "reference", "volume", "column", "words", "official"), "")
    return Citation(id=id, kind="person", title=name, url=url, **unknown)


def find_official_page(row: Row) -> str:
    """Return the address of a debate or a speech at Parliament, else at TheyWorkForYou; "" without one."""
    return next((at for key in ("hansard_address", "hansard_url", "url") if (at := row.get(key))), "")
