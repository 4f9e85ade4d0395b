"""The verb `score`: judge sentences that a program gives, so that anyone can use or measure the machines."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import click

from annotations.cli.options import add_judge_option
from annotations.cli.verb_steps import SIMILARITY_MISSING, load_model_if_installed
from annotations.curated.toml_files import GUIDANCE_FOLDER, read_guidance
from annotations.suggesters.judge import judge_sentence, read_judge
from annotations.suggesters.likeness import (
    FindLikeness,
    find_nothing,
    make_comparison,
    unpack_likeness,
)
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from annotations.suggesters.rules import find_best_rules
from db.cli import EXISTING_FOLDER_TYPE
from db.records.annotation import Suggestion
from db.records.guidance import Point

PLACES = 4  # decimal places of a probability
EXAMPLES = """\b
Example:
  echo '{"id": "1", "text": "Civil servants may blog.", "speech": "a"}' | dispatch-box suggestions score
"""


@click.command("score", epilog=EXAMPLES)
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--rules-only", is_flag=True, help="Judge by the rules alone, without likeness.")
@click.option("--guidance", envvar="GUIDANCE", default=GUIDANCE_FOLDER, type=EXISTING_FOLDER_TYPE, help="Its folder.")
@click.option("--rules", envvar="RULES", default=RULES_FOLDER, type=EXISTING_FOLDER_TYPE, help="Their folder.")
@add_judge_option
def score(file: BinaryIO, rules_only: bool, guidance: Path, rules: Path, judge: Path) -> None:
    """Judge sentences: for each, print how likely it is to be about each point of guidance.

    FILE has a line of JSON for each sentence, in the order of the record: id, text, and speech, which is the same for
    the sentences of one speech. A line of JSON is printed for each: id, and points with p (0 to 1) and the evidence.
    """
    points = [point for document in read_guidance(guidance) for point in document.points]
    rule_list, weights = read_rules(rules, {point.id for point in points}), read_judge(judge)
    find = find_nothing if rules_only else _load_comparison(points)
    for lines in _group_by_speech(file):
        whole = " ".join(line["text"] for line in lines)
        for line in lines:
            fired = find_best_rules(line["text"], rule_list, whole)
            scores = {point: one.score for point, one in fired.items()}
            chances = judge_sentence(weights, [point.id for point in points], scores, find(line["text"]))
            found = [_describe(point, chance, fired) for point, chance in _sort(chances)]
            click.echo(json.dumps({"id": line["id"], "points": found}, ensure_ascii=False))


def _sort(chances: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))


def _describe(point: str, chance: float, fired: Mapping[str, Suggestion]) -> dict[str, object]:
    evidence = {"evidence": fired[point].evidence} if point in fired else {}
    return {"point": point, "p": round(chance, PLACES), **evidence}


def _load_comparison(points: list[Point]) -> FindLikeness:
    """Load the model; say so and judge by the rules alone where the extra packages are missing."""
    embed = load_model_if_installed()
    if not embed:
        click.echo(f"{SIMILARITY_MISSING}; the rules alone were judged", err=True)
        return find_nothing
    compare, ids = make_comparison(points, embed), [point.id for point in points]
    return lambda text: unpack_likeness(ids, compare(text))


def _group_by_speech(lines: Iterable[bytes]) -> Iterator[list[dict[str, Any]]]:
    """Yield the sentences of each speech. A line that cannot be read ends the program with its number."""
    for _, group in groupby(_read_lines(lines), key=lambda line: str(line.get("speech", ""))):
        yield list(group)


def _read_lines(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for number, body in enumerate(lines, 1):
        if not body.strip():
            continue
        try:
            line = json.loads(body.decode("utf-8-sig"))
            # half a character can be neither judged nor printed, and NaN, which Python reads, is no JSON
            json.dumps(line, ensure_ascii=False, allow_nan=False).encode()
        except (ValueError, RecursionError) as error:
            sys.exit(f"error: line {number}: {error}")
        if not isinstance(line, dict) or not isinstance(line.get("text"), str) or "id" not in line:
            sys.exit(f"error: line {number}: it must be an object with id and text, and speech where there are several")
        yield line
