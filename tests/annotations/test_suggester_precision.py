"""The ledger: counts, shares and their bounds, under the version that was decided."""

from hypothesis import given
from hypothesis import strategies as st

from annotations.suggesters.precision import PrecisionLine, compute_wilson_bounds, count_decisions
from db.records.annotation import Decision, DecisionStatus


def decision(key: str, status: DecisionStatus, version: str = "1", rule: str = "r", point: str = "d/p") -> Decision:
    return Decision(key, status, "rules", version, rule, point, None, "words", None, "", "ada", "2026-11-24T06:00:00Z")


def test_a_decision_counts_for_the_version_and_rule_of_its_suggestion() -> None:
    made = [decision("a", "accepted"), decision("b", "rejected"), decision("c", "accepted", version="2")]
    assert count_decisions(made, [("rules", "2", "r", "d/p")]) == [
        PrecisionLine("rules", "1", "r", "d/p", accepted=1, rejected=1, undecided=0),
        PrecisionLine("rules", "2", "r", "d/p", accepted=1, rejected=0, undecided=1),
    ]


def test_the_ledger_is_grouped_by_the_given_fields() -> None:
    made = [decision("a", "accepted"), decision("b", "rejected", rule="s", point="d/q")]
    [line] = count_decisions(made, [("rules", "9", "t", "d/r")], by=["suggester"])
    assert line == PrecisionLine("rules", "", "", "", 1, 1, 1)
    assert [each.point for each in count_decisions(made, [], by=["point"])] == ["d/p", "d/q"]


def test_recall_is_the_share_of_the_quotes_of_its_points() -> None:
    made = [decision("a", "accepted"), decision("b", "rejected", rule="s", point="d/q")]
    [line] = count_decisions(made, [], ["suggester"], {"d/p": 2, "d/q": 2, "d/other": 9})
    assert (line.quotes, line.recall) == (4, 0.25)
    assert line.finds == "found 1 of 4 quotes: recall 0.25, between 0.05 and 0.70"
    assert count_decisions(made, [], ["suggester"])[0].finds == ""


def test_few_decisions_are_reported_as_too_few() -> None:
    assert PrecisionLine("rules", "1", "", "", 0, 0, 7).says == "none decided yet"
    assert PrecisionLine("rules", "1", "", "", 0, 0, 7).precision is None
    few = PrecisionLine("rules", "1", "", "", 2, 1, 0)
    assert few.says == "precision 0.67, between 0.21 and 0.94 at 95 per cent: too few to say"
    assert PrecisionLine("rules", "1", "", "", 9, 1, 0).says == "precision 0.90, between 0.60 and 0.98 at 95 per cent"


def test_wilson_gives_the_published_interval() -> None:
    low, high = compute_wilson_bounds(81, 263)  # the worked example of Newcombe 1998, table 2
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_share_lies_within_its_bounds(accepted: int, rejected: int) -> None:
    if accepted + rejected:
        low, high = compute_wilson_bounds(accepted, accepted + rejected)
        assert 0 <= low <= accepted / (accepted + rejected) + 1e-9
        assert accepted / (accepted + rejected) - 1e-9 <= high <= 1
