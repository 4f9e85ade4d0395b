"""Figures and numbers in words: which are the same number, and which are not."""

import pytest

from annotations.text.difference_grade import find_gravest
from annotations.text.quote_diff import classify_differences

SAME = [  # the record, the quotation
    ("it cost £1.5 billion last year", "it cost £1.5bn last year"),
    ("it cost £1.5 billion last year", "it cost £1.5 bn last year"),
    ("it cost £1.5 billion last year", "it cost £1,500 million last year"),
    ("it cost £1.5 billion last year", "it cost 1.5 billion pounds last year"),
    ("it cost £1.5 billion last year", "it cost £1·5 billion last year"),
    ("it cost £10 million last year", "it cost £10 000 000 last year"),
    ("we had 5,000 men there", "we had 5 000 men there"),
    ("we had 250 men there", "we had two hundred and fifty men there"),
    ("we had a hundred men there", "we had 100 men there"),
    ("we had ten thousand men there", "we had 10,000 men there"),
    ("we had 1.2 million men there", "we had 1,200,000 men there"),
    ("we had half a million men there", "we had 500,000 men there"),
    ("it is 50p a pint now", "it is 50 pence a pint now"),
    ("it is .5 per cent. now", "it is 0.5 per cent now"),
    ("it is 10 to 15 per cent. now", "it is 10-15% now"),
    ("it is 5 km of road now", "it is 5km of road now"),
    ("it is 5 km of road now", "it is 5 kilometres of road now"),
    ("it makes 5 MW of power now", "it makes 5MW of power now"),
    ("it is 3.2 pm now", "it is 3.2pm now"),
    ("it is 3.30 pm now", "it is 3:30 p.m. now"),
    ("it was on 5 May 2009 that he came", "it was on 5th May 2009 that he came"),
    ("it was on 5 May 2009 that he came", "it was on May 5, 2009 that he came"),
    ("it was on 5 May that he came", "it was on the 5th of May that he came"),
    ("it was the first time", "it was the 1st time"),
    ("in the 21st century", "in the twenty-first century"),
    ("a ten-year-old child", "a 10-year-old child"),
    ("it is 10^6 of these", "it is 10⁶ of these"),
    ("it is 10^-6 of these", "it is 10⁻⁶ of these"),
    ("it is 5 km^2 of these", "it is 5 km² of these"),
    ("the CO_2 is here", "the CO₂ is here"),
    ("the CO_2 is here", "the CO2 is here"),
    ("the Taskforce^1 met here", "the Taskforce met here"),
    ("in 2008^1 it met here", "in 2008 it met here"),
    ("we must mend the roof and walls", "we must mend the roof¹ and walls"),
    ("it fell to −5 degrees", "it fell to - 5 degrees"),
]
OTHER = [
    ("it cost £1.5 billion last year", "it cost £1.5 million last year"),
    ("it cost £1.5 billion last year", "it cost 1.5 billion dollars last year"),
    ("it cost £10 billion last year", "it cost 10bn last year"),
    ("we had 5,000 men there", "we had 5.000 men there"),
    ("we had 250 men there", "we had two hundred and five men there"),
    ("it is 50p a pint now", "it is £50 a pint now"),
    ("it is 0.5 per cent. now", "it is 5 per cent now"),
    ("it is 10 to 15 per cent. now", "it is 10-16% now"),
    ("it is 5 km of road now", "it is 5 miles of road now"),
    ("it makes 5 MW of power now", "it makes 5mW of power now"),
    ("it is a wall of 5 metres now", "it is a wall of 5 million now"),
    ("it is 3.2 pm now", "it is 3.2 am now"),
    ("it is 3.30 of these now", "it is 3:30 of these now"),
    ("it was on 5 May 2009 that he came", "it was on 6th May 2009 that he came"),
    ("it was on 5 May 2009 that he came", "it was on June 5, 2009 that he came"),
    ("it was the second time", "it was the 3rd time"),
    ("it is 10^6 of these", "it is 10⁷ of these"),
    ("it is 10^6 of these", "it is 106 of these"),
    ("it is 5 km^2 of these", "it is 5 km of these"),
    ("it fell to - 5 degrees", "it fell to 5 degrees"),
    ("one is −5 of these", "one is 5 of these"),
]


@pytest.mark.parametrize(("said", "quoted"), SAME)
def test_a_number_printed_in_another_way_is_the_same(said: str, quoted: str) -> None:
    assert find_gravest([each.grade for each in classify_differences(quoted, said)]) in ("", "surface")


@pytest.mark.parametrize(("said", "quoted"), OTHER)
def test_another_number_sign_or_unit_is_substance(said: str, quoted: str) -> None:
    assert find_gravest([each.grade for each in classify_differences(quoted, said)]) == "substance"
