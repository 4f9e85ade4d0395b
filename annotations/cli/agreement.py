"""The verb that tells how far people agree: `agreement`."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from annotations.agreement.measure import Agreement, Pair, Read, agreements
from annotations.agreement.passes import marks_of, passes_of, reads_of
from annotations.agreement.report import plain
from annotations.cli.options import as_of, folders, places_of
from annotations.commands.places import read_curated
from annotations.projection.resolve import resolve
from db.journal.entries import JournalError, read_journal
from db.references import find
from db.statements.store import open_store


@click.command("agreement")
@folders
@as_of
@click.option("--point", help="One point: document/point.")
@click.option("--debate", help="One debate: its id, gid or address.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a point, for programs.")
def agreement(as_of: str | None, point: str | None, debate: str | None, as_json: bool, **given: Path) -> None:
    """Tell how far people agree who finished the same debates, each before seeing the others' notes; list where not."""
    places = places_of(given)
    with closing(open_store(places.statements)) as conn:
        resolved = resolve(conn, read_curated(places), read_journal(places.journal, as_of))
        passes = passes_of(conn, resolved.state)
        wanted = {found.debate_id for found in find(conn, debate)} if debate else None
        reads = [read for read in reads_of(conn, passes) if wanted is None or read.debate_id in wanted]
    if not any(len(read.people) > 1 for read in reads):
        raise JournalError(_nobody(reads))
    found = list(agreements(reads, marks_of(resolved.people.placed, resolved.state, passes, reads)))
    for each in found:
        if point in (None, each.point_id):
            click.echo(json.dumps(plain(each), ensure_ascii=False) if as_json else "\n".join(_told(each)))
    if not as_json and not found:
        click.echo("nobody marked anything in the debates that several people have finished")


def _nobody(reads: list[Read]) -> str:
    one = f" (one person has finished {', '.join(read.debate_id for read in reads)})" if reads else ""
    return f"no debate is finished by two people{one}: each enters done when theirs is (journal add done)"


def _told(found: Agreement) -> Iterator[str]:
    yield f"{found.point_id}: {', '.join(found.people)}"
    yield f"  {found.debates} debates, {found.sentences} sentences, {found.marked} of them marked by somebody"
    yield f"  alpha, sentence by sentence: {_number(found.nominal)}"
    for pair in found.pairs:
        yield from _pair(pair)
    if found.warning:
        yield f"  warning: {found.warning}"
    for each in found.disagreements:
        yield f"  {each.speech_id}: {' '.join(each.words.split())}"
        yield "      " + "; ".join(f"{person}: {reading or '-'}" for person, reading in each.readings.items())


def _pair(pair: Pair) -> Iterator[str]:
    yield f"  {pair.one} and {pair.other}: alpha of their passages (unitised): {_number(pair.unitised)}"
    yield (
        f"      {pair.both} passages of both ({pair.alike} read alike), {pair.only_one} of {pair.one} alone,"
        f" {pair.only_other} of {pair.other} alone"
    )


def _number(alpha: float | None) -> str:
    return "none: there is nothing to disagree on" if alpha is None else f"{alpha:.3f}"
