"""Rules: their matches, their files, and the keys and versions of their suggestions."""

import gzip
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.curated.toml_files import CuratedError, read_guidance
from annotations.suggesters.pipeline import make_suggestion_key
from annotations.suggesters.rule_files import RULES_FOLDER, read_rules
from annotations.suggesters.rules import make_rule_version, suggest_by_rules
from annotations.suggesters.terms import find_term
from annotations.text.normalize import fold_words, index_words
from db.records.guidance import Near, Rule
from tests.support.cli import SPECIMENS

OFFICIALS = Rule("r", "d/p", all=("civil servant*", "online | web log*"))
RULE = '[[rule]]\nid = "r"\npoint = "d/p"\n'


def hits(text: str, rule: Rule) -> list[str]:
    return [text[s.start : s.end] for s in suggest_by_rules(text, [rule])]


@pytest.mark.parametrize(
    "text",
    [
        "Civil servants go ONLINE.",
        "Civil\u00a0servants, and their web-logs, exist.",
        "A civil ser\u00advant keeps a web\u2011log.",
        "The ‘civil servant’s’ on\u00adline life.",
        "Civil\nservants write on‑line and online.",
    ],
)
def test_words_are_found_in_any_case_and_typography(text: str) -> None:
    assert hits(text, OFFICIALS) == [text]


@pytest.mark.parametrize(
    "text", ["Civil servants go onlines.", "Uncivil servants go online.", "Civil, they say. Servants go online."]
)
def test_terms_match_whole_words_within_one_sentence(text: str) -> None:
    assert hits(text, OFFICIALS) == []


def test_all_any_and_none_apply_to_one_sentence() -> None:
    rule = Rule("r", "d/p", all=("blog",), any=("allowed", "banned"), none=("bbc",))
    text = "A blog. It is allowed. A blog is allowed. A BBC blog is banned. The blog was banned?"
    assert hits(text, rule) == ["A blog is allowed.", "The blog was banned?"]


def test_near_counts_the_words_between_in_either_order() -> None:
    rule = Rule("r", "d/p", near=(Near(("blog", "the civil service"), 2),))
    assert hits(
        "A blog of the civil service. The civil service has a blog. The civil service has no good blog.", rule
    ) == [
        "A blog of the civil service.",
        "The civil service has a blog.",
    ]


def test_near_needs_two_different_places() -> None:
    assert hits("An online forum.", Rule("r", "d/p", near=(Near(("online forum", "forum"), 5),))) == []


def test_within_a_speech_the_sentence_with_the_first_term_is_proposed() -> None:
    rule = Rule("r", "d/p", all=("guidance", "blog*"), within="speech")
    assert hits("Blogs are new. We issue guidance. So be it.", rule) == ["We issue guidance."]
    assert hits("We issue guidance. So be it.", rule) == []


def test_about_looks_at_the_speech_and_at_its_context() -> None:
    rule = Rule("r", "d/p", all=("the code",), about=("web | online",))
    text = "The code holds. So be it."
    assert list(suggest_by_rules(text, [rule])) == []
    for there, context in ((f"{text} It holds online.", ""), (text, "Guidance for the Web"), (text, "They go online.")):
        [one] = suggest_by_rules(there, [rule], context)
        assert (there[one.start : one.end], one.triggers) == ("The code holds.", ("The code",))


def test_lists_of_terms_stand_in_rules_by_name(tmp_path: Path) -> None:
    (tmp_path / "shared.toml").write_text('[terms]\nstaff = "civil servant* | officials"\n', encoding="utf-8")
    (tmp_path / "a.toml").write_text(RULE + 'all = ["@staff | clerk", "online"]\n', encoding="utf-8")
    [rule] = read_rules(tmp_path, {"d/p"})
    assert rule.all == ("civil servant* | officials | clerk", "online")


def test_every_point_has_a_rule() -> None:
    points = {point.id for document in read_guidance() for point in document.points}
    assert points == {rule.point_id for rule in read_rules(RULES_FOLDER, points)}


def test_a_suggestion_names_its_rule_and_words() -> None:
    [one] = suggest_by_rules("Civil servants write: ‘Web–logs’.", [OFFICIALS._replace(score=0.7)])
    assert (one.point_id, one.triggers, one.rule, one.score) == ("d/p", ("Civil servants", "Web–logs"), "r", 0.7)
    assert one.evidence == "rule r: “Civil servants”, “Web–logs”"
    assert one.version == make_rule_version(OFFICIALS._replace(score=0.7))


def test_the_rule_with_the_higher_score_is_named() -> None:
    sure, unsure = Rule("z", "d/p", all=("blog",), score=0.9), Rule("a", "d/p", all=("blog",), score=0.4)
    assert [s.rule for s in suggest_by_rules("A blog.", [unsure, sure])] == ["z"]


def test_rewording_a_rule_changes_its_version_but_a_new_note_does_not() -> None:
    assert make_rule_version(OFFICIALS) == make_rule_version(OFFICIALS._replace(note="why"))
    assert make_rule_version(OFFICIALS) != make_rule_version(OFFICIALS._replace(all=("civil servant*",)))


@given(st.text())
def test_folding_words_is_idempotent_and_ignores_composition(text: str) -> None:
    assert fold_words(fold_words(text)) == fold_words(text)
    assert fold_words(unicodedata.normalize("NFC", text)) == fold_words(unicodedata.normalize("NFD", text))


@given(st.text(alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "Cf"))))
def test_every_word_of_a_text_is_found_in_its_place(text: str) -> None:
    words = index_words(text)
    for number, word in enumerate(words.text.split()):
        start, end = words.places[number]
        assert word in fold_words(text[start:end]).split()
        assert (number, number) in list(find_term(word, words))


def test_a_key_depends_on_words_and_point_only() -> None:
    key = make_suggestion_key("rules", "d/p", "“Speak—with an authoritative voice.”")
    assert key == make_suggestion_key("rules", "d/p", "speak - with an Authori\u00adtative\nvoice")
    others = [("rules", "d/q", "speak"), ("similarity", "d/p", "speak"), ("rules", "d/p", "speaks")]
    assert len({key, *(make_suggestion_key(*other) for other in others)}) == 4


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (
            "They leave the code where it was.",
            "48e885d365bdb9d048a1b7ae655d00761ffa00cb1b81729fce8185a175cc0bcd",
        ),
        ("The Ta\u00adsk-force’s “ﬁrst”  Report", "1acd4fad656397d2d56f0d40a5f4c4ae4e939f3e289f6b33dd7b031abb773ec5"),
        ("Straße_№ 5 — ½ ΣΊΣΥΦΟΣ\u200b e\u0301", "68ea60f5f75e438e9cb1aabe81c4c67ef6fcbfe322a16eb5b2e903d9314ee4ba"),
        ("…", "e77567e377b072c43bb9e9776a0b112a22f3e69b4daae55d82e326f3f77b2a91"),
    ],
)
def test_keys_never_change(words: str, key: str) -> None:
    assert make_suggestion_key("rules", "d/p", words) == key


def test_an_earlier_database_gets_the_same_keys(tmp_path: Path) -> None:
    path = tmp_path / "statements.db"
    path.write_bytes(gzip.decompress((SPECIMENS / "databases" / "0.2" / "statements.db.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as conn:
        made = conn.execute("SELECT suggester, point_id, exact, key FROM suggestions").fetchall()
    assert len(made) == 110
    assert [make_suggestion_key(*row[:3]) for row in made] == [row[3] for row in made]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (RULE + 'colour = "red"', "r.toml: line 4: rule r: colour is an unknown key"),
        (
            RULE.replace("d/p", "d/q") + 'all = ["x"]',
            "r.toml: line 3: rule r: point leads to no point: there is no point d/q",
        ),
        (RULE.replace('"r"', '"R!"') + 'all = ["x"]', "r.toml: line 2: rule R!: id must be small letters"),
        (RULE, "give all, any or near"),
        (RULE + 'all = "x"', "line 4: rule r: all must be a list of texts"),
        (RULE + 'any = ["x | "]', "holds an alternative without words"),
        (RULE + 'any = ["@nowhere"]', "rule r: any names a list that no file has: @nowhere"),
        ("[terms]\nstaff = 3\n" + RULE + 'any = ["x"]', "terms staff must be a name of small letters"),
        (RULE + 'all = ["x"]\nscore = 2.0', "score must be a number above 0 and at most 1"),
        (RULE + 'all = ["x"]\nwithin = "debate"', "within must be one of sentence, speech"),
        (RULE + 'near = [{ terms = ["x"], words = 2 }]', "line 4: rule r: near: terms must be two terms"),
        (RULE + 'all = ["x"]\nscore = nan', "score must be a number above 0 and at most 1"),
        (RULE + 'all = ["x"]\nscore = true', "score must be a number above 0 and at most 1"),
        (RULE + 'near = [{ terms = ["x", "y"], words = 1e3 }]', "near: words must be how many words may come between"),
        (RULE + 'near = ["x"]', "line 4: rule r: near must be [[near]]"),
        ((RULE + 'all = ["x"]\n') * 2, "line 6: rule r: id another entry has the id r already"),
        ("x = 1", "r.toml: line 1: x is an unknown key; the keys are rule"),
        ("[[rule", "r.toml: "),
    ],
)
def test_an_error_names_the_file_and_the_id_of_the_rule(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(text)
    with pytest.raises(CuratedError) as error:
        read_rules(tmp_path, {"d/p"})
    assert message in str(error.value)


def test_the_rules_of_the_project_are_valid_and_every_principle_has_one() -> None:
    points = {point.id: point for document in read_guidance() for point in document.points}
    covered = {points[rule.point_id] for rule in read_rules(RULES_FOLDER, points)}
    tops = {point.parent_id or point.id for point in covered if point.document_id == "participation-online"}
    assert tops == {p.id for p in points.values() if p.document_id == "participation-online" and not p.parent_id}
