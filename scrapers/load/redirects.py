"""Redirects of a day: the old gids in its files, and the current gid at the end of each chain."""

from collections.abc import Iterable, Mapping, Sequence

from db.gid import MAX_REDIRECTS
from db.records.hansard import Division, Document, Redirect
from db.records.refusal import list_refused_gids
from db.records.source import ParseError

Targets = dict[str, tuple[str, str]]  # by old gid, the next gid and the reason (the source's matchtype)


def collect_targets(documents: Iterable[Document]) -> tuple[Targets, list[ParseError]]:
    """Return one step of every redirect in a day's files, and a problem for each old gid with two targets.

    A speech that `multiplecover` divides among several has a target for each: the first one is used here, and
    earlier_speeches.py chooses by the words. The old-style gid of an item is redirected as well.
    """
    targets: Targets = {}
    problems = []
    for document in documents:
        for redirect in document.redirects:
            known = targets.setdefault(redirect.old_gid, (redirect.gid, redirect.matchtype))
            if known[0] != redirect.gid and "multiplecover" not in (known[1], redirect.matchtype):
                two = f"{redirect.old_gid} leads to two places: {known[0]} and {redirect.gid}"
                problems.append(ParseError(document.name, two))
        for item in document.items:
            if not isinstance(item, Division) and item.oldstyle_gid and item.oldstyle_gid != item.gid:
                targets.setdefault(item.oldstyle_gid, (item.gid, "oldstyleid"))
    return targets, problems


def find_unaccounted(document: Document, targets: Mapping[str, object]) -> ParseError | None:
    """Return a problem for a superseded file that has items without a redirect; None for any other file.

    A file that says itself that it is the latest is superseded too if the day has a later letter.
    """
    refused = list_refused_gids(document.refused)
    unaccounted = [item.gid for item in document.items if item.gid not in targets and item.gid not in refused]
    if not unaccounted:
        return None
    reason = f"superseded, but {len(unaccounted)} of its items have no redirect; the first is {unaccounted[0]}"
    return ParseError(document.name, reason)


def follow_chains(targets: Targets, documents: Sequence[Document]) -> tuple[tuple[Redirect, ...], list[ParseError]]:
    """Redirect every old gid directly to the end of its chain.

    If the chain is a loop, or longer than MAX_REDIRECTS, leave the gid out and return a problem of its file.
    """
    redirects, problems = [], []
    for old, (gid, matchtype) in targets.items():
        end = _follow_chain(targets, old) if gid in targets else gid
        if end is not None:
            redirects.append(Redirect(old, end, matchtype))
        else:
            name = next((d.name for d in documents if any(r.old_gid == old for r in d.redirects)), documents[0].name)
            problems.append(
                ParseError(name, f"{old} leads round in a loop, or through more than {MAX_REDIRECTS} redirects")
            )
    return tuple(redirects), problems


def _follow_chain(targets: Targets, gid: str) -> str | None:
    """Return the last gid of a chain; None for a loop or too many steps."""
    for _ in range(MAX_REDIRECTS + 1):
        if gid not in targets:
            return gid
        gid = targets[gid][0]
    return None
