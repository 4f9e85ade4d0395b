"""Edges inside words and numbers: such a quote never counts as the words; whole words and numbers do."""

import pytest

from annotations.anchoring.locate import cut_context, locate_quote
from annotations.text.normalize import fold_typography
from annotations.text.word_edges import is_inside_word, widen_to_words
from annotations.verification.compare import compare_quotation, read_quoted_parts
from db.records.annotation import Selector

INSIDE = [
    *("un|fair", "un\u00ad|fair", "non-|compliant", "non|-compliant", "anti-|social", "tax|-free", "O'|Brien"),
    *("can|'t", "can’|t", "the Minister|’s", "e|\u0301tat", "1|5 per", "2|.5", "2.|5", "34|,000", "1|/2", "10—|15"),
    *("10|–15", "12:|30", "−|5", "was -|5", "was –|5", "£|5", "$|5m", "5|m", "5|%", "-|£5", "+|5", "<|5", "±|3"),
    # a sign, a power or a part of the number beyond a space, or a sign that is seldom seen
    *("5| %", "5 |%", "5\xa0|%", "5| °C", "5 °|C", "5°|C", "5| ½", "5|‰", "12|¢", "5|€", "5| €", "₹|500", "£| 700"),
    *("£ |700", "≤ |5", "~|5", "≈ |5", "√|2", "−\xa0|5", "to − |5", "to -\xa0|5", "−£ |700", "5|+ people"),
    *("10|^6", "10| ^6", "10^|6", "10^|-6", "10^-|6", "5 km|^2", "m|^2", "10|_2", "10|⁻⁶", "10⁻|⁶", "10|⁶"),
    *("3| : 1", "3 |: 1", "3 : |1", "3:|1", "3| × 4", "3 ×| 4", "3|×4", "3| x 4", "3∶|1", "1|·5", "1·|5", "1|⁄2"),
    *("5\u202f|000", "5|\xa0000", "1|’000", "6|′ 2″", "6′ |2″", "12|/-", "12/|-", "CO|2", "H2|O"),
    *("5| lakh crore", "5 lakh| crore", "two| dozen", "half a| dozen", "half| a million", "£5| m", "minus |5"),
    *("minus |five", "two |point five", "nought point |five", "5| and a half", "five and |three quarters"),
    *("two|-thirds", "two| thirds", "one |quarter", "five| per cent", "a hundred and |55", "hundred |£ 5"),
    *("half a| per cent", "half |a per cent", "US|$5", "A|$5", "pre-|1997", "post|-war", "under-|25s", "over-|fifties"),
    *("twenty-|five", "twenty|-five", "5| million", "5 |million", "a hundred and |five", "two| hundred", "5| per cent"),
]
WHOLE = [
    *("fair |to", "was |−5", "was |-5", "hard-|working", "young|—as", "said—|5 times", "5.| Then", "5,| and"),
    *("well-|known", "members|' votes", "said 'fair|'", "in 5| years", "the| million", "per cent.| of", "(|5", "“|5"),
    # other figures, and signs of their own
    *("10^6| of", "2008|^1", "In 1997|^2, it", "Taskforce|^1 met", "10 ^6| of", "5 %| of", "£ 700| in", "₹500|,"),
    *("3 : 1| in", "2008|: 5 of", "in 2008: |5", "5\u202f000| of", "18| 150", "May\t61|\t580", "in |1970s", "5°| of"),
    *("about |5", "less |5", "at this point |five", "in the first| quarter", "the five| and a few"),
    *("half| the million", "5| £10 notes", "5| miles", "5| times", "5 × 4| m", "said −| and", "to 5| + the", "a| + b"),
    *(
        "the US| $5 note",
        "the half| a page",
        "five| points",
        "point| five",
        "one| half-day",
        "a| dozen",
        "in 10| A^2",
        "to 5| x-rays",
        "Mr.| x 5",
    ),
    *("a |5", "c.|5", "tax|-payers", "in twenty| years", "is |.5", "I say|: 5"),
]


@pytest.mark.parametrize("marked", INSIDE)
def test_a_place_inside_a_word_or_a_number_is_inside(marked: str) -> None:
    assert is_inside_word(marked.replace("|", ""), marked.index("|"))


@pytest.mark.parametrize("marked", WHOLE)
def test_a_place_between_words_is_not_inside(marked: str) -> None:
    assert not is_inside_word(marked.replace("|", ""), marked.index("|"))


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("It was unfair to us.", "fair to", "unfair to"),
        ("with a smile, he said", "ith a smile,", "with a smile,"),
        ("It fell by −5.5 per cent. then", "5 per", "−5.5 per cent"),
        ("It cost -£15 million.", "5", "-£15 million"),
        ("A hundred and twenty-five came.", "five", "hundred and twenty-five"),
        ("They can’t say", "They can", "They can’t"),
        ("non-compliant", "compliant", "non-compliant"),
        ("It is 10^–6 of it.", "10", "10^–6"),
        ("It fell to −\u00a05 degrees.", "5", "−\u00a05"),
        ("It costs £ 700 a year.", "700", "£ 700"),
        ("In all 5 lakh crore of it.", "5", "5 lakh crore"),
        ("The vote was 3 : 1 in favour.", "1", "3 : 1"),
        ("It was 6′ 2½″ long.", "6", "6′ 2½″"),
        ("It took 5 and three quarters of it.", "5", "5 and three quarters"),
        ("In 2008^1 it was 5 times as much.", "2008", "2008"),
        ("whole words", "whole", "whole"),
    ],
)
def test_a_span_widens_to_whole_words(text: str, cut: str, whole: str) -> None:
    start = text.rindex(cut)
    first, last = widen_to_words(text, start, start + len(cut))
    assert text[first:last] == whole


SAID = "The pamphlet trade fell by 5 per cent. in the last quarter, and nobody in the valley was surprised."
BEFORE, AFTER = SAID.split("5 per cent.")
QUOTE = Selector("5 per cent.", *cut_context(SAID, len(BEFORE), len(BEFORE) + 11), len(BEFORE), len(BEFORE) + 11)


@pytest.mark.parametrize(
    "figure",
    [
        *(
            "15 per cent.",
            "2.5 per cent.",
            "-5 per cent.",
            "−5 per cent.",
            "–5 per cent.",
            "£5 per cent.",
            "105 per cent.",
        ),
        *("10—5 per cent.", "1,005 per cent.", "½5 per cent.", "6 per cent.", "5.1 per cent."),
    ],
)
def test_a_corrected_figure_is_changed(figure: str) -> None:
    text = f"{BEFORE}{figure}{AFTER}"
    for new in (text, f"I thank the House. {text}"):
        anchor = locate_quote(new, QUOTE)
        assert (anchor.state, new[anchor.start : anchor.end].rstrip(".")) == ("changed", figure.rstrip("."))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (SAID, "exact"),
        (f"I thank the House. {SAID}", "moved"),
        (SAID.replace("5 per", "5\u00a0per"), "moved"),
        (SAID.replace("5 per cent.", "5% "), "moved"),
        (SAID.replace("fell by", "fell—by"), "exact"),
        (SAID.replace("fell", "“fell”"), "moved"),
        (SAID.replace("quarter, and", "quarter—and"), "exact"),
    ],
)
def test_the_same_figure_stays(text: str, state: str) -> None:
    assert locate_quote(text, QUOTE).state == state


@pytest.mark.parametrize(
    ("text", "quote", "longer"),
    [
        ("It was unfair to the readers.", "fair to the readers", "unfair to the readers"),
        ("It fell by −5 per cent. of it.", "5 per cent. of it", "−5 per cent. of it"),
        ("It cost $5m, nobody paid.", "5m, nobody paid", "$5m, nobody paid"),
        ("I say that they can't do so.", "I say that they can", "I say that they can't"),
        ("The office is non-compliant with it.", "compliant with it", "non-compliant with it"),
    ],
)
def test_a_quote_inside_longer_words_is_lost_with_these_words(text: str, quote: str, longer: str) -> None:
    anchor = locate_quote(text, Selector(quote))
    assert (anchor.state, longer in anchor.evidence) == ("lost", True)


def test_a_cut_quote_at_its_stored_place_is_changed_to_the_whole_words() -> None:
    text = "It was unfair to the readers."
    anchor = locate_quote(text, Selector("fair to the readers", "It was un", ".", 9, 28))
    assert (anchor.state, text[anchor.start : anchor.end]) == ("changed", "unfair to the readers")
    assert "inside a word" in anchor.evidence


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        *(("was \u22125 up", "was −5 up"), ("was -5 up", "was −5 up"), ("was –5 up", "was −5 up"), ("-£5m", "−£5m")),
        *(("(-5)", "(−5)"), ("was – 5", "was-5"), ("was—5", "was-5"), ("was —5", "was-5"), ("10 -15", "10-15")),
        *(("10–15", "10-15"), ("A-5", "A-5"), ("hard\u2011working", "hard-working")),
    ],
)
def test_a_minus_is_no_dash(text: str, folded: str) -> None:
    assert fold_typography(text).text == folded


@pytest.mark.parametrize(
    ("said", "quotation"),
    [
        ("Prices rose by 5 % in the year.", "Prices rose by 5"),
        ("It was held at 5 °C by them.", "It was held at 5"),
        ("It costs 12¢ a page now.", "It costs 12"),
        ("They paid ₹500 for it all.", "500 for it all"),
        ("They paid £ 700 for it all.", "700 for it all"),
        ("The area is 10^6 of these.", "The area is 10"),
        ("The vote was 3 : 1 in favour.", "The vote was 3"),
        ("The vote was 3 : 1 in favour.", "1 in favour"),
        ("It rose by 1·5 in all.", "It rose by 1"),
        ("It took 5 lakh crore in all.", "It took 5"),
        ("It fell to −\u00a05 degrees.", "5 degrees"),
    ],
)
def test_a_quotation_that_cuts_a_figure_differs_in_substance(said: str, quotation: str) -> None:
    compared = compare_quotation(said, quotation, read_quoted_parts(quotation))
    assert compared
    assert [each.grade for each in compared.differences] == ["substance"]


@pytest.mark.parametrize(
    ("said", "quotation"),
    [
        ("Prices rose by 5 % in the year.", "Prices rose by 5%"),
        ("Prices rose by 5 % in the year.", "5 % in the year"),
        ("It was held at 5 °C by them.", "It was held at 5 °C"),
        ("It costs 12¢ a page now.", "It costs 12¢"),
        ("They paid ₹500 for it all.", "₹500 for it all"),
        ("They paid £ 700 for it all.", "£700 for it all"),
        ("The vote was 3 : 1 in favour.", "The vote was 3:1"),
        ("It took 5 lakh crore in all.", "5 lakh crore in all"),
        ("In all 2008^1 we had it.", "In all 2008"),
        ("In 5 years we had it.", "In 5"),
        ("They met in May 2008: 5 came.", "5 came"),
    ],
)
def test_a_quotation_of_whole_figures_does_not_differ(said: str, quotation: str) -> None:
    compared = compare_quotation(said, quotation, read_quoted_parts(quotation))
    assert compared
    assert not compared.differences
