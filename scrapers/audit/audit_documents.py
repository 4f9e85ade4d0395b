"""The audit of each document that is loaded: what differs from an independent reading is refused."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from db.records.hansard import Document, Heading, Item
from db.records.refusal import UnreadItem, separate_refused
from db.records.source import ParseError, RefusedUnit, Response

if TYPE_CHECKING:
    from scrapers.audit.compare import AuditFault

REASON = "the audit found that {}"


class Auditor:
    """An audit of documents one by one: calling it returns a document without the records that are at fault.

    `seconds` is the processor time that it has taken; `left_out` counts words by the rule that leaves them out.
    """

    def __init__(self) -> None:
        self.documents = self.words = 0
        self.seconds = 0.0
        self.left_out: Counter[str] = Counter()

    def __call__(self, response: Response, document: Document) -> Document:
        """Return a document without the records at fault, which become refused units. Raises ParseError."""
        start = time.process_time()
        from scrapers.audit.compare import compare_records  # a part of the time that it takes
        from scrapers.audit.pieces import UnreadableError

        try:
            audit = compare_records(response, document)
        except UnreadableError as error:
            raise ParseError(document.name, REASON.format(error)) from error
        finally:
            self.seconds += time.process_time() - start
        self.documents += 1
        self.words += audit.words
        self.left_out += audit.left_out
        return refuse_faults(document, audit.faults) if audit.faults else document


def refuse_faults(document: Document, faults: Sequence["AuditFault"]) -> Document:
    """Return a document without the records at fault; what stands below a refused heading is refused with it."""
    by_item = {id(fault.item): fault for fault in faults if fault.item}
    items, refused = separate_refused(_mark_fault(item, by_item.get(id(item))) for item in document.items)
    marked = set(map(id, document.items))
    return document._replace(
        items=items,
        obsolete=tuple(item for item in document.obsolete if id(item) not in by_item),
        continued=document.continued and bool(items) and items[0] is document.items[0],
        refused=(*document.refused, *refused, *(_refuse(each) for each in faults if id(each.item) not in marked)),
    )


def _mark_fault(item: Item, fault: "AuditFault | None") -> Item | UnreadItem:
    level = item.level if isinstance(item, Heading) else None
    return UnreadItem(fault.place, REASON.format(fault.reason), item.gid, level) if fault else item


def _refuse(fault: "AuditFault") -> RefusedUnit:
    return RefusedUnit(unit="item", place=fault.place, reason=REASON.format(fault.reason), gid=fault.gid)
