"""The verb `train`: let the judge learn from what people decided, and write its weights to a file."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from annotations.cli.options import add_judge_option
from annotations.cli.verb_steps import SIMILARITY_MISSING, load_model_if_installed, read_loaded_points
from annotations.suggesters.judge import LIKENESS_FEATURES, RULE_FEATURES, read_judge
from annotations.suggesters.judged_pairs import count_judgements, make_labelled_pairs, read_judged_sentences
from annotations.suggesters.likeness import (
    cache_likeness,
    find_nothing,
    make_cached_finder,
)
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from db.cli import EXISTING_FOLDER_TYPE, existing_db_dir_option
from db.embeddings import open_embeddings
from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable
from db.statements.store import open_store

MIN_JUDGEMENTS = 100  # below it the weights of the program serve better
OUT_TYPE = click.Path(path_type=Path, dir_okay=False)
MIN_QUOTES = 8  # accepted quotes of a point, from which on it may have an offset of its own


@click.command("train")
@click.option("--out", required=True, type=OUT_TYPE, help="Write the weights to this file.")
@click.option("--rules", envvar="RULES", default=RULES_FOLDER, type=EXISTING_FOLDER_TYPE, help="Folder of rules.")
@add_judge_option
@existing_db_dir_option
def train(out: Path, rules: Path, judge: Path, db_dir: Path) -> None:
    """Let the judge learn from accepted and rejected suggestions, and from debates that people finished blind.

    The weights are written to a file, which you may keep in git; its hash is the judge's version. Use it by
    JUDGE=FILE or --judge FILE. The same decisions give the same file. It needs the extra packages of similarity.
    """
    base, embed = read_judge(judge), load_model_if_installed()
    if not embed:
        raise Unavailable(SIMILARITY_MISSING, EXIT_SET_UP)
    from annotations.suggesters.training import learn  # needs numpy, which is installed where the model is

    with (
        closing(open_store(db_dir / "statements.db")) as conn,
        closing(open_embeddings(db_dir / "embeddings.db")) as cache,
    ):
        sentences = read_judged_sentences(conn)
        if (count := count_judgements(sentences)) < MIN_JUDGEMENTS:
            what = f"people have judged {count} pairs of sentence and point; the judge learns from {MIN_JUDGEMENTS} on"
            raise Unavailable(f"{what}. Until then the program's own weights serve", EXIT_SET_UP)
        points = read_loaded_points(conn)
        rule_list = read_rules(rules, {point.id for point in points})
        cache_likeness(cache, points, [each.text for each in sentences], embed)
        kinds = {"likeness": (base.likeness, make_cached_finder(cache, points)), "rules": (base.rules, find_nothing)}
        pairs_by_kind = {
            kind: make_labelled_pairs(sentences, points, rule_list, find) for kind, (_, find) in kinds.items()
        }
    table: dict[str, Any] = {}
    for kind, (weights, _) in kinds.items():
        pairs = pairs_by_kind[kind]
        names = (*RULE_FEATURES, *LIKENESS_FEATURES) if kind == "likeness" else RULE_FEATURES
        try:
            learned = learn(pairs, names, weights, MIN_QUOTES)
        except ValueError as error:
            raise Unavailable(str(error), EXIT_SET_UP) from error
        table[kind] = {"intercept": learned.weights.intercept, **learned.weights.features}
        if kind == "likeness":
            table["points"] = learned.points
        click.echo(f"{kind}: {learned.measures}")
    table["made"] = {"judgements": count, "base": base.version}
    out.write_text(json.dumps(table, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    click.echo(f"{out}: the judge's weights, version {read_judge(out).version}; use it by JUDGE={out}")
