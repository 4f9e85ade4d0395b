"""The ends of a quotation: marks, the record's notes, and words in brackets at an edge."""

import pytest

from annotations.text.difference_grade import find_gravest
from annotations.text.quote_diff import Difference
from annotations.verification.compare import Comparison, compare_quotation, read_quoted_parts


def compare(text: str, quotation: str) -> Comparison:
    compared = compare_quotation(text, quotation, read_quoted_parts(quotation))
    assert compared
    return compared


SAID = "I thank the Minister. The replies are public already. They will be read."
ASKED = "I thank the Minister. Are the replies public already? They will be read."
ENDINGS = [  # the record, the quotation, the grade
    (SAID, "The replies are public already?", "substance"),
    (SAID, "“The replies are public already?”", "substance"),
    (SAID, "The replies are public already. They will be read?", "substance"),
    (SAID, "The replies are public already? They will be read.", "substance"),
    (SAID, "The replies are public?", "substance"),
    (SAID, "The replies are public already!", "surface"),
    (ASKED, "Are the replies public already.", "substance"),
    (ASKED, "the replies public already!", "substance"),
    (ASKED, "Are the replies public already?!", "surface"),
    (SAID, "The replies are public already.", ""),
    (SAID, "The replies are public already", ""),
    (SAID, "“The replies are public already,”", ""),
    (SAID, "“The replies are public already”?", ""),
    (SAID, "The replies are public already …", ""),
    (ASKED, "Are the replies public already?", ""),
    (ASKED, "“Are the replies public already?”", ""),
    (ASKED, "Are the replies public already", ""),
    ("He asked, “Are the replies public?” and left.", "Are the replies public?", ""),
    ("I thank the hon. Gentleman for that.", "I thank the hon.", ""),
    ("I said so [Laughter.] and sat down.", "[Laughter.].", "surface"),
]


@pytest.mark.parametrize(("said", "quotation", "grade"), ENDINGS)
def test_a_question_is_no_statement(said: str, quotation: str, grade: str) -> None:
    assert find_gravest([each.grade for each in compare(said, quotation).differences]) == grade


def test_a_question_mark_that_was_put_in_is_told() -> None:
    differences = compare(SAID, "The replies are public already?").differences
    assert differences == (Difference("punctuation", "?", ".", "substance"),)


NOTED = "I said so [Official Report, 1 May 2008; Vol. 475, c. 3W.] in full. [Interruption.] I say it again."
NOTES = [  # the quotation, what was added, the kinds of typography
    ("[Laughter at the lying Minister] I say it again.", ["[Laughter at the lying Minister]"], True),
    ("[Interruption by the lying Minister] I say it again.", ["[Interruption by the lying Minister]"], True),
    ("I say it [Official Report, 2 May 2008; Vol. 1.] again.", ["[Official Report, 2 May 2008; Vol. 1.]"], True),
    (NOTED.replace("3W", "4W"), ["[Official Report, 1 May 2008; Vol. 475, c. 4W.]"], False),
    ("[Laughter.] I say it again.", [], True),
    ("I say it again. [Applause]", [], True),
    ("[Laughter.]".join(NOTED.split("[Interruption.]")), [], True),
    ("I said so in full. I say it again.", [], True),
    (NOTED, [], False),
    ("I said so [ Official Report , 1 May 2008; Vol. 475, c. 3W.] in full.", [], False),
]


@pytest.mark.parametrize(("quotation", "added", "printed"), NOTES)
def test_a_note_with_words_of_its_own_must_stand_in_the_record(quotation: str, added: list[str], printed: bool) -> None:
    compared = compare(NOTED, quotation)
    assert [each.quoted for each in compared.differences] == added
    assert ("what the record puts in between" in compared.typography) == printed


FREE = "The list will be free from Monday. I do not share the Minister’s confidence. Nothing will come of it, I fear."
EDGES = [  # the record, the quotation, what the brackets replace, the words hidden
    (FREE, "The list will be free from [Friday].", ["Monday"], ("Monday",)),
    (FREE, "The list will be free from [Friday]", ["Monday"], ("Monday",)),
    (FREE, "The list will be free from [Fridays at 5].", ["Monday"], ("Monday",)),
    (FREE, "I do not share the Minister’s [fears].", ["confidence"], ("confidence",)),
    (FREE, "[Much] will come of it", ["Nothing"], ("Nothing",)),
    ("They left. The Opposition voted for it.", "the [Greens] voted for it", ["Opposition"], ("Opposition",)),
    (FREE, "The list will be free from Monday [next week].", [], ()),
    (FREE, "[For members,] the list will be free from Monday.", [], ()),
    ("We ask the county. We wait.", "We ask [the voters].", ["the county"], ("county",)),
    ("We ask her about it. We wait.", "We ask [Mrs. Oak] …", ["her"], ()),
    ("I agree with the hon. Gentleman on it.", "I agree with [Mr. Oak]", ["the hon. Gentleman"], ()),
    ("So he mended the roof of it.", "[Mr. Oak] mended the roof", ["he"], ()),
    ("Dorothea Oak mended the roof.", "[She] mended the roof", ["Oak"], ("Oak",)),
    ("We mended the roof of the house.", "We mended the roof [of the hall]", [], ()),
    ("We mended the roof, and left.", "We mended the roof [in May]", [], ()),
    ("I know that mending it helped.", "[Our] mending it helped", [], ()),
]


@pytest.mark.parametrize(("said", "quotation", "replaced", "hidden"), EDGES)
def test_brackets_at_an_edge_replace_the_words_of_the_record(
    said: str, quotation: str, replaced: list[str], hidden: tuple[str, ...]
) -> None:
    compared = compare(said, quotation)
    assert [each.said for each in compared.differences if each.kind == "replaced"] == replaced
    assert compared.left_out == hidden
    assert find_gravest([each.grade for each in compared.differences]) == "marked"


HEADED = "I do not think it is true that he lied. Unless he resigns, I vote against it. It was hard, and I was wrong."
CLAIMED = "Critics claim that the roof is unsafe. The few people who came left. I believe that the walls are sound."
PLAIN = "There are no plans to raise it this year. It rose by 5 per cent. only if they paid. We must go; nobody stays."
OPENINGS = [  # the record, the quotation, the grade
    (HEADED, "think it is true that he lied", "substance"),
    (HEADED, "… think it is true that he lied", "marked"),
    (HEADED, "it is true that he lied", ""),
    (HEADED, "I vote against it.", "substance"),
    (HEADED, "I was wrong.", ""),
    (CLAIMED, "The roof is unsafe.", "substance"),
    (CLAIMED, "the roof is unsafe", ""),
    (CLAIMED, "Few people who came left.", "substance"),
    (CLAIMED, "The walls are sound.", "surface"),
    (PLAIN, "plans to raise it this year", "substance"),
    (PLAIN, "plans to raise", ""),
    (PLAIN, "It rose by 5 per cent.", "substance"),
    (PLAIN, "It rose by 5 per cent", ""),
    (PLAIN, "We must go.", "surface"),
    ("I have always claimed that the roof is unsafe.", "The roof is unsafe.", "surface"),
    ("I doubt that the roof is unsafe.", "The roof is unsafe.", "substance"),
    ("We ask whether or not the roof is unsafe.", "the roof is unsafe", ""),
    ("He failed to mend the roof of it.", "mend the roof of it", "substance"),
    ("It isn’t fit for use by us.", "fit for use by us", "substance"),
    ("We must do\nwhat is right.", "> We must do\n> what is right.", ""),
    ("The hard-working offences industry.", "The hard-\nworking of-\nfences in-\ndustry.", "surface"),
    ("We must do what is right.", "• We must do what is right.", ""),
]


@pytest.mark.parametrize(("said", "quotation", "grade"), OPENINGS)
def test_what_denies_or_conditions_a_quotation_is_no_harmless_cut(said: str, quotation: str, grade: str) -> None:
    assert find_gravest([each.grade for each in compare(said, quotation).differences]) == grade


@pytest.mark.parametrize("quotation", ["am going to go there", "I am going to go there"])
def test_a_denial_left_out_of_a_short_quotation_is_told(quotation: str) -> None:
    compared = compare("They ask us. I am not going to go there. It is late.", quotation)
    assert [(each.kind, each.quoted, each.said) for each in compared.differences] == [("cut", "", "not")]
    assert compared.verbatim_share == 1


def test_dots_do_not_hide_a_denial_before_a_quotation() -> None:
    assert compare(HEADED, "… think it is true that he lied").left_out == ("not",)
