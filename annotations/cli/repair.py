"""The verbs for quotes whose words are not the speaker's: `check`, `confirm` and `repair`."""

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from annotations.cli.enter import enter, known, options_of_words, words_of
from annotations.cli.options import actor, as_of, folders, places_of
from annotations.decide import selector_of
from annotations.desk import curated_of
from annotations.resolve import Resolved, place, resolve, selected
from db.command import FAILED
from db.journal import Draft, JournalError, read_journal
from db.notes import Repair
from db.store import open_store

MARKS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}


@click.command("check")
@folders
@as_of
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def check(as_of: str | None, as_json: bool, **given: Path) -> None:
    """List the quotes whose wording changed or is lost, with what to do; exit 1 where there is one."""
    places = places_of(given)
    with closing(open_store(places.statements)) as conn:
        resolved = resolve(conn, curated_of(places), read_journal(places.journal, as_of))
    for each in resolved.people.repairs:
        click.echo(json.dumps(each._asdict(), ensure_ascii=False) if as_json else _told(each, resolved))
    if not as_json:
        for annotation in resolved.astray:
            click.echo(
                f"{annotation.origin}: {annotation.id}: no guidance has its point {annotation.point_id} any more"
            )
        active = sum(each.annotation.status == "active" for each in resolved.people.placed)
        states = [each.anchor for each in resolved.people.repairs]
        click.echo(f"{active} annotations, {states.count('changed')} changed, {states.count('lost')} lost")
    sys.exit(FAILED if resolved.people.repairs or resolved.astray else 0)


def _told(repair: Repair, resolved: Resolved) -> str:
    origin = resolved.state.annotations[repair.annotation_id].origin
    told = [f"{origin}: {repair.annotation_id}: {repair.evidence}. {repair.advice}", f"    quote: {repair.old}"]
    if repair.new is not None:
        words = " ".join(MARKS[what].format(words) for what, words in repair.difference)
        told += [f"    words there now: {repair.new}", f"    difference: {words}"]
    return "\n".join(told)


@click.command("confirm")
@click.argument("annotation")
@click.option("--reason", default="", help="Why.")
@actor
@folders
def confirm(annotation: str, reason: str, actor: str, **given: Path) -> None:
    """Confirm that the words that took the place of ANNOTATION's quote are the speaker's, and that it still holds."""
    places = places_of(given)
    with closing(open_store(places.statements)) as conn:
        placed = place(conn, known(annotation, places))
        start, end = placed.anchor.start, placed.anchor.end
        if placed.anchor.state != "changed" or start is None or end is None:
            raise JournalError(f"{annotation} is {placed.anchor.state}: only a changed wording can be confirmed")
        text = conn.execute("SELECT text FROM speeches WHERE id = ?", (placed.speech_id,)).fetchone()[0]
    payload = {"annotation": annotation, "selector": selector_of(selected(text, start, end)), "reason": reason}
    enter(Draft(actor, "confirm", payload), places)


@click.command("repair")
@click.argument("annotation")
@click.option("--target", help="Of another speech: its gid, id or address.")
@options_of_words
@click.option("--reason", default="", help="Why.")
@actor
@folders
def repair(annotation: str, target: str | None, reason: str, actor: str, **given: Any) -> None:
    """Put ANNOTATION on other words of its speech, or of another."""
    places = places_of(given)
    captured = words_of(places, target or known(annotation, places).target, given)
    payload = {"annotation": annotation, "selector": selector_of(captured.selector), "reason": reason}
    there = {"target": captured.target} if target else {}
    enter(Draft(actor, "repair", {**payload, **there}), places)
