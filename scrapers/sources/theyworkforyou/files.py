"""Reading of one file of TheyWorkForYou's XML: its current items, obsolete ones, redirects, and what is refused."""

import re

from lxml import etree

from db import gid as gids
from db.records.hansard import Document, Item, Redirect
from db.records.refusal import UnreadItem, separate_refused
from db.records.source import ParseError, RefusedUnit, Response
from scrapers.parsing.markup import Element, collapse_space, escape_ampersands, read_xml
from scrapers.scope.kinds import KINDS
from scrapers.sources.theyworkforyou.items import LEVELS, READERS
from scrapers.sources.theyworkforyou.schema_check import SchemaFaults, find_schema_faults, has_parliament_html


def read_document(response: Response, match: re.Match[str]) -> Document:
    """Read a file whose name `match` has taken apart. Raises ParseError for what concerns the whole file."""
    try:
        written = has_parliament_html(match[1], match[4])
        root = read_xml(escape_ampersands(response.body) if written else response.body)
        faults = find_schema_faults(root, html=written)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(response.name, str(error)) from error
    parts = _FileParts(root, KINDS[match[1]].area, faults)
    parts.read_redirects()
    parts.read_items(may_repeat=written)
    items, refused = separate_refused(parts.entries)
    return Document(
        name=response.name,
        series=match[3],
        letter=match[5],
        latest=root.get("latest", "yes") == "yes",
        bill=_read_bill(root) if root.find("bill") not in faults.elements else None,
        items=items,
        redirects=tuple(parts.redirects),
        obsolete=tuple(parts.obsolete),
        refused=(*parts.refused, *refused),
    )


class _FileParts:
    """The parts of a file: its current items in order, obsolete ones, redirects, and what is refused."""

    def __init__(self, root: Element, area: str, faults: SchemaFaults) -> None:
        self.root = root
        self.area = area
        self.faults = faults
        self.redirects: list[Redirect] = []
        self.redirected: set[str] = set()
        self.entries: list[Item | UnreadItem] = []
        self.obsolete: list[Item] = []
        self.refused = [RefusedUnit(unit="item", place=f"line {line}", reason=reason) for line, reason in faults.loose]

    def read_redirects(self) -> None:
        """Read the redirects. One that is not understood still tells that its old gid is obsolete."""
        faults = self.faults.elements
        for element in self.root.iterchildren("gidredirect"):
            old, new = element.get("oldgid", ""), element.get("newgid", "")
            reason = faults.get(element, "") if faults else ""
            if not reason and not (old.startswith(gids.GID_PREFIX) and new.startswith(gids.GID_PREFIX)):
                reason = f"a redirect from {old!r} to {new!r}, which are not both gids"
            self.redirected.add(old)
            if reason:
                self.refused.append(
                    RefusedUnit(unit="item", place=f"line {element.sourceline}", reason=reason, gid=old or None)
                )
            else:
                self.redirects.append(Redirect(old, new, element.get("matchtype", "")))

    def read_items(self, may_repeat: bool) -> None:
        """Read headings and turns in order; with `may_repeat` the last item of a gid is current."""
        places: dict[str, int] = {}
        for element in self.root.iterchildren(*([etree.Element] if self.faults.elements else READERS)):
            entry = self._read_entry(element)
            if entry is None:  # the members of a committee stay in the archive only
                continue
            gid = entry.gid or ""
            if gid and gid in self.redirected:
                self._keep_obsolete(entry)
            elif may_repeat and gid and gid in places:
                self._keep_obsolete(self.entries[places[gid]])
                self.entries[places[gid]] = entry
            else:
                places[gid] = len(self.entries)
                self.entries.append(entry)

    def _read_entry(self, element: Element) -> Item | UnreadItem | None:
        """Read one element below the root; None if it holds no item."""
        tag, gid, reason = str(element.tag), element.get("id", ""), self.faults.elements.get(element, "")
        if tag not in READERS and (not reason or tag == "gidredirect"):
            return None
        if not reason and not (gid.startswith(f"{gids.GID_PREFIX}{self.area}/") and gids.GID_PATTERN.fullmatch(gid)):
            reason = f"{gid!r} is no gid of {self.area}"
        if not reason:
            try:
                return READERS[tag](element)
            except KeyError as error:
                reason = f"<{tag}> lacks {error}"
            except ValueError as error:
                reason = str(error)
        is_gid = bool(gids.GID_PATTERN.fullmatch(gid))
        level = LEVELS.get(tag, 1) if tag.endswith("heading") else None
        return UnreadItem(f"line {element.sourceline}", reason, gid if is_gid else None, level)

    def _keep_obsolete(self, entry: Item | UnreadItem) -> None:
        if isinstance(entry, UnreadItem):
            self.refused.append(RefusedUnit(unit="item", place=entry.place, reason=entry.reason, gid=entry.gid))
        else:
            self.obsolete.append(entry)


def _read_bill(root: Element) -> tuple[str, str] | None:
    """Return the title and the session ("2008-09") of a committee's bill, or None."""
    bill = root.find("bill")
    if bill is None:
        return None
    session = re.search(r"/bills/(\d{4}-\d\d)/", bill.get("url", ""))
    return collapse_space(bill.get("title") or bill.text), bill.get("session") or (session[1] if session else "")
