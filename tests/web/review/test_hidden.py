"""Why a sentence is hidden from the queue of review: what is told of rules that match without a suggestion."""

from contextlib import closing

import pytest
from datasette.utils.sqlite import sqlite3

from annotations.suggesters.rule_files import RULES_FOLDER
from web.review.hidden import explain_pair
from web.review.queue import make_parameters

REJECT = """
INSERT INTO decisions (suggestion, suggester, version, rule, point_id, status, exact, reason, actor, time, entry, score)
VALUES (?, 'rules', ?, ?, 'other/point', 'rejected', '', '', 'ada', '2026-11-24T00:00:00Z', ?, 1)
"""


@pytest.fixture
def conn(folder):
    with closing(sqlite3.connect(folder / "statements.db")) as conn:
        yield conn


def test_a_rule_is_called_silent_only_in_the_wording_that_people_rejected(conn, tmp_path):
    one = "SELECT speech_id, point_id, rule, version FROM suggestions WHERE rule <> '' ORDER BY rowid LIMIT 1"
    speech, point, rule, version = conn.execute(one).fetchone()
    conn.execute("DELETE FROM suggestions WHERE speech_id = ? AND point_id = ?", (speech, point))

    def explain(rules=RULES_FOLDER):
        told = explain_pair(conn, speech, point, make_parameters(conn, {}, ""), rules)
        return {each["reason"] for each in told}

    [reason] = explain()
    assert reason.startswith(f"The rule {rule} matches, but no suggestion of it is kept")
    for wording, silent in (("1.older", False), (version.partition("+")[0], True)):
        for n in range(5):
            conn.execute(REJECT, (f"{wording} {n}", wording, rule, f"{wording} {n}"))
        assert ({f"The rule {rule} is silent: people rejected most of what it suggested"} == explain()) is silent
    (tmp_path / "broken.toml").write_text("[", encoding="utf-8")
    [reason] = explain(tmp_path)
    assert reason.startswith("The rules cannot be read, so that none was tried: ")
