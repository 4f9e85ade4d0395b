"""The judge: one probability from all evidence, weights that are learnt, and rules that fall silent."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotations.cli.score import score
from annotations.suggesters.distinctive_terms import find_distinctive_terms
from annotations.suggesters.judge import (
    LIKENESS_FEATURES,
    RULE_FEATURES,
    WEIGHTS_FILE,
    LabelledPair,
    Weights,
    describe_sentence,
    judge_sentence,
    read_judge,
)
from annotations.suggesters.judged_pairs import JudgedSentence, make_labelled_pairs
from annotations.suggesters.likeness import PointLikeness
from annotations.suggesters.pipeline import FiredRules, Judging, judge_speeches, leave_out_settled
from annotations.suggesters.precision import compute_trust, find_silent_rules
from annotations.suggesters.rules import suggest_by_rules
from db.records.annotation import Decision, SuggesterInput
from db.records.guidance import Point, Rule
from db.records.source import Unavailable

FAR = PointLikeness(paraphrase=0.1, example=0.1, paraphrase_tokens=0.2, example_tokens=0.2, nearest=0.0)
CLOSE = PointLikeness(paraphrase=0.6, example=0.7, paraphrase_tokens=0.7, example_tokens=0.8, nearest=1.0)
POINT, OTHER, THIRD, FOURTH = (
    Point(f"d/{name}", "d", None, None, name, f"About {name}.", None, (), (f"We speak of {name}.",))
    for name in ("blogs", "fees", "maps", "codes")
)
SPEECH = SuggesterInput("s", "gid", "Civil servants may blog. The sugar beet is dear.", "Heading")
RULE = Rule("r", "d/blogs", all=("blog",), score=0.8)


def decide(status: str, rule: str = "r", version: str = "3.abc+1", suggestion: str = "k", exact: str = "x") -> Decision:
    return Decision(
        suggestion=suggestion,
        status=status,
        suggester="rules",
        version=version,
        rule=rule,
        point_id="d/blogs",
        target="gid",
        exact=exact,
        annotation_id=None,
        reason="",
        actor="ada",
        time="2026-11-29T00:00:00Z",
    )


def test_the_committed_weights_favour_rules_and_likeness() -> None:
    judge = read_judge()
    points = [POINT.id, OTHER.id]
    likeness = {POINT.id: FAR, OTHER.id: FAR}
    nothing = judge_sentence(judge, points, {}, likeness)[POINT.id]
    by_rule = judge_sentence(judge, points, {POINT.id: 0.8}, likeness)[POINT.id]
    both = judge_sentence(judge, points, {POINT.id: 0.8}, {**likeness, POINT.id: CLOSE})[POINT.id]
    alone = judge_sentence(judge, points, {POINT.id: 0.8}, None)
    assert nothing < 0.01 < by_rule < both
    assert both > 0.9
    assert alone[OTHER.id] < 0.1 < 0.5 < alone[POINT.id]


WHOLE = WEIGHTS_FILE.read_text()
SPOILT = [WHOLE.replace('"intercept": -', f'"intercept": {number}-', 1) for number in ('NaN, "x": ', '"1", "x": ')]


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", '{"rules": 3, "likeness": {}, "points": {}}', "\x00", "[" * 100_000, *SPOILT]
)
def test_a_file_that_holds_no_weights_is_named(body: str, tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text(body)
    with pytest.raises(Unavailable, match=r"weights.json holds no weights of the judge"):
        read_judge(path)


LINES = [
    b"\xff",
    b"[" * 100_000,
    b'{"id": 1, "text": "\\ud800"}',
    b"{}",
    b"x",
    b'{"id": NaN, "text": ""}',
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_cannot_be_judged_is_named(line: bytes) -> None:
    result = CliRunner().invoke(score, ["--rules-only"], input=b'{"id": 0, "text": "Words."}\n' + line)
    assert result.exit_code == 1
    assert "error: line 2: " in str(result.exception) + result.output


def test_the_rank_of_a_point_is_among_the_points_of_the_sentence() -> None:
    features = describe_sentence([POINT.id, OTHER.id], {}, {POINT.id: FAR, OTHER.id: CLOSE})
    assert features[OTHER.id]["rank"] == 0 < features[POINT.id]["rank"]
    assert features[POINT.id]["best_of_sentence"] == features[OTHER.id]["best_of_sentence"] == pytest.approx(1.5)


def judge_text(decisions: list[Decision], alike: PointLikeness | None = None) -> list[tuple[str, str, str, float]]:
    points = (POINT, OTHER, THIRD, FOURTH)
    likeness = {point.id: alike for point in points} if alike else None
    fired = [FiredRules(SPEECH, tuple(suggest_by_rules(SPEECH.text, [RULE])))]
    judging = Judging(points, read_judge(), lambda _: likeness)
    made = judge_speeches(fired, judging, decisions, {"s": [(25, 48)]} if alike else {})
    return [(one.exact, one.suggestion.point_id, one.suggester, one.suggestion.score) for one in made]


def test_a_sentence_has_at_most_three_points_the_likeliest_first() -> None:
    made = judge_text([], CLOSE)
    for sentence in ("Civil servants may blog.", "The sugar beet is dear."):
        own = [one for one in made if one[0] == sentence]
        assert len(own) == 3
        assert [one[3] for one in own] == sorted((one[3] for one in own), reverse=True)
    assert made[0][1:3] == ("d/blogs", "rules")
    assert {one[2] for one in made[1:]} == {"similarity"}


def test_a_rule_that_people_reject_falls_silent_until_it_is_reworded() -> None:
    [(_, _, suggester, probability)] = judge_text([])
    assert (suggester, probability > 0.5) == ("rules", True)
    version = next(suggest_by_rules(SPEECH.text, [RULE])).version
    rejections = [decide("rejected", version=f"{version}+1", suggestion=str(n)) for n in range(5)]
    assert find_silent_rules(rejections[:3]) == {}  # too few to be sure
    [silent] = find_silent_rules(rejections).values()
    assert (silent.rule, silent.version) == ("r", version)
    assert silent.why.startswith("silent since 29 November 2026: 0 accepted, 5 rejected, so that at most 0.43 of its")
    assert judge_text(rejections) == []
    assert judge_text([one._replace(version="3.other+1") for one in rejections])


def test_what_people_have_settled_is_left_out() -> None:
    fired = [FiredRules(SPEECH, tuple(suggest_by_rules(SPEECH.text, [RULE])))]
    [one] = judge_speeches(fired, Judging((POINT,), read_judge(), lambda _: None), [], {})
    assert list(leave_out_settled([one], [], {("s", "d/blogs"): [(0, 5)]})) == []
    assert list(leave_out_settled([one], [], {("s", "d/fees"): [(0, 5)]})) == [one]
    by_another = decide("rejected", suggestion="of another suggester", exact="CIVIL SERVANTS may blog")
    assert list(leave_out_settled([one], [by_another], {})) == []
    assert list(leave_out_settled([one], [decide("accepted", suggestion=one.key, exact=one.exact)], {})) == [one]


def test_a_program_is_trusted_less_the_more_people_reject() -> None:
    assert compute_trust([], "rules") == 1
    assert compute_trust([decide("rejected")] * 2, "rules") == 0.5
    assert compute_trust([decide("rejected")] * 2, "mine") == 1


def test_terms_part_right_sentences_from_others() -> None:
    right = ["The fees for maps are high.", "Who sets fees for maps?", "The fees for data."]
    others = ["The maps are good.", "The road is high.", "Who sets the date?"]
    [first, *_] = find_distinctive_terms(right, others)
    assert (first.term, first.right, first.others) == ("fees", 3, 0)
    assert "maps" not in {each.term for each in find_distinctive_terms(right, others)[:2]}


def test_training_is_repeatable_learns_and_stays_near_its_base() -> None:
    training = pytest.importorskip("annotations.suggesters.training", reason="numpy is not installed: make setup")

    def make_pairs(count: int) -> list:
        return [
            LabelledPair(
                point="d/blogs", features={"rule_score": n % 2 * 0.8}, bears=n % 4 < 2, weight=1.0, debate=str(n % 5)
            )
            for n in range(count)
        ]

    base = Weights(-5.0, {"rule_score": 10.0})
    few, many = (training.learn(make_pairs(n), RULE_FEATURES, base, 8) for n in (8, 400))
    assert training.learn(make_pairs(400), RULE_FEATURES, base, 8) == many
    assert many.weights.features["rule_score"] < few.weights.features["rule_score"] < 10
    assert "in debates left out precision" in many.measures
    with pytest.raises(ValueError, match="all judged pairs are of one kind"):
        training.fit_weights([pair for pair in make_pairs(40) if pair.bears], RULE_FEATURES)


def test_a_point_has_an_offset_of_its_own_only_where_it_does_better_in_debates_left_out() -> None:
    training = pytest.importorskip("annotations.suggesters.training", reason="numpy is not installed: make setup")

    def make_pairs(point: str, right: int) -> list:
        """Make 60 pairs that look the same, of which so many in 10 are right, in each of six debates."""
        return [
            LabelledPair(
                point=point, features={"rule_score": 0.5}, bears=n % 10 < right, weight=1.0, debate=str(n // 10)
            )
            for n in range(60)
        ]

    base = Weights(-5.0, {"rule_score": 10.0})
    usual = [pair for number in range(5) for pair in make_pairs(f"d/{number}", 5)]
    learned = training.learn([*usual, *make_pairs("d/often", 9), *make_pairs("d/seldom", 1)], RULE_FEATURES, base, 8)
    assert learned.points.keys() == {"d/often"}  # d/seldom has six right pairs, too few; the others are as usual
    assert learned.points["d/often"] > 1


def test_a_decided_sentence_bears_on_no_other_point_unless_a_suggestion_is_open() -> None:
    sentence = JudgedSentence(
        debate="d", text="Words.", context="", points={POINT.id: True}, open_points=frozenset({THIRD.id})
    )
    pairs = make_labelled_pairs([sentence], (POINT, OTHER, THIRD), [RULE], lambda _: None)
    assert [(pair.point, pair.bears) for pair in pairs] == [(POINT.id, True), (OTHER.id, False)]


def test_the_committed_file_has_every_feature() -> None:
    table = json.loads((Path(__file__).parents[2] / "annotations" / "judge_weights.json").read_text(encoding="utf-8"))
    assert table["likeness"].keys() == {"intercept", *RULE_FEATURES, *LIKENESS_FEATURES}
    assert table["rules"].keys() == {"intercept", *RULE_FEATURES}
