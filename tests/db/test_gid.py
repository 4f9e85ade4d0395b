"""Addresses: gids and the ids made from them, and the forms in which people write them down."""

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db.gid import get_site_form, list_possible_gids, make_fragment, make_short_id, parse_short_id, remove_letter
from tests.support.databases import parse_units


def candidates(reference: str) -> list[str]:
    return [gid for meaning in list_possible_gids(reference) for gid in meaning]


PREFIX = "uk.org.publicwhip/"
COMMITTEE = "standing/standing2009-03-01_PAMPHLET_02-0_2009-03-08a.2.10"
PAIRS = {
    "debate/2008-06-18d.929.6": "d-2008-06-18d-929-6",
    "westminhall/2008-06-29a.51.0": "h-2008-06-29a-51-0",
    "lords/2008-06-29a.201.1": "l-2008-06-29a-201-1",
    "wrans/2009-10-21a.292791.q0": "w-2009-10-21a-292791-q0",
    "wrans/2001-07-16.2343.mh": "w-2001-07-16-2343-mh",
    "wrans/2008-06-22b.1W.2": "w-2008-06-22b-1W-2",
    "wms/2008-06-29a.1WS.2": "s-2008-06-29a-1WS-2",
    "wms/2015-02-02.hcws123.h": "s-2015-02-02-hcws123-h",
    "debate/2020-12-17aa.460.0": "d-2020-12-17aa-460-0",
    COMMITTEE: "p-2009-03-01_PAMPHLET_02-0_2009-03-08a-2-10",
}
SITE = "https://www.theyworkforyou.com"
DEBATE = f"{PREFIX}debate/2008-06-22c.101.3"
SPEECH = f"{PREFIX}debate/2008-06-22c.101.5"


def gids(parldata) -> set[str]:
    """Every gid in a folder's files: of items, and both ends of redirects."""
    files = (path.read_text("latin-1") for path in parldata.glob("scrapedxml/*/*.xml"))
    found = (re.findall(r'(?:[^_]id|oldstyleid|oldgid|newgid)="(uk\.org\.publicwhip/[^"]+)"', file) for file in files)
    return {gid for each in found for gid in each if not re.match(rf"{PREFIX}(member|lord|person|royal)/", gid)}


@pytest.mark.parametrize(("gid", "id"), PAIRS.items())
def test_a_gid_gives_an_id_that_parses_back(gid, id):
    assert make_short_id(PREFIX + gid) == id
    assert parse_short_id(id) == PREFIX + gid


def test_every_gid_of_the_specimens_has_an_id_that_parses_back(specimens):
    check_round_trip(gids(specimens / "parldata"))


def test_every_gid_of_the_corpus_has_an_id_that_parses_back(corpus):
    check_round_trip(gids(corpus / "parldata"))


def check_round_trip(found: set[str]) -> None:
    ids = {make_short_id(gid) for gid in found}
    assert len(found) > 200
    assert [gid for gid in found if parse_short_id(make_short_id(gid)) != gid] == []
    assert len(ids) == len(found)
    assert [id for id in ids if set(id) - set(string.ascii_letters + string.digits + "-_")] == []


def test_no_two_items_of_a_day_share_an_id(specimens):
    items = [
        item.gid for files in parse_units(specimens / "parldata").values() for file in files for item in file.items
    ]
    assert len({make_short_id(gid) for gid in items}) == len(items)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "2008-06-18d.929.6",
        "uk.org.publicwhip/member/1",
        "uk.org.publicwhip/debate/",
        f"{DEBATE} ",
        f"{DEBATE}\n",
        f"{DEBATE}é",
    ],
)
def test_an_invalid_gid_has_no_id(wrong):
    with pytest.raises(ValueError, match="not a gid"):
        make_short_id(wrong)


@pytest.mark.parametrize(
    "wrong", ["", "d-", "x-2008-06-18d-929-6", "d-2008-06-18d", "d-2008-06-18d-929-6\n", "p-2008-06-18d-1-1"]
)
def test_an_invalid_id_has_no_gid(wrong):
    assert parse_short_id(wrong) is None


def test_site_form_and_fragment_match_those_of_the_site():
    assert get_site_form(DEBATE) == "2008-06-22c.101.3"
    assert make_fragment(f"{PREFIX}wrans/2009-10-21a.292791.q0") == "g292791.q0"
    assert make_fragment(f"{PREFIX}{COMMITTEE}") == "g2.10"


def test_only_the_letter_a_can_be_removed():
    assert remove_letter(f"{PREFIX}wrans/2001-07-16a.2343.mh") == f"{PREFIX}wrans/2001-07-16.2343.mh"
    assert remove_letter(f"{PREFIX}wrans/2001-07-16b.2343.mh") is None
    assert remove_letter(f"{PREFIX}wrans/2001-07-16aa.2343.mh") is None


@pytest.mark.parametrize(
    "reference",
    [
        DEBATE,
        f"  {DEBATE}\n",
        "uk.org.publicwhip%2Fdebate%2F2008-06-22c.101.3",
        "d-2008-06-22c-101-3",
        f"{SITE}/debates/?id=2008-06-22c.101.3",
        f"{SITE}/debates/?id=2008-06-22c.101.3&s=hedges#",
        f"{SITE}/debates/?s=a&id=2008-06-22c.101.3",
        f"{SITE}/debates/?gid=2008-06-22c.101.3",
        f"{SITE}/debates/?id=2008-06-22c%2E101%2E3",
        "http://theyworkforyou.com/debates/?id=2008-06-22c.101.3",
        "https://cy.theyworkforyou.com/debates/?id=2008-06-22c.101.3",
        "/debates/?id=2008-06-22c.101.3",
        "debates/?id=2008-06-22c.101.3",
        "debates/2008-06-22c.101.3",
    ],
)
def test_every_form_of_a_debate_address_is_parsed(reference):
    assert candidates(reference) == [DEBATE]


@pytest.mark.parametrize(
    ("path", "area"),
    [("debates", "debate"), ("whall", "westminhall"), ("lords", "lords"), ("wrans", "wrans"), ("wms", "wms")],
)
def test_each_part_of_the_site_has_its_area(path, area):
    assert candidates(f"{SITE}/{path}/?id=2008-06-22c.101.3") == [f"{PREFIX}{area}/2008-06-22c.101.3"]


@pytest.mark.parametrize("fragment", ["#g101.5", "&s=a+b#g101.5", "&amp;s=hedges#g101.5"])
def test_a_fragment_means_the_speech_before_the_page(fragment):
    assert candidates(f"{SITE}/debates/?id=2008-06-22c.101.3{fragment}") == [SPEECH, DEBATE]


def test_a_fragment_of_an_answer_keeps_its_part():
    assert candidates(f"{SITE}/wrans/?id=2008-06-22b.990201.h#g990201.q1")[0] == f"{PREFIX}wrans/2008-06-22b.990201.q1"


def test_a_shortened_committee_address_is_parsed():
    short = f"{PREFIX}standing/standing*_02-0_2009-03-08a"
    address = f"{SITE}/pbc/2008-09/Pamphlets_Bill/02-0_2009-03-08a.2.0"
    assert candidates(address) == [f"{short}.2.0"]
    assert candidates(f"{address}#g2.10") == [f"{short}.2.10", f"{short}.2.0"]


def test_a_site_form_may_mean_any_area_but_a_committee_only_its_own():
    assert len(candidates("2008-06-22c.101.3")) == 5
    assert candidates(get_site_form(COMMITTEE)) == [PREFIX + COMMITTEE]


@pytest.mark.parametrize(
    "reference",
    [
        *(
            "",
            " ",
            "?",
            "#",
            "://",
            "/",
            "hedges",
            "debates",
            "debates/",
            "d-",
            "2008-06-22",
            "2008-06-22c",
            "%",
            "%00",
            "\0",
        ),
        *(
            "' OR 1=1 --",
            "2008-06-22c.101.3'",
            "٢٠٠٨-06-22c.101.3",
            "2008-06-22c.101.é",
            "uk.org.publicwhip/member/9002",
        ),
        *(
            f"{SITE}/debates/?d=2008-06-22",
            f"{SITE}/mp/?p=990002",
            f"{SITE}/debates/?id=../../etc/passwd",
            f"{SITE}/debates/?id=",
        ),
        *(f"{SITE}/debates/?id=*", f"{SITE}/pbc/2008-09/Bill/*", f"{SITE}/wrans/?id=[a-z]*", "javascript:alert(1)"),
    ],
)
def test_an_invalid_address_has_no_meaning(reference):
    assert candidates(reference) == []


@pytest.mark.parametrize("reference", ["http://[", "http://[::1", "http://a\u2100b/debates/?id=2008-06-22c.101.3"])
def test_an_address_that_python_cannot_split_has_no_meaning(reference):
    assert candidates(reference) == []


@given(st.text() | st.text("0123456789-acdhlpsw.g#?=&/:%_*[]").map(lambda rest: f"http://{rest}"))
@example("uk.org.publicwhip/debate/" + "9" * 10_000)
def test_no_reference_is_an_error_and_every_candidate_has_an_id(reference):
    for gid in candidates(reference):
        assert "*" in gid or make_short_id(gid)
