"""The verb `agreement`: report how far people agree."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click

from annotations.agreement.measure import FinishedDebate, PairAgreement, PointAgreement, measure_agreement
from annotations.agreement.passes import collect_blind_marks, collect_finished_passes, read_finished_debates
from annotations.agreement.report import make_agreement_data
from annotations.cli.options import add_as_of_option, add_folder_options, read_archive_paths
from annotations.commands.archive_paths import read_curated
from annotations.projection.resolution import resolve_entries
from db.journal.entries import read_journal
from db.references import find_references
from db.statements.store import open_store


@click.command("agreement")
@add_folder_options
@add_as_of_option
@click.option("--point", help="Only this point: document/point.")
@click.option("--debate", help="Only this debate: its id, gid or address.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per point, for programs.")
def agreement(as_of: str | None, point: str | None, debate: str | None, as_json: bool, **given: Path) -> None:
    """Report how far people who annotated the same debates agree.

    Only debates count that several people have finished, each before seeing the notes of the others. The sentences on
    which they disagree are listed.
    """
    paths = read_archive_paths(given)
    with closing(open_store(paths.statements)) as conn:
        resolved = resolve_entries(conn, read_curated(paths), read_journal(paths.journal, as_of))
        passes = collect_finished_passes(conn, resolved.state)
        wanted = {found.debate_id for found in find_references(conn, debate)} if debate else None
        reads = [read for read in read_finished_debates(conn, passes) if wanted is None or read.debate_id in wanted]
    if not any(len(read.people) > 1 for read in reads):
        click.echo(_explain_no_pair(reads), err=as_json)
        return
    found = list(measure_agreement(reads, collect_blind_marks(resolved.rows.placed, resolved.state, passes, reads)))
    for each in found:
        if point in (None, each.point_id):
            click.echo(
                json.dumps(make_agreement_data(each), ensure_ascii=False)
                if as_json
                else "\n".join(_describe_agreement(each))
            )
    if not as_json and not found:
        click.echo("no one marked anything in the debates that several people have finished")


def _explain_no_pair(reads: list[FinishedDebate]) -> str:
    one = f" (one person has finished {', '.join(read.debate_id for read in reads)})" if reads else ""
    return f"no debate has been finished by two people{one}; each finishes on its page, or with: journal add done"


def _describe_agreement(found: PointAgreement) -> Iterator[str]:
    yield f"{found.point_id}: {', '.join(found.people)}"
    yield f"  {found.debates} debates, {found.sentences} sentences, {found.marked} of them marked"
    yield f"  alpha, sentence by sentence: {_format_alpha(found.nominal)}"
    for pair in found.pairs:
        yield from _describe_pair(pair)
    if found.warning:
        yield f"  warning: {found.warning}"
    for each in found.disagreements:
        yield f"  {each.speech_id}: {' '.join(each.words.split())}"
        yield "      " + "; ".join(f"{person}: {reading or '-'}" for person, reading in each.readings.items())


def _describe_pair(pair: PairAgreement) -> Iterator[str]:
    yield f"  {pair.one} and {pair.other}: alpha of their quotes (unitised): {_format_alpha(pair.unitised)}"
    yield (
        f"      {pair.both} quotes of both ({pair.alike} with the same reading), {pair.only_one} only of {pair.one},"
        f" {pair.only_other} only of {pair.other}"
    )


def _format_alpha(alpha: float | None) -> str:
    return "none: there is nothing to compare" if alpha is None else f"{alpha:.3f}"
