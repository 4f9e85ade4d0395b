"""Parties of members of Parliament since 1988: their names for readers, and the colour mark of each.

The register of people names parties in full (people.json) or in short (older files of members). A mark is the name of a
CSS class, `party-labour`; its colour is in dispatchbox.css, and only ever stands beside the name.
"""

from collections.abc import Iterator
from typing import NamedTuple

NEUTRAL = "neutral"
# name for readers: its mark, and other names of it in registers; a mark that several share is that of kindred parties
PARTIES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Labour": ("labour", ("Lab",)),
    "Labour/Co-operative": ("labour", ("Lab/Co-op", "Labour Co-operative", "Labour (Co-op)", "Co-operative")),
    "Conservative": ("conservative", ("Con", "Conservative and Unionist")),
    "Liberal Democrat": ("liberal-democrat", ("LDem", "LD", "Liberal Democrats", "Social and Liberal Democrat")),
    "Liberal": ("liberal-democrat", ()),
    "Social Democratic Party": ("social-democratic", ("SDP",)),
    "Scottish National Party": ("snp", ("SNP",)),
    "Plaid Cymru": ("plaid-cymru", ("PC",)),
    "Green": ("green", ("Green Party", "Green Party of England and Wales", "Scottish Green")),
    "Reform UK": ("reform", ("Reform", "Brexit Party")),
    "UKIP": ("ukip", ("UK Independence Party",)),
    "Respect": ("respect", ("Res",)),
    "Alba": ("alba", ("Alba Party",)),
    "Your Party": ("your-party", ()),
    "Change UK": (
        "change-uk",
        ("The Independent Group", "Independent Group for Change", "Change UK - The Independent Group"),
    ),
    "DUP": ("dup", ("Democratic Unionist", "Democratic Unionist Party")),
    "UUP": ("uup", ("Ulster Unionist", "Ulster Unionist Party")),
    "Traditional Unionist Voice": ("tuv", ("TUV",)),
    "UK Unionist": ("ukup", ("UKUP", "UK Unionist Party")),
    "SDLP": ("sdlp", ("Social Democratic and Labour Party",)),
    "Sinn Féin": ("sinn-fein", ("SF", "Sinn Fein")),
    "Alliance": ("alliance", ("Alliance Party", "APNI")),
    "Independent": (NEUTRAL, ("Ind",)),
    "Independent Labour": (NEUTRAL, ("Ind Lab",)),
    "Independent Conservative": (NEUTRAL, ("Ind Con",)),
    "Independent Ulster Unionist": (NEUTRAL, ("Ind UU",)),
    "Crossbench": (NEUTRAL, ("XB", "Crossbencher")),
    "Non-affiliated": (NEUTRAL, ("None", "Non-Affiliated")),
    "Bishop": (NEUTRAL, ("Bp", "Bishops")),
    "Speaker": (NEUTRAL, ("SPK",)),
    "Deputy Speaker": (NEUTRAL, ("CWM", "DCWM", "Deputy-Speaker")),
    # the two of the demo's fictional House
    "Broadsheet": ("broadsheet", ()),
    "Inkwell": ("inkwell", ()),
}


class Party(NamedTuple):
    """A party as pages show it: its name for readers, and its mark."""

    name: str
    mark: str


def _list_names() -> Iterator[tuple[str, Party]]:
    for name, (mark, others) in PARTIES.items():
        for each in (name, *others):
            yield each.casefold(), Party(name, mark)


KNOWN = dict(_list_names())


def find_party(name: str | None) -> Party | None:
    """Find a party by any of its names; an unknown one keeps its name and has the neutral mark, none is None.

    >>> find_party("Lab"), find_party("Monster Raving Loony")
    (Party(name='Labour', mark='labour'), Party(name='Monster Raving Loony', mark='neutral'))
    """
    return KNOWN.get(name.casefold()) or Party(name, NEUTRAL) if name else None


def strip_article(office: str) -> str:
    """Leave out the article of an office as Hansard prints it.

    >>> strip_article("The Parliamentary Secretary, Cabinet Office")
    'Parliamentary Secretary, Cabinet Office'
    """
    rest = office.removeprefix("The ")
    return rest[:1].upper() + rest[1:]
