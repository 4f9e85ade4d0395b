"""Links to pages elsewhere about a person, by the ids of the register of people."""

from collections.abc import Iterable
from urllib.parse import quote

from db.sqlite import Row

PAGES = {  # scheme of an id: pages by it, each with its title
    "datadotparl_id": (
        ("Parliament: members", "https://members.parliament.uk/member/{id}/contact"),
        ("Hansard: contributions", "https://hansard.parliament.uk/search/MemberContributions?memberId={id}"),
    ),
    "wikidata": (("Wikidata", "https://www.wikidata.org/wiki/{id}"),),
}


def list_links(person_id: str, ids: Iterable[Row]) -> list[tuple[str, str]]:
    """List the title and address of each page about person/N elsewhere.

    >>> list_links("person/10001", [{"scheme": "wikidata", "identifier": "Q153454"}])[-1]
    ('Wikidata', 'https://www.wikidata.org/wiki/Q153454')
    """
    number = person_id.removeprefix("person/")
    own = [("TheyWorkForYou", f"https://www.theyworkforyou.com/p/{number}")]
    pages = ((page, row["identifier"]) for row in ids for page in PAGES.get(row["scheme"], ()))
    return [*own, *((title, address.format(id=quote(id, safe=""))) for (title, address), id in pages)]
