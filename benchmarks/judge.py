"""Fit the judge's committed weights to labelled sentences, and measure them with whole debates left out.

A line of the file has id, sentence, speech, debate, points and also_acceptable (points that it bears on as well). The
rules of this project were written after reading those sentences, so that they look better on them than they are:
a share of the right places of rules is therefore hidden, at random with a fixed seed, for fitting and for measuring.
"""

import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import click

from annotations.curated.toml_files import GUIDANCE_FOLDER, read_guidance
from annotations.suggesters.embedding_model import load_model
from annotations.suggesters.judge import (
    LIKENESS_FEATURES,
    MAX_POINTS,
    MIN_PROBABILITY,
    RULE_FEATURES,
    THRESHOLD,
    WEIGHTS_FILE,
    LabelledPair,
    Weights,
    compute_probability,
    describe_sentence,
)
from annotations.suggesters.likeness import Likeness, make_comparison, unpack_likeness
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from annotations.suggesters.rules import find_best_rules
from annotations.suggesters.training import fit_weights, split_by_debate

HIDDEN = 0.4  # share of the right places of rules that are hidden
COPIES = 3  # of the sentences, each with other places hidden
SEED = 1
BINS, MIN_BIN = (0.1, 0.2, 0.4, 0.6, 0.8, 1.01), 20  # of calibration
FEATURES = {"likeness": (*RULE_FEATURES, *LIKENESS_FEATURES), "rules": RULE_FEATURES}


class LabelledSentence(NamedTuple):
    """A sentence, the points that it bears on, and the evidence of rules and likeness."""

    debate: str
    right: frozenset[str]
    wanted: frozenset[str]
    rule_scores: Mapping[str, float]
    likeness: Likeness


@click.command()
@click.argument("labelled", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path), help=f"Write the weights here, as {WEIGHTS_FILE.name}.")
def main(labelled: Path, out: Path | None) -> None:
    """Fit and measure the judge on a file of LABELLED sentences."""
    sentences = read_sentences(labelled)
    table: dict[str, Any] = {"points": {}}
    for kind in FEATURES:
        pairs = [pair for copy in range(COPIES) for pair in make_pairs(hide_places(sentences, copy), kind)]
        weights = fit_weights(pairs, FEATURES[kind])
        table[kind] = {"intercept": weights.intercept, **weights.features}
        print(f"{kind}: debates left out: {measure(sentences, kind, hidden=False)}")
        print(f"{kind}: and right places of rules hidden: {measure(sentences, kind, hidden=True)}")
    print(f"decisions of a reviewer, replayed: {replay_decisions(sentences)}")
    if out:
        out.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def read_sentences(path: Path) -> list[LabelledSentence]:
    """Read labelled sentences, and gather the evidence for each."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    points = [point for document in read_guidance(GUIDANCE_FOLDER) for point in document.points]
    ids = [point.id for point in points]
    rules = read_rules(RULES_FOLDER, set(ids))
    compare = make_comparison(points, load_model())
    speeches: dict[str, list[str]] = {}
    for line in lines:
        speeches.setdefault(line["speech"], []).append(line["sentence"])
    return [
        LabelledSentence(
            debate=line["debate"],
            right=frozenset(line["points"]) | frozenset(line["also_acceptable"]),
            wanted=frozenset(line["points"]),
            rule_scores={
                point: found.score
                for point, found in find_best_rules(line["sentence"], rules, " ".join(speeches[line["speech"]])).items()
            },
            likeness=unpack_likeness(ids, compare(line["sentence"])),
        )
        for line in lines
    ]


def hide_places(sentences: Sequence[LabelledSentence], copy: int) -> list[LabelledSentence]:
    """Hide a share of the right places of rules; `copy` chooses which."""
    chance = random.Random(SEED + copy)  # not for secrets
    return [
        each._replace(
            rule_scores={
                point: score
                for point, score in each.rule_scores.items()
                if point not in each.right or chance.random() >= HIDDEN
            }
        )
        for each in sentences
    ]


def make_pairs(sentences: Sequence[LabelledSentence], kind: str) -> list[LabelledPair]:
    """Make a labelled pair of each sentence with each point."""
    return [
        LabelledPair(point=point, features=features, bears=point in each.right, weight=1 / COPIES, debate=each.debate)
        for each in sentences
        for point, features in describe_sentence(
            each.likeness, each.rule_scores, each.likeness if kind == "likeness" else None
        ).items()
    ]


def measure(sentences: Sequence[LabelledSentence], kind: str, hidden: bool) -> str:
    """Describe precision and recall where the weights come from other debates."""
    copies = [make_pairs(hide_places(sentences, copy), kind) for copy in range(COPIES)]
    tested = hide_places(sentences, COPIES) if hidden else sentences
    proposed = right = found = 0
    ranked: list[tuple[float, bool]] = []
    judged: list[tuple[float, bool]] = []
    folds = [split_by_debate(copy) for copy in copies]
    for number, (_, test) in enumerate(folds[0]):
        weights = fit_weights([pair for copy in folds for pair in copy[number][0]], FEATURES[kind])
        debates = {pair.debate for pair in test}
        for each in (one for one in tested if one.debate in debates):
            likeness = each.likeness if kind == "likeness" else None
            chances = {
                point: compute_probability(weights, features)
                for point, features in describe_sentence(each.likeness, each.rule_scores, likeness).items()
            }
            ranked += [(chance, point in each.wanted) for point, chance in chances.items()]
            judged += [(chance, point in each.right) for point, chance in chances.items()]
            best = sorted(chances, key=lambda point: -chances[point])[:MAX_POINTS]
            made = [point for point in best if chances[point] >= THRESHOLD]
            proposed += len(made)
            right += sum(point in each.right for point in made)
            found += sum(point in each.wanted for point in made)
    wanted = sum(len(each.wanted) for each in sentences)
    return (
        f"{proposed} proposed, precision {right / max(1, proposed):.3f}, recall {found / max(1, wanted):.3f}, "
        f"half of the pairs after {count_decisions_to_half(ranked)} decisions, {_describe_calibration(judged)}"
    )


def _describe_calibration(ranked: Sequence[tuple[float, bool]]) -> str:
    """Describe the right share beside the mean probability, for the bins from 0.1 up that hold 20 pairs or more."""
    bins = [[each for each in ranked if low <= each[0] < high] for low, high in pairwise(BINS)]
    return "right by probability " + ", ".join(
        f"{sum(right for _, right in found) / len(found):.2f} ({sum(chance for chance, _ in found) / len(found):.2f})"
        for found in bins
        if len(found) >= MIN_BIN
    )


def replay_decisions(sentences: Sequence[LabelledSentence]) -> str:
    """Describe what the judge learns from a reviewer: before and after, on debates that neither has seen.

    The debates are in three parts: weights are fitted to one, a reviewer decides what they propose in the next (every
    pair of a sentence that has a likely one), and both weights are measured on the last; in three orders and each way.
    """
    before, after = [], []
    for order in range(COPIES):
        tested = hide_places(sentences, order)
        parts = _split_into_thirds(tested, order)
        for turn in range(len(parts)):
            first, second, third = parts[turn:] + parts[:turn]
            base = fit_weights(make_pairs(first, "likeness"), FEATURES["likeness"])
            learnt = fit_weights(_decide(second, base), FEATURES["likeness"], base)
            before.append(_rank(third, base))
            after.append(_rank(third, learnt))
    better = sum(new[0] > old[0] for old, new in zip(before, after, strict=True))
    return f"before {_describe_mean(before)}; after {_describe_mean(after)}; better in {better} of {len(before)}"


def _split_into_thirds(sentences: Sequence[LabelledSentence], order: int) -> list[list[LabelledSentence]]:
    """Divide debates into three parts with about as many pairs each; `order` chooses how."""
    chance, wanted = random.Random(order), Counter[str]()  # not for secrets
    for each in sentences:
        wanted[each.debate] += len(each.wanted)
    debates = sorted(wanted, key=lambda debate: (-wanted[debate], chance.random()))
    return [[each for each in sentences if debates.index(each.debate) % 3 == part] for part in range(3)]


def _decide(sentences: Sequence[LabelledSentence], base: Weights) -> list[LabelledPair]:
    """Return what a reviewer's decisions say: the likely points, right or wrong, and the other points of the sentence.

    A reviewer accepts any fitting point that is shown, and finds the wanted ones that are not.
    """
    pairs = [pair._replace(weight=1.0) for pair in make_pairs(sentences, "likeness")]
    size = len(pairs) // len(sentences)
    decided: list[LabelledPair] = []
    for number, each in enumerate(sentences):
        group = pairs[number * size : (number + 1) * size]
        chances = {pair.point: compute_probability(base, pair.features) for pair in group}
        best = sorted(chances, key=lambda point: -chances[point])[:MAX_POINTS]
        if shown := [point for point in best if chances[point] >= MIN_PROBABILITY]:
            decided += [
                pair._replace(bears=pair.point in (each.right if pair.point in shown else each.wanted))
                for pair in group
            ]
    return decided


def _rank(sentences: Sequence[LabelledSentence], weights: Weights) -> tuple[float, float]:
    """Return the average precision of all pairs by falling probability, and the decisions to each found pair."""
    wanted = [point in each.wanted for each in sentences for point in each.likeness]
    pairs = make_pairs(sentences, "likeness")
    ranked = [
        (compute_probability(weights, pair.features), is_right) for pair, is_right in zip(pairs, wanted, strict=True)
    ]
    found, precision = 0, 0.0
    for number, (_, is_right) in enumerate(sorted(ranked, key=lambda each: -each[0]), 1):
        found += is_right
        precision += is_right * found / number
    return precision / found, count_decisions_to_half(ranked) / ((found + 1) // 2)


def _describe_mean(measured: Sequence[tuple[float, float]]) -> str:
    precision, decisions = (sum(column) / len(measured) for column in zip(*measured, strict=True))
    return f"average precision {precision:.3f}, {decisions:.2f} decisions a found pair"


def count_decisions_to_half(ranked: Sequence[tuple[float, bool]]) -> int:
    """Count the pairs to review, the likeliest first, until half of the right ones are found."""
    wanted = sum(is_right for _, is_right in ranked)
    found = 0
    for number, (_, is_right) in enumerate(sorted(ranked, key=lambda each: -each[0]), 1):
        found += is_right
        if found * 2 >= wanted:
            return number
    return len(ranked)


if __name__ == "__main__":
    main()
