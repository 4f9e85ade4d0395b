"""The form by which a quote is noted, and what it is sent with."""

from bs4 import BeautifulSoup

SPEECH = "d-2008-06-22c-101-5"
WORDS = "that it be civil"
POINT = "participation-online/be-credible"
GOOD = {"speech": SPEECH, "exact": WORDS, "point": POINT, "reading": "said", "note": "So it says."}


async def make_note(who, **fields):
    """An annotation made with the form, as its address without what was done."""
    response = await who.send("/annotate", {**GOOD, **fields})
    assert response.status_code == 303, BeautifulSoup(response.text, "html.parser").select_one("main").text
    return response.headers["location"].partition("?")[0]
