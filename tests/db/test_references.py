"""From a reference in any form to the row that it means today."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.gid import MAX_REDIRECTS
from db.references import RedirectLoopError, ResolvedReference, find_references, follow_redirects
from tests.support.databases import save

PREFIX = "uk.org.publicwhip/"
SITE = "https://www.theyworkforyou.com"
PARLIAMENT = "publications.parliament.uk/pa/cm200708/cmhansrd/cm080622/debtext/80622-0001.htm#08062294000836"
CORRECTED = f"{PREFIX}debate/2008-06-22c.102.5"
PAMPHLET = "standing2009-03-01_PAMPHLET_02-0_2009-03-08a"


def ids(conn, reference: str) -> list[str]:
    return [found.speech_id or found.debate_id for found in find_references(conn, reference)]


def redirect(conn, *hops: str) -> None:
    """Make a chain of old gids: each leads to the next."""
    pairs = [(f"{PREFIX}debate/{old}", f"{PREFIX}debate/{new}", "perfectmatch") for old, new in pairwise(hops)]
    conn.executemany("INSERT INTO redirects VALUES (?, ?, ?)", pairs)


@pytest.fixture
def debate(empty, assembled):
    """One day in a database that may be written to."""
    save(empty, assembled["debates", "2009-03-08"][0])
    return empty


# --- redirects


def test_every_redirect_of_the_specimens_leads_to_one_row(statements):
    old = [gid for (gid,) in statements.execute("SELECT old_gid FROM redirects")]
    assert len(old) > 90
    assert [gid for gid in old if len(find_references(statements, gid)) != 1] == []


@pytest.mark.parametrize(
    ("old", "id"),
    [
        ("debate/2008-06-22a.102.4", "d-2008-06-22c-102-5"),  # moved by a line, then reworded
        ("debate/2008-06-22a.101.0", "d-2008-06-22c-101-1"),  # to a heading with nothing of its own
        ("wrans/2008-06-22a.990202.h", "w-2008-06-22b-990201-h"),  # grouped, then renewed
        ("wrans/2008-06-22a.990299.q0", "w-2008-06-22b-990201-h"),  # removed
        ("wrans/2008-06-22b.990205.h", "w-2008-06-22b-990201-h"),  # grouped in the current file
    ],
)
def test_an_old_gid_leads_to_the_current_row(statements, old, id):
    assert ids(statements, PREFIX + old) == [id]


def test_a_chain_is_followed_to_its_end(debate):
    redirect(debate, "1999-01-01a.1.1", "1999-01-01b.1.1", "1999-01-01c.1.1", "2009-03-08a.301.3")
    assert ids(debate, "debates/?id=1999-01-01a.1.1") == ["d-2009-03-08a-301-3"]


def test_a_loop_is_refused_with_its_gids(debate):
    redirect(debate, "1999-01-01a.1.1", "1999-01-01b.1.1", "1999-01-01c.1.1", "1999-01-01b.1.1")
    with pytest.raises(
        RedirectLoopError, match=r"1999-01-01a\.1\.1 leads round in a circle: .* -> .*b\.1\.1 -> .*c\.1\.1 -> .*b\.1\.1"
    ):
        find_references(debate, f"{PREFIX}debate/1999-01-01a.1.1")


def test_a_gid_that_leads_to_itself_is_a_loop(debate):
    redirect(debate, "1999-01-01a.1.1", "1999-01-01a.1.1")
    with pytest.raises(RedirectLoopError):
        follow_redirects(debate, f"{PREFIX}debate/1999-01-01a.1.1")


def test_a_chain_has_a_limit(debate):
    redirect(debate, *(f"1999-01-01.{n}.0" for n in range(MAX_REDIRECTS + 3)))
    with pytest.raises(RedirectLoopError):
        follow_redirects(debate, f"{PREFIX}debate/1999-01-01.0.0")
    assert follow_redirects(debate, f"{PREFIX}debate/1999-01-01.2.0").endswith(f".{MAX_REDIRECTS + 2}.0")


def test_an_old_gid_with_a_missing_target_is_not_found(debate):
    redirect(debate, "1999-01-01a.1.1", "1999-01-01b.1.1")
    assert find_references(debate, f"{PREFIX}debate/1999-01-01a.1.1") == []


@pytest.mark.parametrize("end", ["", "nowhere", "uk.org.publicwhip/debate/"])
def test_an_old_gid_with_an_invalid_target_is_not_found(debate, end):
    debate.execute("INSERT INTO redirects VALUES (?, ?, 'removed')", (f"{PREFIX}debate/1999-01-01a.1.1", end))
    assert find_references(debate, f"{PREFIX}debate/1999-01-01a.1.1") == []


# --- forms of address


def test_a_debate_and_a_speech_are_distinguished(statements):
    assert find_references(statements, "d-2008-06-22c-101-3") == [
        ResolvedReference("d-2008-06-22c-101-3", None, f"{PREFIX}debate/2008-06-22c.101.3")
    ]
    assert find_references(statements, "d-2008-06-22c-102-5") == [
        ResolvedReference("d-2008-06-22c-101-3", "d-2008-06-22c-102-5", CORRECTED)
    ]


@pytest.mark.parametrize(
    "reference",
    [
        *("d-2008-06-22c-102-5", CORRECTED, "2008-06-22c.102.5", "2008-06-22a.102.4", f" {CORRECTED}\n"),
        *(f"{SITE}/debates/?id=2008-06-22c.102.5", "/debates/?gid=2008-06-22c.102.5"),
        *(f"{SITE}/debates/?id=2008-06-22c.101.3#g102.5", f"{SITE}/debates/?id=2008-06-22c.101.3&s=hedges#g102.5"),
        *(f"{SITE}/debates/?id=2008-06-22a.101.3#g102.4", f"{SITE}/debates/?id=2008-06-22a.101.3&amp;s=a#g102.4"),
        *(f"http://www.{PARLIAMENT}", f"https://www.{PARLIAMENT}"),
    ],
)
def test_a_speech_is_found_by_every_form_of_its_address(statements, reference):
    assert ids(statements, reference) == ["d-2008-06-22c-102-5"]


def test_a_speech_is_found_by_its_current_address_at_parliament(statements):
    assert ids(statements, f"https://{PARLIAMENT}") == ["d-2008-06-22c-102-5"]


def test_a_speech_is_found_by_an_address_whose_fragment_is_escaped(statements):
    assert ids(statements, f"{SITE}/debates/?id=2008-06-22c.101.3%23g102.5") == ["d-2008-06-22c-102-5"]


@pytest.mark.parametrize("form", ["debate/2008-06-22c.102.5", f"{SITE}/debates/?gid={CORRECTED}"])
def test_a_speech_is_found_by_the_gid_forms_of_the_site_s_old_pages(statements, form):
    assert ids(statements, form) == ["d-2008-06-22c-102-5"]


@pytest.mark.parametrize(
    ("address", "id"),
    [
        ("whall/?id=2008-06-29a.51.0#g51.2", "h-2008-06-29a-51-2"),
        ("lords/?gid=2008-06-29a.201.0", "l-2008-06-29a-201-0"),
        ("wrans/?id=2008-06-22b.990201.h#g990201.r0", "w-2008-06-22b-990201-r0"),
        ("wrans/?id=2008-06-22b.990201.q1", "w-2008-06-22b-990201-q1"),
        ("wrans/?id=2008-06-29a.31.0", "w-2008-06-29a-31-0"),
        ("wms/?id=2008-06-29a.1WS.1#g1WS.2", "s-2008-06-29a-1WS-2"),
        ("wms/?id=2008-06-29a.11.0", "s-2008-06-29a-11-0"),
        ("pbc/2008-09/Pamphlets_Bill/02-0_2009-03-08a.2.0", "p-2009-03-01_PAMPHLET_02-0_2009-03-08a-2-0"),
        ("pbc/2008-09/Pamphlets_Bill/02-0_2009-03-08a.2.0#g2.10", "p-2009-03-01_PAMPHLET_02-0_2009-03-08a-2-10"),
    ],
)
def test_each_part_of_the_site_is_found(statements, address, id):
    assert ids(statements, f"{SITE}/{address}") == [id]


def test_printed_addresses_resolve_to_their_rows(statements):
    rows = statements.execute("SELECT id, gid, url FROM speeches UNION ALL SELECT id, gid, url FROM debates").fetchall()
    wrong = [(id, url) for id, gid, url in rows if ids(statements, url) != [id] or ids(statements, gid) != [id]]
    assert wrong == []


def test_the_column_form_of_an_answer_leads_to_it(statements):
    assert ids(statements, f"{PREFIX}wrans/2008-06-22b.1W.3") == ["w-2008-06-22b-990201-q1"]
    assert ids(statements, "wrans/?id=2008-06-22b.1W.1") == ["w-2008-06-22b-990201-h"]


def test_a_heading_without_speeches_leads_to_the_first_debate_under_it(statements):
    assert ids(statements, f"{PREFIX}debate/2008-06-22c.101.0") == ["d-2008-06-22c-101-1"]
    assert ids(statements, f"{PREFIX}debate/2008-06-22c.106.0") == ["d-2008-06-22c-106-1"]
    assert ids(statements, f"{PREFIX}wrans/2008-06-22b.1W.0") == ["w-2008-06-22b-990201-h"]


def test_a_missing_fragment_leads_to_its_page(statements):
    assert ids(statements, f"{SITE}/debates/?id=2008-06-22c.101.3#g999.9") == ["d-2008-06-22c-101-3"]


def test_a_gid_with_letter_a_is_also_found_without_it(debate, statements):
    debate.execute(
        "UPDATE debates SET id = 'd-2001-01-01-1-0', gid = 'uk.org.publicwhip/debate/2001-01-01.1.0' WHERE position = 1"
    )
    assert ids(debate, "debates/?id=2001-01-01a.1.0") == ["d-2001-01-01-1-0"]
    assert find_references(debate, "debates/?id=2001-01-01b.1.0") == []


def test_a_site_form_in_two_areas_is_found_in_both(debate):
    debate.execute(
        "UPDATE debates SET id = 'l-2009-03-08a-301-2', gid = 'uk.org.publicwhip/lords/2009-03-08a.301.2'"
        " WHERE position = 1"
    )
    assert ids(debate, "2009-03-08a.301.2") == ["d-2009-03-08a-301-2", "l-2009-03-08a-301-2"]


def test_a_committee_s_site_form_is_found(statements):
    assert ids(statements, f"{PAMPHLET}.3.0") == ["p-2009-03-01_PAMPHLET_02-0_2009-03-08a-3-0"]


@pytest.mark.parametrize(
    "reference", ["", "hedges", "d-1999-01-01-1-1", f"{SITE}/mp/?p=1", f"http://www.{PARLIAMENT}0", "*", "%"]
)
def test_a_missing_reference_is_not_found(statements, reference):
    assert find_references(statements, reference) == []


@given(st.text("0123456789-acdhlpsw.g#?=&/:%_*'\"; ") | st.text())
def test_no_reference_is_an_error(statements, reference):
    assert isinstance(find_references(statements, reference), list)
