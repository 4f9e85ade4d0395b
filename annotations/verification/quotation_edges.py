"""The edges of a quotation: what a capital or a closing mark hides of its sentence, and what is denied before it.

A quotation may begin and end within a sentence. Where it looks like a whole sentence and is none, the cut is told.
Where words before it deny it, report it as another's or set it a condition, the cut changes what was said.
"""

import re
from collections.abc import Iterator, Sequence

from annotations.text.difference_grade import CONDITION, REPORTED, REVERSING, SCANT, Grade, count_negations, is_edited
from annotations.text.normalize import LOOKALIKES
from annotations.text.quotation import QuotedPart
from annotations.text.quote_diff import Difference, Wording, grade_brackets
from annotations.text.quote_words import STAND_IN, read_words
from annotations.text.sentences import find_sentences

CLOSING = " '.,;:!?"  # marks at the end of a quotation that its writer may have set
OUTER = f" \n'{LOOKALIKES[chr(39)]}"  # white space and every quotation mark
ENDING = re.compile(rf"[{re.escape(OUTER.strip() + CLOSING.strip())}]*")  # the marks at the end of words
CHANGED_LETTER = re.compile(r"\W*\[\w\]")  # [T]he: the brackets mark a letter that the writer changed
DENIED = re.compile(  # directly before the words that it denies
    r"(?:(?<!\bor )(?<!\bif )(?<!\bwhy )\b(?:not|never|hardly|scarcely|barely|rarely|seldom|cannot)|\w+n['’]t"
    r"|\b(?:fail|refus|declin)(?:e|es|ed|s|ing)? to|\b(?:far from|anything but|nothing like))[\s,]+\Z",
    re.IGNORECASE,
)
DENIED_PHRASE = re.compile(r"\b(?:no|without)\s+\Z", re.IGNORECASE)
OPENING_REACH = 1000  # characters before a quotation in which its sentence begins
MIN_WORDS = 2  # of a quotation that leaves words out behind its first
MIN_DENIED_PHRASE = 4  # words; a shorter one may be a term that is quoted
CLAUSE = re.compile(r"[;:—–]|,? (?:but|and|so|yet)\b")  # before another main clause
OWN_CLAIM = re.compile(r"\W*(?:(?:and|but|so) )*(?:I|we)\b(?!.*\b(?:wrong|mistaken|nonsense|myth)\b)", re.IGNORECASE)
REPORTING = re.compile("(?:claim|alleg|accus)(?:e|es|ed|s|ing)?", re.IGNORECASE)
SUPPOSED = re.compile(r"\W*(?:if|unless|provided|were|should|had|until|even if|only)\b", re.IGNORECASE)
NEXT_CLAUSE = re.compile(r"\s*(?:[;:]|,? and\b)")
DENYING = re.compile(r"\W*(?:and )?(?:but )?(?:not|never|nor)\b", re.IGNORECASE)
ARTICLE = re.compile(r"\b(?:the|an?)\s\Z", re.IGNORECASE)


def check_opening(mine: Wording, its: Wording, part: QuotedPart, found: list[Difference]) -> list[Difference]:
    """Return the differences of the first part, with the cut that a capital hides, and what denies its first words."""
    if not its.words or mine.words[0].folded == STAND_IN:
        return found
    quoted, at = mine.words[0].folded, its.words[0].start
    before = _find_opening(its.text, at)
    changed = bool(found and found[0].kind == "case" and found[0].quoted == mine.cut(0, 1))
    if changed and CHANGED_LETTER.match(mine.text):
        return found[1:]
    changed = changed and quoted[0].isupper()
    said = its.words[0].folded
    same = quoted[0].lower() + quoted[1:] == said if changed else quoted == said
    if same and quoted[0].isupper() and before.strip() and not part.more_before:
        grade = _grade_opening(before, said)
        if changed or grade == "substance":
            cut = its.text[at - len(before) : its.words[0].end]
            return [Difference("cut", mine.cut(0, 1), cut, grade), *found[changed:]]
    skipped = _find_skipped_words(mine, before, found)
    if skipped and mine.words[1].folded == STAND_IN:
        return [grade_brackets(mine.cut(1, 2), skipped), *(each for each in found[1:] if each.kind != "explained")]
    if skipped:
        missing: Grade = "edited" if is_edited([], skipped.split()) else "substance"
        return [Difference("cut", "", skipped, missing), *found[1:]]
    if denial := find_denial(its.text, at, len(mine.words)):
        words = its.text[at - len(before) + before.rindex(denial) : its.words[0].end]
        one = Difference("omitted", "…", denial, "marked") if part.more_before else None
        return [one or Difference("cut", mine.cut(0, 1), words, "substance"), *found]
    return found


def _find_skipped_words(mine: Wording, before: str, found: Sequence[Difference]) -> str:
    """Find words that are left out behind a first word such as "The", which stands before them in the record."""
    if len(mine.words) < MIN_WORDS or not found or found[0].kind != "added" or found[0].quoted != mine.cut(0, 1):
        return ""
    match = re.search(rf"\b{re.escape(found[0].quoted)}\s+((?:\S+\s+){{1,3}})\Z", before, re.IGNORECASE)
    return match[1].strip() if match else ""


def find_denial(text: str, at: int, words: int) -> str:
    """Find the words directly before a place that deny so many words there; "" for none."""
    before = _find_opening(text, at)
    match = DENIED.search(before) or (DENIED_PHRASE.search(before) if words >= MIN_DENIED_PHRASE else None)
    return match[0].strip(" \n,") if match else ""


def _find_opening(text: str, at: int) -> str:
    """Find the beginning of the sentence of a place, up to that place."""
    first = max(0, at - OPENING_REACH)
    near = text[first : at + 1]
    start = next((start for start, end in find_sentences(near) if start < at - first < end), at - first)
    return text[first + start : at]


def _grade_opening(before: str, first: str) -> Grade:
    """Grade the cut of a sentence's beginning: what denies, reports or conditions the rest changes what was said."""
    clause = CLAUSE.split(before)[-1]
    own = OWN_CLAIM.match(clause)
    words = [word for word in re.findall(r"[\w-]+", clause) if not (own and REPORTING.fullmatch(word))]
    turned = any(CONDITION.fullmatch(word) or REVERSING.fullmatch(word) for word in words)
    reported = REPORTED.search(clause) and not own
    scant = ARTICLE.search(before) and first.lower() in SCANT
    denied = turned or scant or count_negations(clause) or reported or SUPPOSED.match(before)
    return "substance" if denied else "surface"


def check_ending(mine: Wording, text: str, part: QuotedPart, edges: tuple[int, int]) -> Iterator[Difference]:
    """Yield another mark at the end of a part, and the cut that it hides where the sentence goes on in the record.

    `edges` are the offsets of the part in the text.
    """
    first, last = edges
    marks, its = _read_marks(mine, text, part, edges)
    if not marks or part.cut_after:
        return
    end = next((end for start, end in find_sentences(text) if start <= last < end), last)
    if marks == its == ".":  # "hon." does not end a sentence
        if _grade_cut(text[last:end]) == "substance" and not part.more_after:
            yield _make_ending_cut(mine, text, first, last, end)
        return
    question = "?" in its if its else text[:end].rstrip(OUTER)[-1:] == "?"
    if ("?" in marks) != question and (its or not question):
        yield Difference("punctuation", marks[-1], its[-1:], "substance")
    elif its and ("!" in marks) != ("!" in its):
        yield Difference("punctuation", marks[-1], its[-1:], "surface")
    if not its and not part.more_after and re.search(r"\w", text[last:end]):
        yield _make_ending_cut(mine, text, first, last, end)


def _read_marks(mine: Wording, text: str, part: QuotedPart, edges: tuple[int, int]) -> tuple[str, str]:
    """Read the marks that end a sentence behind a part, in the quotation and in the record."""
    first, last = edges
    closing = part.words[len(part.words.rstrip(CLOSING)) :]
    if mine.text.lstrip()[:1] in OUTER:
        closing, _, _ = closing.partition("'")  # a mark after the quotation marks is the writer's
    core = first + len(text[first:last].rstrip(OUTER + CLOSING))
    match = ENDING.match(text, core)
    its = "".join(mark for mark in ".!?" if match and mark in match[0])
    return "".join(mark for mark in ".!?" if mark in closing), its


def _make_ending_cut(mine: Wording, text: str, first: int, last: int, end: int) -> Difference:
    word = read_words(text, first, last, notes=True)[-1]
    quoted = mine.cut(len(mine.words) - 1, len(mine.words))
    return Difference("cut", quoted, text[word.start : end], _grade_cut(text[last:end]))


def _grade_cut(words: str) -> Grade:
    """Grade the cut of a sentence's end: a negation or condition there changes what was said, but in another clause."""
    conditions = any(CONDITION.fullmatch(word) for word in re.findall(r"\w+", words))
    denied = DENYING.match(words) if NEXT_CLAUSE.match(words) else count_negations(words)
    return "substance" if conditions or denied else "surface"
