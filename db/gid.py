"""Addresses (gids) of TheyWorkForYou and of Parliament: their parts, our short ids, and every form people write."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

GID_PREFIX = "uk.org.publicwhip/"
HANSARD_PREFIX = (
    "uk.parliament.hansard/"  # our own gids, made from Parliament's id of a section or of a turn's first paragraph
)
MAX_REDIRECTS = 20  # redirects in a row that are followed
AREA_CODES = {"debate": "d", "westminhall": "h", "lords": "l", "wrans": "w", "wms": "s", "standing": "p"}
AREAS = {code: area for area, code in AREA_CODES.items()}
SITE_AREAS = {
    "debates": "debate",
    "debate": "debate",
    "whall": "westminhall",
    "lords": "lords",
    "wrans": "wrans",
    "wms": "wms",
    "pbc": "standing",
}
GID_PATTERN = re.compile(r"uk\.org\.publicwhip/(debate|westminhall|lords|wrans|wms|standing)/([\w.\-]+)", re.ASCII)
HANSARD_GID_PATTERN = re.compile(r"uk\.parliament\.hansard/(\d{4}-\d\d-\d\d)/([a-z0-9.\-]+)", re.ASCII)
HANSARD_ID = re.compile(r"k-(\d{4}-\d\d-\d\d)-([a-z0-9.\-]+)", re.ASCII)
HANSARD_PATH = re.compile(r"/(?:commons|lords)/(\d{4}-\d\d-\d\d)/debates/([\w.\-]+)(?:/.*)?", re.ASCII | re.IGNORECASE)
OWN_PATH = re.compile(r"(?:.*/)?(?:debate|speech|text)/([^/]+)/?", re.ASCII)  # on any site of this program
ARCHIVED_PAGE = re.compile(r"https?://.*?/(https?://.*)", re.DOTALL)  # its copy in a web archive
NUMBER = re.compile(r"#(\d{13,15})\Z", re.ASCII)
SITE_GID = re.compile(r"(?:standing)?\d{4}-\d\d-\d\d[\w.\-]*\.[\w.]+", re.ASCII)
PBC_GID = re.compile(r"[\w-]+_\d{4}-\d\d-\d\d[a-z]*\.\d+\.\d+", re.ASCII)  # cut after its second underscore
ID = re.compile(r"([dhlws])-(\d{4}-\d\d-\d\d[a-z]*)-([\w-]+)", re.ASCII)
STANDING_ID = re.compile(r"p-([\w-]+_\d{4}-\d\d-\d\d[a-z]*)-(\w+)-(\w+)", re.ASCII)


def make_hansard_gid(date: str, id: str) -> str:
    """Make a gid from a date and Parliament's own id of a section or turn; case is ignored.

    >>> gid = make_hansard_gid("2008-11-12", "08111228000025")
    >>> gid, make_short_id(gid)
    ('uk.parliament.hansard/2008-11-12/08111228000025', 'k-2008-11-12-08111228000025')
    """
    return f"{HANSARD_PREFIX}{date}/{re.sub(r'[^a-z0-9.]+', '-', id.lower()).strip('-')}"


def make_short_id(gid: str) -> str:
    """Return the short, URL-safe id of a gid: d-2008-06-18d-929-6 for uk.org.publicwhip/debate/2008-06-18d.929.6.

    Raises ValueError on anything that is not a gid.
    """
    if match := HANSARD_GID_PATTERN.fullmatch(gid):
        return f"k-{match[1]}-{match[2]}"
    match = GID_PATTERN.fullmatch(gid)
    if not match:
        raise ValueError(f"not a gid: {gid!r}")
    area, rest = match.groups()
    return f"{AREA_CODES[area]}-{rest.removeprefix('standing').replace('.', '-')}"


def parse_short_id(id: str) -> str | None:
    """Return the gid that an id was made from; None if it is not an id."""
    if match := HANSARD_ID.fullmatch(id):
        return f"{HANSARD_PREFIX}{match[1]}/{match[2]}"
    if match := STANDING_ID.fullmatch(id):
        return f"{GID_PREFIX}standing/standing{'.'.join(match.groups())}"
    if match := ID.fullmatch(id):
        code, day, rest = match.groups()
        return f"{GID_PREFIX}{AREAS[code]}/{day}.{rest.replace('-', '.')}"
    return None


def is_gid(text: object) -> bool:
    """Return True for the text of a whole gid, of TheyWorkForYou or of Parliament."""
    return isinstance(text, str) and bool(GID_PATTERN.fullmatch(text) or HANSARD_GID_PATTERN.fullmatch(text))


def get_site_form(gid: str) -> str:
    """Return the part of a gid that TheyWorkForYou uses in its addresses: everything after the last slash."""
    return gid.rpartition("/")[2]


def make_fragment(gid: str) -> str:
    """Return the fragment of a speech's page at TheyWorkForYou: g292791.q0 for 2009-10-21a.292791.q0."""
    return "g" + get_site_form(gid).partition(".")[2]


def list_possible_gids(reference: str) -> list[list[str]]:
    """List the gids that a reference may mean: one list for each meaning, its gids in the order to try them.

    A reference is an id, a gid, its site form (which may mean one in each area), or an address at TheyWorkForYou, at
    hansard.parliament.uk or at a site of this program, or of a web archive's copy of it. One with a fragment means that
    speech, and its page if there is no such speech. The result is empty if the text is not a reference.
    """
    reference = unquote(reference.strip())
    while match := ARCHIVED_PAGE.fullmatch(reference):
        reference = match[1]
    if "hansard.parliament.uk/" in reference:
        return _parse_hansard_address(reference)
    if HANSARD_GID_PATTERN.fullmatch(reference):
        return [[reference]]
    if "://" in reference or "?" in reference or reference.lstrip("/").partition("/")[0] in SITE_AREAS:
        return _parse_site_address(reference)
    if match := GID_PATTERN.fullmatch(reference) or GID_PATTERN.fullmatch(GID_PREFIX + reference):
        return [[match[0]]]
    if gid := parse_short_id(reference):
        return [[gid]]
    if SITE_GID.fullmatch(reference):
        areas = ["standing"] if reference.startswith("standing") else [a for a in AREA_CODES if a != "standing"]
        return [[f"{GID_PREFIX}{area}/{reference}"] for area in areas]
    return []


def _parse_hansard_address(address: str) -> list[list[str]]:
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:
        return []
    match = HANSARD_PATH.fullmatch(parts.path)
    if not match or parts.hostname != "hansard.parliament.uk":
        return []
    page = make_hansard_gid(match[1], match[2])
    turn = re.fullmatch(r"contribution-([\w.\-]+)", parts.fragment, re.ASCII)
    return [[make_hansard_gid(match[1], turn[1]), page] if turn else [page]]


def _parse_site_address(address: str) -> list[list[str]]:
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket or a character that no host can have
        return []
    if (own := OWN_PATH.fullmatch(parts.path)) and (page := parse_short_id(own[1])):
        return [[gid for gid in (parse_short_id(parts.fragment), page) if gid]]
    area = SITE_AREAS.get(parts.path.strip("/").partition("/")[0])
    query = parse_qs(parts.query)
    site = (query.get("id") or query.get("gid") or [parts.path])[0].partition("#")[0].rpartition("/")[2]
    if not area or not (SITE_GID.fullmatch(site) or PBC_GID.fullmatch(site)):
        return []
    if area == "standing" and not site.startswith("standing"):
        site = f"standing*_{site}"
    page = f"{GID_PREFIX}{area}/{site}"
    fragment = parts.fragment.removeprefix("g")
    if not re.fullmatch(r"\w+\.\w+", fragment, re.ASCII):
        return [[page]]
    return [[f"{GID_PREFIX}{area}/{site.partition('.')[0]}.{fragment}", page]]


def parse_old_page_id(url: str | None) -> str | None:
    """Return Parliament's number of a section or turn: the fragment of an address of its old pages; None if missing."""
    match = NUMBER.search(url or "")
    return match[1] if match else None


def remove_letter(gid: str) -> str | None:
    """Return the same gid without its letter a, which TheyWorkForYou also accepts; None if it has another letter."""
    changed = re.sub(r"(\d{4}-\d\d-\d\d)a(?=\.)", r"\1", gid)
    return changed if changed != gid else None
