"""The addresses that other programs store: pages of TheyWorkForYou and of sites of this program, and their copies."""

import pytest

from db.gid import list_possible_gids

DEBATE, SPEECH = (f"uk.org.publicwhip/debate/2008-06-22c.101.{n}" for n in (3, 5))
TWFY = "www.theyworkforyou.com"


@pytest.mark.parametrize(
    ("address", "gids"),
    [
        (f"https://{TWFY}/debates/?id=2008-06-22c.101.3", [DEBATE]),
        (f"https://{TWFY}/debates/?id=2008-06-22c.101.3#g101.5", [SPEECH, DEBATE]),
        (f"https://{TWFY}/debates?id=2008-06-22c.101.5", [SPEECH]),
        (f"https://{TWFY}/debate/?id=2008-06-22c.101.5", [SPEECH]),
        (f"https://{TWFY}/debate/?id=2008-06-22c.101.5&s=manners#g101.5", [SPEECH, SPEECH]),
        ("http://theyworkforyou.com/debates/?gid=2008-06-22c.101.3", [DEBATE]),
        ("/debate/?id=2008-06-22c.101.5", [SPEECH]),
        ("debate/2008-06-22c.101.5", [SPEECH]),
        ("http://127.0.0.1:8001/speech/d-2008-06-22c-101-5", [SPEECH]),
        ("http://127.0.0.1:8001/speech/d-2008-06-22c-101-5/", [SPEECH]),
        ("http://127.0.0.1:8001/debate/d-2008-06-22c-101-3", [DEBATE]),
        ("http://127.0.0.1:8001/debate/d-2008-06-22c-101-3#d-2008-06-22c-101-5", [SPEECH, DEBATE]),
        ("http://127.0.0.1:8001/debate/d-2008-06-22c-101-3?notes=end", [DEBATE]),
        ("http://127.0.0.1:8001/debate/d-2008-06-22c-101-3#main", [DEBATE]),
        ("https://example.org/archive/text/d-2008-06-22c-101-5", [SPEECH]),
        (f"https://web.archive.org/web/20080701000000/http://{TWFY}/debates/?id=2008-06-22c.101.3", [DEBATE]),
        (f"https://web.archive.org/web/2008id_/https://{TWFY}/debates/?id=2008-06-22c.101.3#g101.5", [SPEECH, DEBATE]),
        ("https://web.archive.org/web/2026/https://example.org/speech/d-2008-06-22c-101-5", [SPEECH]),
        (f"https://archive.ph/20080701/http://{TWFY}/debate/?id=2008-06-22c.101.5", [SPEECH]),
        ("https://example.org/speech/", []),
        ("https://example.org/people/10001", []),
        ("https://example.org/speech/anything", []),
        ("https://web.archive.org/web/2026/https://example.org/", []),
        (f"https://{TWFY}/mp/10001", []),
    ],
)
def test_the_address_of_a_page_names_its_debate_or_speech(address: str, gids: list[str]) -> None:
    assert [gid for meaning in list_possible_gids(address) for gid in meaning] == gids
