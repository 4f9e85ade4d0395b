"""Conventions of print round the words of a page: names, offices, columns, clock times, headings and front matter."""

import re
from typing import Literal

from scrapers.sources.publications.page_blocks import PageBlock
from scrapers.sources.publications.paragraphs import is_italic

SPEAKER = r"(?:Mr\.?|Mrs\.?|Madam) (?:Deputy )?Speaker"
OFFICE = re.compile(rf"((?:The |{SPEAKER}\b).*?) \(([^()]*(?:\([^()]*\))?[^()]*)\)")
PARTIES = frozenset({"Con", "Lab", "LD", "CB", "Ind", "Lab/Co-op", "SNP", "PC", "DUP", "UUP", "SDLP", "Non-Afl"})
TIME_LIKE = re.compile(r"\d[\d.,: ]*[ap]\.? ?m\.?", re.IGNORECASE | re.ASCII)
SUFFIXES = {"wrans": "W", "wms": "WS"}
WRITTEN_KINDS = frozenset({"wrans", "wms", "lordswrans", "lordswms"})
WITHOUT_SUFFIX = frozenset({"lordspages", "lordswrans", "lordswms", "westminhall", "grandcommittee"})
DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? \d{1,2}(?:st|nd|rd|th)? \w+ \d{4}\.?"
FRONT_MATTER = re.compile(  # lines above a day's first heading, which TheyWorkForYou leaves out
    r"House of (?:Commons|Lords)|Westminster Hall|Grand Committee|Written (?:Ministerial )?Statements"
    r"|Written Answers(?: to Questions)?|Prayers?(?:[-–—. ].*)?"
    rf"|(?:The House|Parliament|The Committee) (?:being )?met .*|{DAY}",
    re.IGNORECASE,
)
CHAIR = re.compile(r"\[.* in the Chair ?\]")
TURN_ANCHOR = re.compile(
    r"(?:wa_|ws_)?(?:st|qn)_|.*_(?:spnew|spmin|spopq|wqn)\d"
)  # anchors of the first paragraph of a turn
PARAGRAPH_ANCHOR = re.compile(r"(?:wa_|ws_)?(?:st|qn)pa_|.*_para\d")  # of a further paragraph of a turn
PEOPLE = (
    r"Mr|Mrs|Miss|Ms|Mx|Dr|Sir|Dame|Lord|Lady|Baroness|Baron|Earl|Countess|Viscount|Viscountess|Duke|Duchess|Marquess"
    r"|Marchioness|Rev|Professor|Madam|Archbishop|Bishop|Captain|Colonel|Rt|Prime Minister|Minister|Secretary of State"
    r"|Chancellor|Solicitor|Attorney|Advocate|Parliamentary|Under-Secretary|Leader|Speaker|Deputy|Chairman|Chair"
)
SPEAKER_LIKE = re.compile(  # bold words that look as if they named who speaks
    rf"(?:The )?(?:{PEOPLE})\b.*|(?:Several |An? |Some |The )?(?:right |rt )?[Hh]on\. .*"
    rf"|.*\((?:{'|'.join(sorted(PARTIES))})\)"
)
BARE_NAME = re.compile(  # in an answer it may as well be a heading: "West Midlands:"
    r"(?!Source|Note|Table|Total|Annex|Appendix|Clause|Schedule|New |Amendment|Key|Financial)"
    r"[^\W\d_a-z][\w'’-]+(?: (?:[^\W\d_a-z][\w.'’-]*|of|the|de|von)){1,4}(?: \([^()]*\))*"
)
NAME_END = re.compile(r"\s*(?:\([^()]*\)\s*)*:|\s*rose\b")  # what follows a name in bold that has no colon
QUESTION_ANCHOR = re.compile(r"(?:wa_)?qn(?:pa)?_|.*_(?:wqn|spopq)\d")
HEADING_ANCHOR = re.compile(r"(?:dpt|sub|sb|topic)hd|_star\d")
WITHOUT_DEPARTMENTS = frozenset({"westminhall", "lordswrans", "lordswms"})  # they have no departments


def split_attribution(bold: str) -> tuple[str, str | None, str]:
    """Return the name, the office and the whole attribution printed before a speech, without its colon.

    >>> split_attribution("The Under-Secretary of State for Hedges (Mr. Ambrose Tolliver):")[:2]
    ('Mr. Ambrose Tolliver', 'The Under-Secretary of State for Hedges')
    >>> split_attribution("Dr. Hester Quill (Dunmarrow) (Lab):")
    ('Dr. Hester Quill', None, 'Dr. Hester Quill (Dunmarrow) (Lab)')
    """
    printed = bold.rstrip(": ")
    match = OFFICE.fullmatch(printed)
    if match and match[2] not in PARTIES:
        return match[2], match[1], printed
    return printed.partition(" (")[0], None, printed


def format_column(kind: str, printed: str | None) -> str | None:
    """Return a column as TheyWorkForYou writes it: 598W and 32WS, but 115 for the Lords' WA115, 71 for 71WH."""
    if not printed:
        return None
    if kind in WITHOUT_SUFFIX:
        return re.sub(r"\D", "", printed) or None
    return printed + SUFFIXES.get(kind, "") if printed.isdigit() else printed


def is_front_matter(block: PageBlock, text: str) -> bool:
    """Return True for front matter: a line with the house, the day or how it began, without a heading's anchor."""
    return bool(FRONT_MATTER.fullmatch(text)) and not HEADING_ANCHOR.search(" ".join(block.names))


def is_marked(block: PageBlock) -> bool:
    """Return True if the anchors of a block say that a turn begins here."""
    return any(map(TURN_ANCHOR.match, block.names))


def classify_beginning(kind: str, block: PageBlock) -> Literal["turn", "further", "unknown"]:
    """Tell whether a block begins a turn or goes on with the one before; "unknown" if it may be either.

    The bold words of a turn name its speaker, and anchors or a number mark it. Marks without a name, and a name without
    marks, are unknown print.
    """
    is_name = bool(re.match(r"[^\W\d_]", block.bold))
    is_numbered = bool(block.number) and not any(map(PARAGRAPH_ANCHOR.match, block.names))
    if is_marked(block):
        return "turn" if is_name else "unknown"
    if not is_name or not is_speaker_like(kind, block):
        return "further"
    return "turn" if is_numbered else "unknown"


def is_speaker_like(kind: str, block: PageBlock) -> bool:
    """Return True if bold words at the beginning of a block are printed like the name of who speaks."""
    name = block.bold.rstrip(": ")
    has_end = block.bold.endswith(":") or NAME_END.match("".join(block.element.itertext())) is not None
    is_bare_name = kind not in WRITTEN_KINDS and block.tag != "indent" and BARE_NAME.fullmatch(name) is not None
    return has_end and (is_bare_name or SPEAKER_LIKE.fullmatch(name) is not None)


def is_question(block: PageBlock) -> bool:
    """Return True if a block's anchors or its number mark it as a question."""
    return bool(block.number) or any(map(QUESTION_ANCHOR.match, block.names))


def find_heading_level(kind: str, block: PageBlock, text: str) -> int:
    """Return 1 (oral), 2 (department) or 3 (item), or 0 for no heading, such as "The Minister was asked—"."""
    names = " ".join(block.names)
    if text == "Oral Answers to Questions":
        return 1
    if "dpthd" in names:
        return 2
    if "sbhd" in names or "subhd" in names:
        return 3
    if block.tag in ("h1", "h2", "h3"):
        return 3 if kind in WITHOUT_DEPARTMENTS else 2
    return 0 if block.tag != "h4" or is_italic(block.element) or text[-1:] in "—]" else 3
