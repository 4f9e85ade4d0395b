"""Roles by which the press names a speaker: offices, parties, leaders of parties and seats."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from annotations.verification.given_names import collect_words
from annotations.verification.personal_names import fold_name

PARTIES = {
    alias: party
    for party, aliases in {
        "labour": "labour,lab,labour co operative,lab co op,labour and co operative,labour co op",
        "conservative": "conservative,conservatives,con,tory,tories,conservative and unionist",
        "liberal democrat": "liberal democrat,liberal democrats,lib dem,lib dems,ldem,ld,liberal democratic",
        "scottish national": "scottish national,snp,scottish nationalist,scottish nationalists",
        "plaid cymru": "plaid cymru,plaid,pc",
        "democratic unionist": "democratic unionist,democratic unionists,dup",
        "ulster unionist": "ulster unionist,ulster unionists,uup",
        "social democratic and labour": "social democratic and labour,sdlp",
        "sinn fein": "sinn fein,sf",
        "green": "green,greens",
        "uk independence": "uk independence,ukip",
        "crossbench": "crossbench,crossbencher,xb,cross bench",
        "independent": "independent,ind",
        "liberal": "liberal,liberals,lib",
    }.items()
    for alias in aliases.split(",")
}
MEMBERS = re.compile(
    r" (?:party|mps?|peers?|members?|(?:back|front)bench(?:er|ers)?|politicians?|spokes(?:man|woman|person))$"
)
ROLE_WORDS = collect_words(
    "minister secretary chancellor leader mp mps peer speaker whip spokesman spokeswoman spokesperson chair chairman"
    " chairwoman backbencher frontbencher premier pm general president treasurer politician"
)
ROLE_PLACES = re.compile(
    r"(?:of the exchequer|of (?:the |(?:her|his) majesty |hm )?(?:official )?opposition|to the treasury"
    r"|of the house(?: of (?:commons|lords))?|of the duchy of lancaster)\b"
)
OTHER_PEOPLE = re.compile(  # who speak for somebody, or live or work with them
    r"\b(?:minister|secretary|chancellor|leader|pm|speaker|general|opposition|exchequer)\b.*"
    r"\b(?:spokes\w+|aides?|advis[eo]rs?|office|sources?|team|allies|ally|wife|husband|staff|officials?)$"
    r"|^(?:sources?|spokes\w+|aides?|allies|ally|officials?|advis[eo]rs?|friends?)\b.* (?:to|for|of) "
    r"|\bprime minister of (?!the u|great britain|britain)"
    r"|^(?!(?:(?:our|british|uk|united kingdom|britains|labour|tory|conservative|serving|sitting|current|new|mr|mrs"
    r"|deputy|vice|shadow|rt|right|hon|first lord of the treasury and) )*prime minister\b).*\bprime minister$"
)
PARTY_LEADER = re.compile(r"\b(?:parliamentary|party|westminster) leader\b|\bleader (?:of )?(?:the )?.*\bparty\b")
CHAMBERS = re.compile(r" (?:house of commons|house of lords|parliament)$")
AIDES = re.compile(
    r"\b(?:pps|parliamentary private secretar(?:y|ies)|spokespersons?|deputy spokesperson|team member)\b"
)
SOLE_OFFICES = tuple(
    (name, re.compile(pattern))
    for name, pattern in {
        "speaker": r"^(?:(?:mr|madam|mister) )?speaker$|^speaker of the house(?: of commons)?$|^commons speaker$",
        "deputy speaker": r"^(?:(?:mr|madam|mister) )?deputy speaker$",
        "deputy prime minister": r"\bdeputy (?:prime minister|pm|premier)\b",
        "prime minister": r"(?<!deputy )\bprime minister\b(?!s)|^(?:pm|premier)$",
        "chancellor of the exchequer": r"\bchancellor of the exchequer\b|^(?:shadow )?chancellor$",
        "lord chancellor": r"\blord chancellor\b",
        "chancellor of the duchy": r"\bchancellor of the duchy\b|^duchy chancellor$",
        "chief secretary": r"\bchief secretary\b",
        "financial secretary": r"\bfinancial secretary\b",
        "economic secretary": r"\beconomic secretary\b",
        "exchequer secretary": r"\bexchequer secretary\b",
        "paymaster general": r"\bpaymaster general\b",
        "attorney general": r"\battorney general\b",
        "solicitor general": r"\bsolicitor general\b",
        "leader of the opposition": r"(?<!deputy )\bleader of (?:the |(?:her|his) majesty |hm )?(?:official )?"
        r"opposition\b(?! in the)|^opposition leader$",
        "leader of the lords": r"(?<!deputy )\bleader of the (?:house of )?lords$",
        "leader of the commons": r"(?<!deputy )\bleader of the (?:house|house of commons|commons)$|^commons leader$",
    }.items()
)
PORTFOLIO_NOISE = collect_words(
    "of for and the department ministry office state affairs dept hm her his majesty secretary shadow minister"
    " parliamentary under junior in to also"
)
PLACE_NOUNS = {"welsh": "wales", "scottish": "scotland", "childrens": "children", "schools": "schools"}
SECRETARY = re.compile(
    r"\bsecretary of state\b|^(?!.*\b(?:parliamentary|under|private|press|permanent) ).+ secretary(?: and .+)?$"
)


class Role(NamedTuple):
    """A role that a person has: an office, and its portfolio if several offices have that rank; a party; a seat.

    `kind` is office, portfolio, leader, party or seat; `name` is the office, rank, party or seat.
    """

    kind: str
    name: str
    portfolio: frozenset[str] = frozenset()
    shadow: bool = False


def read_party(text: str) -> str | None:
    """Return a party by its usual name, whatever form of it is given; None for other words.

    >>> read_party("Tory MPs"), read_party("Lab/Co-op"), read_party("Inkwell")
    ('conservative', 'labour', None)
    """
    words = fold_name(text).removeprefix("the ").removeprefix("a ")
    return PARTIES.get(words) or PARTIES.get(MEMBERS.sub("", words))


def simplify_party(text: str) -> str:
    """Return a party's usual name, or its own in folded words."""
    return read_party(text) or MEMBERS.sub("", fold_name(text).removeprefix("the "))


@lru_cache(maxsize=4096)
def read_offices(text: str) -> tuple[Role, ...]:
    """Read the offices in a text such as "The Secretary of State for Justice and Lord Chancellor"; an aide has none."""
    words = fold_name(text.replace("&", " and ")).removeprefix("the ")
    if AIDES.search(words):
        return ()
    words = CHAMBERS.sub("", words) if re.search(r"secretary|chancellor|minister", words) else words
    shadow = "shadow" in words.split()
    sole = [Role("office", name, shadow=shadow) for name, pattern in SOLE_OFFICES if pattern.search(words)]
    rank = _find_rank(words) if not sole or "secretary of state" in words else ""
    portfolio = _read_portfolio(words) if rank else frozenset()
    return (*sole, *([Role("portfolio", rank, portfolio, shadow)] if portfolio else []))


def _find_rank(words: str) -> str:
    if re.search(r"\bunder secretary\b|\bminister\b|\bparliamentary secretary\b", words):
        return "minister"
    return "secretary of state" if SECRETARY.search(words) else ""


def _read_portfolio(words: str) -> frozenset[str]:
    return frozenset(PLACE_NOUNS.get(word, word) for word in words.split()) - PORTFOLIO_NOISE


def read_role(text: str, parties: Iterable[str]) -> Role | None:
    """Read a role that stands alone, as "the Home Secretary", "Tory leader", "Labour" or "MP for Lower Fennimore"."""
    words = fold_name(text.replace("&", " and ")).removeprefix("the ").removeprefix("a ").removeprefix("an ")
    if OTHER_PEOPLE.search(words):
        return None
    known = {*parties}
    for pattern in (r"(.+) (?:party )?leader", r"leader of (?:the )?(.+)"):
        if (match := re.fullmatch(pattern, words)) and (party := _know_party(match[1], known)):
            return Role("leader", party)
    if party := _know_party(words, known):
        return Role("party", party)
    if match := re.fullmatch(r"(?:mp|member|member of parliament) for (.+)", words):
        return Role("seat", match[1])
    offices = read_offices(text)
    return offices[0] if len(offices) == 1 else None


def _know_party(text: str, known: set[str]) -> str | None:
    found = read_party(text) or simplify_party(text)
    return found if found in PARTIES.values() or found in known else None


def has_office(offices: Iterable[str], asked: Role) -> bool:
    """Return True if one of a person's offices, as printed or in the register, is the one asked for."""
    return any(_is_office(held, asked) for text in offices for held in read_offices(text))


def _is_office(held: Role, asked: Role) -> bool:
    if (held.kind, held.name, held.shadow) != (asked.kind, asked.name, asked.shadow):
        return False
    return asked.portfolio <= held.portfolio


def leads_party(offices: Iterable[str], parties: Iterable[str], party: str) -> bool:
    """Return True if a member of a party leads it, or leads the government or the opposition."""
    if party not in {simplify_party(each) for each in parties}:
        return False
    texts = [*offices]
    heads = (Role("office", "prime minister"), Role("office", "leader of the opposition"))
    return any(has_office(texts, each) for each in heads) or any(_names_leader(each) for each in texts)


def _names_leader(text: str) -> bool:
    words = fold_name(text)
    return bool(PARTY_LEADER.search(words)) and not re.search(r"\b(?:deputy|lords|shadow|secretar\w+)\b", words)
