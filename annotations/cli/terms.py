"""The verb `terms`: list words that part a point's right sentences from the others, as lines ready for a rule."""

import json
from contextlib import closing
from pathlib import Path

import click

from annotations.suggesters.distinctive_terms import DistinctiveTerm, find_distinctive_terms
from annotations.suggesters.judged_pairs import read_judged_sentences
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from annotations.suggesters.rules import find_best_rules
from db.cli import EXISTING_FOLDER_TYPE, existing_db_dir_option
from db.statements.store import open_store
from db.statements.suggestions import read_all_quotes, read_points

EXAMPLES = """\b
Example:
  dispatch-box suggestions terms taskforce-report/charging-criteria
"""


@click.command("terms", epilog=EXAMPLES)
@click.argument("point")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(min=1), help="How many terms at most.")
@click.option("--rules", envvar="RULES", default=RULES_FOLDER, type=EXISTING_FOLDER_TYPE, help="Folder of rules.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@existing_db_dir_option
def terms(point: str, limit: int, rules: Path, as_json: bool, db_dir: Path) -> None:
    """List words that mark the sentences about a POINT, for its rules.

    The sentences are the quotes of the point and its accepted suggestions; the others are those of other points, the
    rejected suggestions, and what was left unmarked in debates that someone finished blind. First come the quotes
    that no rule of the point finds.
    """
    with closing(open_store(db_dir / "statements.db")) as conn:
        points = {each.id for each in read_points(conn)}
        if point not in points:
            raise click.BadParameter(f"there is no point {point}; the pages of guidance list them")
        quotes, judged = read_all_quotes(conn), read_judged_sentences(conn)
    right = [text for id, text in quotes if id == point] + [each.text for each in judged if each.points.get(point)]
    others = [text for id, text in quotes if id != point] + [each.text for each in judged if not each.points.get(point)]
    right, known = list(dict.fromkeys(right)), set(right)
    others = [text for text in dict.fromkeys(others) if text not in known]
    own_rules = [rule for rule in read_rules(rules, points) if rule.point_id == point]
    missed = [text for text in right if not find_best_rules(text, own_rules)]
    found = find_distinctive_terms(right, others, limit=limit)
    if as_json:
        click.echo(json.dumps({"missed": missed, "terms": [each._asdict() for each in found]}, ensure_ascii=False))
        return
    _print_terms(point, right, missed, found)


def _print_terms(point: str, right: list[str], missed: list[str], found: list[DistinctiveTerm]) -> None:
    if not right:
        click.echo(f"no sentence is known to be about {point}: accept suggestions of it or annotate words first")
        return
    known = "1 sentence is" if len(right) == 1 else f"{len(right)} sentences are"
    click.echo(f"{known} about {point}; its rules find {len(right) - len(missed)}, and miss {len(missed)}")
    for text in missed:
        click.echo(f"  missed: {' '.join(text.split())}")
    if not found:
        click.echo("no word appears in two of them and hardly elsewhere; accept or annotate more first")
        return
    for each in found:
        click.echo(f"  {each.term}: in {each.right} of them, in {each.others} of the others")
    click.echo(f'any = ["{" | ".join(each.term for each in found)}"]')
