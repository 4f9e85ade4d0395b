"""Redirects of a day: which addresses its files have given up, and where each chain of redirects ends today."""

from collections.abc import Iterable, Mapping, Sequence

from db.gid import MAX_REDIRECTS
from db.records.hansard import Division, Document, Redirect
from db.records.source import ParseError

Targets = dict[str, tuple[str, str]]  # by an old gid, the next one and why (the source's matchtype)


def collect_targets(documents: Iterable[Document]) -> tuple[Targets, list[ParseError]]:
    """Return one step of every redirect in a day's files, with a problem for each old address with two targets.

    An item that names its address in the old style redirects that as well.
    """
    targets: Targets = {}
    problems = []
    for document in documents:
        for redirect in document.redirects:
            known = targets.setdefault(redirect.old_gid, (redirect.gid, redirect.matchtype))
            if known[0] != redirect.gid:
                two = f"{redirect.old_gid} leads to two places: {known[0]} and {redirect.gid}"
                problems.append(ParseError(document.name, two))
        for item in document.items:
            if not isinstance(item, Division) and item.oldstyle_gid and item.oldstyle_gid != item.gid:
                targets.setdefault(item.oldstyle_gid, (item.gid, "oldstyleid"))
    return targets, problems


def find_unaccounted(document: Document, targets: Mapping[str, object]) -> ParseError | None:
    """Return a problem for a superseded file with items that no redirect leads away from; None for any other file."""
    lost = [item.gid for item in document.items if item.gid not in targets]
    if document.latest or not lost:
        return None
    reason = f"superseded, but {len(lost)} of its items have no redirect; the first is {lost[0]}"
    return ParseError(document.name, reason)


def follow_chains(targets: Targets, documents: Sequence[Document]) -> tuple[tuple[Redirect, ...], list[ParseError]]:
    """Redirect every old address straight to where its chain ends.

    One whose chain is a loop, or has more than HOPS steps, is left out and is a problem of the file that gave it.
    """
    redirects, problems = [], []
    for old, (_, matchtype) in targets.items():
        end = _follow_chain(targets, old)
        if end is not None:
            redirects.append(Redirect(old, end, matchtype))
        else:
            name = next((d.name for d in documents if any(r.old_gid == old for r in d.redirects)), documents[0].name)
            problems.append(
                ParseError(name, f"{old} leads round in a loop, or through more than {MAX_REDIRECTS} redirects")
            )
    return tuple(redirects), problems


def _follow_chain(targets: Targets, gid: str) -> str | None:
    """Follow a chain from its first address to its last; None for a loop or too many steps."""
    for _ in range(MAX_REDIRECTS + 1):
        if gid not in targets:
            return gid
        gid = targets[gid][0]
    return None
