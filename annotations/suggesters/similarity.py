"""The suggester `similarity`: the sentences nearest in meaning to a point, or to words already accepted for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from annotations.suggesters.embedding_model import MODEL_SHA256, Vector
from annotations.text.sentences import find_sentences
from db.records.annotation import SuggesterInput, Suggestion
from db.records.guidance import Point

NAME = "similarity"
VERSION = f"1.{MODEL_SHA256[:8]}"
THRESHOLD = 0.45  # 95 per cent of real answers on other subjects stay below this for every point
HANDICAP = 0.2  # subtracted for a quote: any speech is more like other speech than like a paraphrase
MAX_OPEN_PER_POINT = 5  # open suggestions
MIN_WORDS = 5  # of a sentence that is compared
MAX_SENTENCES = 4000  # compared in one run


class SimilarityExample(NamedTuple):
    """A text that sentences are compared with: a point's title and paraphrase, or a quote accepted for it.

    `rule` is `paraphrase` or `quote`; `place` is the quote's speech id, start and end.
    """

    point_id: str
    rule: str
    text: str
    place: tuple[str, int, int] | None = None

    @property
    def handicap(self) -> float:
        """Return the number to subtract from the likeness to this example."""
        return HANDICAP if self.place else 0.0


class SpeechSentence(NamedTuple):
    """A sentence of a speech, by its offsets in the speech's text (code points, end exclusive)."""

    speech: SuggesterInput
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return the words of the sentence."""
        return self.speech.text[self.start : self.end]


def make_examples(
    points: Iterable[Point], quotes: Iterable[tuple[str, str, tuple[str, int, int]]]
) -> list[SimilarityExample]:
    """Make examples of the title and paraphrase of each point, and of accepted quotes (point id, words, place)."""
    said = [SimilarityExample(point.id, "paraphrase", f"{point.title}. {point.paraphrase}") for point in points]
    return said + [SimilarityExample(point_id, "quote", words, place) for point_id, words, place in quotes]


def list_sentences(speeches: Iterable[SuggesterInput]) -> Iterator[SpeechSentence]:
    """Yield the sentences of speeches that are long enough to compare, in order."""
    for speech in speeches:
        for start, end in find_sentences(speech.text):
            if len(speech.text[start:end].split()) >= MIN_WORDS:
                yield SpeechSentence(speech, start, end)


def suggest_by_similarity(
    sentences: Sequence[SpeechSentence], examples: Sequence[SimilarityExample], embed: Callable[[Sequence[str]], Vector]
) -> Iterator[tuple[SpeechSentence, Suggestion]]:
    """Yield the sentences at least THRESHOLD alike to each point, the most alike first; `embed` makes vectors."""
    if not sentences or not examples:
        return
    similarities = embed([sentence.text for sentence in sentences]) @ embed([example.text for example in examples]).T
    for point_id in dict.fromkeys(example.point_id for example in examples):
        own = [number for number, example in enumerate(examples) if example.point_id == point_id]
        scores = np.array(
            [
                _score_sentence(sentence, [(examples[n], row[n]) for n in own])
                for sentence, row in zip(sentences, similarities, strict=True)
            ]
        )
        best = scores.max(axis=1)
        for row in np.argsort(-best, kind="stable"):
            if best[row] < THRESHOLD:
                break
            yield (
                sentences[row],
                _make_suggestion(sentences[row], examples[own[int(scores[row].argmax())]], float(best[row])),
            )


def _score_sentence(sentence: SpeechSentence, examples: Sequence[tuple[SimilarityExample, float]]) -> list[float]:
    """Score a sentence against each example: the likeness less its handicap; 0 for a quote from the sentence itself."""
    return [0.0 if _is_quoted_from(sentence, example) else alike - example.handicap for example, alike in examples]


def _is_quoted_from(sentence: SpeechSentence, example: SimilarityExample) -> bool:
    if not example.place:
        return False
    speech_id, start, end = example.place
    return speech_id == sentence.speech.speech_id and start < sentence.end and sentence.start < end


def _make_suggestion(sentence: SpeechSentence, nearest: SimilarityExample, score: float) -> Suggestion:
    evidence = f"{score + nearest.handicap:.2f} alike (of 1) to the {nearest.rule} “{nearest.text}”"
    return Suggestion(
        point_id=nearest.point_id,
        start=sentence.start,
        end=sentence.end,
        triggers=(),
        rule=nearest.rule,
        version=VERSION,
        score=min(round(score, 3), 1.0),
        evidence=evidence,
    )
