"""The plan of an import: each item of a file is new, restored, a duplicate or a problem, before anything is entered."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from annotations.exchange.bundle import (
    FileItem,
    ImportedAnnotation,
    ImportedMoment,
    ImportedReply,
    LeftOutItem,
    RefusedItem,
)
from annotations.projection.capture import CapturedWords
from annotations.state.model import make_selector_fields
from db.gid import is_gid
from db.journal.entries import EntryDraft, JournalError
from db.journal.payload_schemas import find_draft_problem
from db.records.annotation import PROVEN, Annotation, Moment, Reply, Selector

REPLY_FIELDS = ("id", "stance", "text", "creator", "created", "via")
MOMENT_FIELDS = ("id", "target", "source", "start", "end", "annotation", "note", "creator", "created")
KINDS = ("new", "new replies", "new moments", "restored", "duplicates")
CaptureWords = Callable[[str, Selector], CapturedWords]
FindSpeech = Callable[[str], tuple[str, str]]


class ImportContext(NamedTuple):
    """The records that the items of a file are compared with.

    `capture` finds words in a speech, and `find_speech` the gid and text of a speech; both raise JournalError.
    """

    annotations: Mapping[str, Annotation]
    moments: Mapping[str, Moment]
    points: AbstractSet[str]
    capture: CaptureWords
    find_speech: FindSpeech


class ImportProblem(NamedTuple):
    """The reason why an item is refused; `kind` groups problems for counting: not verbatim, in conflict, ..."""

    where: str
    kind: str
    what: str


class ImportPlan(NamedTuple):
    """The entries to append, the number of items of each of KINDS, and what is not entered.

    `problems` are items with a fault, `left_out` those that must not be imported.
    """

    drafts: list[EntryDraft]
    counts: dict[str, int]
    problems: list[ImportProblem]
    left_out: list[LeftOutItem]


class _Plan(NamedTuple):
    """A plan under construction: the report so far, and the archive's and the planned items, by id."""

    report: ImportPlan
    archive: ImportContext
    actor: str
    annotations: dict[str, Annotation]
    replies: dict[str, tuple[str, Reply]]
    moments: dict[str, Moment]


def plan_import(
    items: Iterable[FileItem], archive: ImportContext, actor: str, allow_changed: bool = False
) -> ImportPlan:
    """Plan the import of all items of a file: annotations first, then the replies and moments that refer to them.

    Each is compared with the archive and with the items before it. `allow_changed` accepts quotes whose words are not
    in the speech.
    """
    items = list(items)
    annotations = dict(archive.annotations)
    plan = _Plan(
        report=ImportPlan(
            drafts=[],
            counts=dict.fromkeys(KINDS, 0),
            problems=[
                ImportProblem(item.where, "wrong", item.fault) for item in items if isinstance(item, RefusedItem)
            ],
            left_out=[item for item in items if isinstance(item, LeftOutItem)],
        ),
        archive=archive,
        actor=actor,
        annotations=annotations,
        replies={reply.id: (each.id, reply) for each in annotations.values() for reply in each.replies},
        moments=dict(archive.moments),
    )
    for item in items:
        if isinstance(item, ImportedAnnotation):
            _plan_annotation(plan, item, allow_changed)
    for item in items:
        if isinstance(item, ImportedReply):
            _plan_reply(plan, item)
    for item in items:
        if isinstance(item, ImportedMoment):
            _plan_moment(plan, item)
    return plan.report


def _add_draft(plan: _Plan, where: str, kind: str, entry_kind: str, payload: Mapping[str, object]) -> bool:
    """Add an entry to the plan and count it as `kind`; report a problem where the journal would refuse it."""
    draft = EntryDraft(plan.actor, entry_kind, dict(payload))
    if fault := find_draft_problem(draft.actor, draft.kind, draft.payload):
        _add_problem(plan, where, "wrong", fault)
        return False
    plan.report.counts[kind] += 1
    plan.report.drafts.append(draft)
    return True


def _add_problem(plan: _Plan, where: str, kind: str, what: str) -> None:
    plan.report.problems.append(ImportProblem(where, kind, what))


def _plan_known(plan: _Plan, where: str, field: str, there: Annotation | Reply | Moment) -> None:
    """Plan an item that is there already with the same content: restore it if it is withdrawn, else count it."""
    if there.status == "withdrawn":
        _add_draft(plan, where, "restored", "restore", {field: there.id})
    else:
        plan.report.counts["duplicates"] += 1


def _plan_annotation(plan: _Plan, item: ImportedAnnotation, allow_changed: bool) -> None:
    made, known = item.annotation, plan.annotations
    if there := known.get(made.id):
        _plan_known_annotation(plan, item, there)
        return
    if made.point_id not in plan.archive.points:
        _add_problem(plan, item.where, "on no point", f"this archive has no guidance point {made.point_id}")
        return
    target, selector, fault = _find_place(made, plan.archive.capture)
    if fault and not allow_changed:
        _add_problem(plan, item.where, "not verbatim", fault)
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
        "selector": make_selector_fields(selector),
    }
    if _add_draft(plan, item.where, "new", "annotate", payload):
        known[made.id] = made._replace(target=target, selector=selector)


def _find_place(made: Annotation, capture: CaptureWords) -> tuple[str, Selector, str]:
    """Return the target and selector to enter, and the fault of the words, or ""."""
    try:
        captured = capture(made.target, made.selector)
    except JournalError as error:
        return made.target, made.selector, str(error)
    target = made.target if is_gid(made.target) else captured.target
    is_located = captured.anchor.state in PROVEN
    return target, captured.selector, "" if is_located else f"{captured.anchor.evidence}: {made.selector.exact[:80]!r}"


def _plan_known_annotation(plan: _Plan, item: ImportedAnnotation, there: Annotation) -> None:
    """Plan an annotation whose id is there already: a duplicate if its content is the same, else a conflict."""
    different = list(_find_differences(item.annotation, there, plan.archive.capture))
    if different:
        what = f"there is an annotation of this id with another {', another '.join(different)}"
        _add_problem(plan, item.where, "in conflict", what)
    else:
        _plan_known(plan, item.where, "annotation", there)
        plan.annotations[there.id] = there._replace(status="active")


def _find_differences(made: Annotation, there: Annotation, capture: CaptureWords) -> Iterator[str]:
    """Name the fields in which two annotations of one id differ."""
    for key in ("point_id", "reading", "note", "creator", "created", "via"):
        if getattr(made, key) != getattr(there, key):
            yield key.removesuffix("_id")
    (target, words, place), (other, others, elsewhere) = (_find_words(each, capture) for each in (made, there))
    if target != other:
        yield "target"
    elif not words & others or place != elsewhere:
        yield "quote"


def _find_words(made: Annotation, capture: CaptureWords) -> tuple[str, set[str], int | None]:
    """Return an annotation's speech, its words as annotated and as the speech has them, and their offset there."""
    quoted = {made.selector.exact, made.quote} - {""}
    try:
        captured = capture(made.target, made.selector)
    except JournalError:
        return made.target, quoted, None
    is_located = captured.anchor.state in PROVEN
    return captured.target, quoted | {captured.selector.exact}, captured.selector.start if is_located else None


def _plan_reply(plan: _Plan, item: ImportedReply) -> None:
    reply, replies = item.reply, plan.replies
    _, there = replies.get(reply.id, ("", reply))
    if item.annotation_id not in plan.annotations:
        what = f"it answers {item.annotation_id[:100]}, and there is no such annotation, or it was refused"
        _add_problem(plan, item.where, "on nothing", what)
    elif reply.id not in replies:
        payload = {key: getattr(reply, key) for key in REPLY_FIELDS} | {"annotation": item.annotation_id}
        if _add_draft(plan, item.where, "new replies", "reply", payload):
            replies[reply.id] = (item.annotation_id, reply)
    elif replies[reply.id] != (item.annotation_id, reply._replace(actor=there.actor, status=there.status)):
        _add_problem(plan, item.where, "in conflict", "there is a reply of this id that says something else")
    else:
        _plan_known(plan, item.where, "reply", there)
        replies[reply.id] = (item.annotation_id, there._replace(status="active"))


def _plan_moment(plan: _Plan, item: ImportedMoment) -> None:
    made = item.moment
    if there := plan.moments.get(made.id):
        _plan_known_moment(plan, item, there)
        return
    if made.annotation_id and made.annotation_id not in plan.annotations:
        what = f"it is of the words of {made.annotation_id}, and there is no such annotation"
        _add_problem(plan, item.where, "on nothing", what)
        return
    try:
        gid, _ = plan.archive.find_speech(made.target)
    except JournalError as error:
        _add_problem(plan, item.where, "in no speech", str(error))
        return
    fields = {**made._asdict(), "target": gid, "annotation": made.annotation_id}
    payload = {key: fields[key] for key in MOMENT_FIELDS if fields[key] not in (None, "")}
    if _add_draft(plan, item.where, "new moments", "moment", payload):
        plan.moments[made.id] = made


def _plan_known_moment(plan: _Plan, item: ImportedMoment, there: Moment) -> None:
    """Plan a moment whose id is there already: a duplicate if its content is the same, else a conflict."""
    if item.moment != there._replace(actor=item.moment.actor, status=item.moment.status):
        _add_problem(plan, item.where, "in conflict", "there is a moment of this id that says something else")
    else:
        _plan_known(plan, item.where, "moment", there)
        plan.moments[there.id] = there._replace(status="active")
