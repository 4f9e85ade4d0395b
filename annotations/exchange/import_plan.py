"""What importing a file would do, before anything is entered: new, there already, or a problem, entry by entry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from annotations.exchange.bundle import Answered, Filmed, Item, Noted
from annotations.exchange.import_moments import Heard, film
from annotations.exchange.import_report import Problem, Report, enter
from annotations.projection.capture import Captured
from annotations.state.model import fields_of
from db.gid import GID, HANSARD_GID
from db.journal.entries import Draft, JournalError
from db.records.annotation import Annotation, Moment, Reply, Selector

ANSWER = ("id", "stance", "text", "creator", "created", "via")  # what a file tells of a reply
Capture = Callable[[str, Selector], Captured]


class Archive(NamedTuple):
    """What a file is weighed against; `capture` finds words and `heard` a speech, or they raise JournalError."""

    annotations: Mapping[str, Annotation]
    moments: Mapping[str, Moment]
    points: AbstractSet[str]
    capture: Capture
    heard: Heard


def weigh(items: Iterable[Item], archive: Archive, actor: str, allow_changed: bool = False) -> Report:
    """Weigh every entry of a file: annotations first, then what is about them, against the archive and those before."""
    items = list(items)
    known = dict(archive.annotations)
    moments = dict(archive.moments)
    replies = {reply.id: (each.id, reply) for each in known.values() for reply in each.replies}
    report = Report([], dict.fromkeys(("new", "new replies", "new moments", "restored", "duplicates"), 0), [])
    for item in items:
        if isinstance(item, Noted):
            _weigh(report, item, known, archive, Draft(actor, "annotate", {}), allow_changed)
    for item in items:
        if isinstance(item, Answered):
            _answer(report, item, known, replies, actor)
    for item in items:
        if isinstance(item, Filmed):
            film(report, item, known, moments, archive.heard, actor)
    return report


def _weigh(
    report: Report, item: Noted, known: dict[str, Annotation], archive: Archive, draft: Draft, allow_changed: bool
) -> None:
    made = item.annotation
    if there := known.get(made.id):
        _again(report, item, there, archive.capture, draft.actor)
        known[made.id] = there._replace(status="active")
        return
    known[made.id] = made  # even if refused: its replies are not to blame
    if made.point_id not in archive.points:
        report.problems.append(
            Problem(item.where, "on no point", f"this archive has no guidance point {made.point_id}")
        )
        return
    target, selector, what = _placed(made, archive.capture)
    if what and not allow_changed:
        report.problems.append(Problem(item.where, "not verbatim", what))
        return
    payload = {
        "id": made.id,
        "target": target,
        "point": made.point_id,
        "reading": made.reading,
        "note": made.note,
        "creator": made.creator,
        "created": made.created,
        "via": made.via,
        "selector": fields_of(selector),
    }
    known[made.id] = made._replace(target=target, selector=selector)
    enter(report, item.where, "new", draft._replace(payload=payload))


def _placed(made: Annotation, capture: Capture) -> tuple[str, Selector, str]:
    """Target and selector as they are to be entered, and what is wrong with the words, where they do not stand."""
    try:
        captured = capture(made.target, made.selector)
    except JournalError as error:
        return made.target, made.selector, str(error)
    ours = GID.fullmatch(made.target) or HANSARD_GID.fullmatch(made.target)
    target = made.target if ours else captured.target
    stands = captured.anchor.state in ("exact", "moved")
    return target, captured.selector, "" if stands else f"{captured.anchor.evidence}: {made.selector.exact[:80]!r}"


def _again(report: Report, item: Noted, there: Annotation, capture: Capture, actor: str) -> None:
    """Weigh an annotation whose id is there already: once, if it says the same."""
    different = list(_differing(item.annotation, there, capture))
    if different:
        what = f"there is an annotation of this id with another {', another '.join(different)}"
        report.problems.append(Problem(item.where, "in conflict", what))
    elif there.status == "withdrawn":
        enter(report, item.where, "restored", Draft(actor, "restore", {"annotation": there.id}))
    else:
        report.counts["duplicates"] += 1


def _differing(made: Annotation, there: Annotation, capture: Capture) -> Iterator[str]:
    for key in ("point_id", "reading", "note", "creator", "created", "via"):
        if getattr(made, key) != getattr(there, key):
            yield key.removesuffix("_id")
    (target, words, place), (other, others, elsewhere) = (_words(each, capture) for each in (made, there))
    if target != other:
        yield "target"
    elif not words & others or place != elsewhere:
        yield "quote"


def _words(made: Annotation, capture: Capture) -> tuple[str, set[str], int | None]:
    """The speech that an annotation is about today, its words, as annotated and as they stand there, and where."""
    quoted = {made.selector.exact, made.quote} - {""}
    try:
        captured = capture(made.target, made.selector)
    except JournalError:
        return made.target, quoted, None
    stands = captured.anchor.state in ("exact", "moved")
    return captured.target, quoted | {captured.selector.exact}, captured.selector.start if stands else None


def _answer(
    report: Report,
    item: Answered,
    known: Mapping[str, Annotation],
    replies: dict[str, tuple[str, Reply]],
    actor: str,
) -> None:
    answer = item.reply
    _, there = replies.get(answer.id, ("", answer))
    if item.annotation_id not in known:
        what = f"it answers {item.annotation_id}, and there is no such annotation"
        report.problems.append(Problem(item.where, "on nothing", what))
    elif answer.id not in replies:
        replies[answer.id] = (item.annotation_id, answer)
        payload = {key: getattr(answer, key) for key in ANSWER} | {"annotation": item.annotation_id}
        enter(report, item.where, "new replies", Draft(actor, "reply", payload))
    elif replies[answer.id] != (item.annotation_id, answer._replace(actor=there.actor, status=there.status)):
        report.problems.append(
            Problem(item.where, "in conflict", "there is a reply of this id that says something else")
        )
    elif there.status == "withdrawn":
        replies[answer.id] = (item.annotation_id, there._replace(status="active"))
        enter(report, item.where, "restored", Draft(actor, "restore", {"reply": answer.id}))
    else:
        report.counts["duplicates"] += 1
