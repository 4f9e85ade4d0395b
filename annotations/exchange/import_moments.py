"""What importing moments of videos would do: each is new, there already, or a problem."""

from collections.abc import Callable, Mapping

from annotations.exchange.bundle import Filmed
from annotations.exchange.import_report import Problem, Report, enter
from db.journal.entries import Draft, JournalError
from db.records.annotation import Annotation, Moment

FIELDS = ("id", "target", "source", "start", "end", "annotation", "note", "creator", "created")
Heard = Callable[[str], tuple[str, str]]


def film(
    report: Report,
    item: Filmed,
    known: Mapping[str, Annotation],
    moments: dict[str, Moment],
    heard: Heard,
    actor: str,
) -> None:
    """Weigh a moment against the annotations and moments that are there; `heard` finds its speech, or JournalError."""
    made = item.moment
    if there := moments.get(made.id):
        moments[made.id] = there._replace(status="active")
        return _again(report, item, there, actor)
    moments[made.id] = made
    if made.annotation_id and made.annotation_id not in known:
        what = f"it is of the words of {made.annotation_id}, and there is no such annotation"
        report.problems.append(Problem(item.where, "on nothing", what))
        return None
    try:
        fields = {**made._asdict(), "target": heard(made.target)[0], "annotation": made.annotation_id}
    except JournalError as error:
        report.problems.append(Problem(item.where, "in no speech", str(error)))
        return None
    payload = {key: fields[key] for key in FIELDS if fields[key] not in (None, "")}
    return enter(report, item.where, "new moments", Draft(actor, "moment", payload))


def _again(report: Report, item: Filmed, there: Moment, actor: str) -> None:
    """Weigh a moment whose id is there already: once, if it says the same."""
    if item.moment != there._replace(actor=item.moment.actor, status=item.moment.status):
        what = "there is a moment of this id that says something else"
        report.problems.append(Problem(item.where, "in conflict", what))
    elif there.status == "withdrawn":
        enter(report, item.where, "restored", Draft(actor, "restore", {"moment": there.id}))
    else:
        report.counts["duplicates"] += 1
