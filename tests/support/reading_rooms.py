"""The invented day of the reading rooms: a speech is dropped, and the speaker of another is corrected."""

from pathlib import Path

from tests.support.letters import AMBROSE, DOROTHEA, LetterFolder, gid, write_emptied, write_letter, write_quote

QUESTION = "What plans has she for the reading rooms of the valley this year?"
CLOSURE = "We shall close every reading room in the valley next spring."
THANKS = "I thank the Minister for that answer, which the valley will read with care."
HEDGES = "The hedges of the county are in hand and will be cut before the swans come back in March."
QUOTES = write_quote("dropped", gid("a", 3), "close every reading room") + write_quote(
    "corrected", gid("a", 5), "hedges of the county"
)


def receive_first(folder: Path) -> LetterFolder:
    """Receive letter a, on 1 January 2026."""
    made = LetterFolder(folder, QUOTES)
    turns = [(2, QUESTION, AMBROSE), (3, CLOSURE, DOROTHEA), (4, THANKS, AMBROSE), (5, HEDGES, AMBROSE)]
    made.receive("2026-01-01", "a", write_letter("a", turns))
    return made


def receive_second(made: LetterFolder) -> None:
    """Receive letter b, on 10 January 2026: Dorothea's answer is dropped, and the hedges are hers."""
    links = [(f"a{n}", f"b{n}", "perfectmatch") for n in (0, 2, 4, 5)]
    emptied = write_emptied("a", [*links, ("a3", "b2", "missing")], [(3, CLOSURE, DOROTHEA)])
    made.receive("2026-01-10", "a", emptied)
    made.receive(
        "2026-01-10", "b", write_letter("b", [(2, QUESTION, AMBROSE), (4, THANKS, AMBROSE), (5, HEDGES, DOROTHEA)])
    )


def receive_third(made: LetterFolder) -> None:
    """Receive letter c, on 20 January 2026, word for word the same."""
    made.receive("2026-01-20", "b", write_emptied("b", [(f"b{n}", f"c{n}", "perfectmatch") for n in (0, 2, 4, 5)]))
    made.receive(
        "2026-01-20", "c", write_letter("c", [(2, QUESTION, AMBROSE), (4, THANKS, AMBROSE), (5, HEDGES, DOROTHEA)])
    )
