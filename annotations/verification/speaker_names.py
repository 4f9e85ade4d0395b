"""Attributions as the press prints them: whether a speech is that person's, another's, or whether that is not known.

Everything here is pure: speaker_register reads what is known of the people of a day.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from annotations.verification.given_names import collect_words
from annotations.verification.personal_names import (
    NOT_SPOKEN_BY,
    SUFFIXES,
    NameAgreement,
    PersonalName,
    compare_names,
    fold_name,
    read_personal_name,
)
from annotations.verification.public_roles import (
    ROLE_PLACES,
    ROLE_WORDS,
    Role,
    has_office,
    leads_party,
    read_party,
    read_role,
    simplify_party,
)

SpeakerCheck = Literal["same", "other", "not checked"]
SEVERAL_HOLDERS = frozenset({"minister"})  # ranks that several people hold with one portfolio
NO_PARTY = frozenset(
    {"speaker", "deputy speaker", "spk", "cwm", "dcwm", "other", "independent", "bishop", "bp", "non affiliated"}
)
FORMER = re.compile(r"(?:the )?(?:former|then|ex|late|now|later|future)[- ]", re.IGNORECASE)
PARTED = re.compile(r"\s*[,;()\[\]]\s*|\s+[-–—]+\s+")
ASIDES = collect_words(  # first words of a piece that says where, when or how something was said
    "in on at to by as from for during before after since who which speaking talking said told writing replying hansard"
    " commons lords house parliament westminster london chamber whitehall pictured born aged right left centre above"
    " about against answering addressing attacking criticising praising thanking interviewing opening closing via"
)
MAX_CLAIM_WORDS = 8
TAIL_LENGTHS = (2, 3)  # words of a name that follows "Minister for Europe"


class KnownSpeaker(NamedTuple):
    """A person on a day, as far as is known: `names` of all times, the printed one first; what they were on that day.

    `key` tells people apart. `registered` is set if the register has the person, `sat` if it has a membership of theirs
    on that day, and `spoke` if they speak on that day in this archive.
    """

    key: str
    names: tuple[str, ...]
    offices: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    registered: bool = False
    sat: bool = False
    spoke: bool = False


class Attribution(NamedTuple):
    """The names and the roles in an attribution; `perhaps` has names that may follow a role that is not understood.

    `claims` are folded words that stand beside the name and may be a party, a seat or another name.
    """

    names: tuple[PersonalName, ...] = ()
    roles: tuple[Role, ...] = ()
    perhaps: tuple[PersonalName, ...] = ()
    claims: tuple[str, ...] = ()


def read_attribution(text: str, parties: Iterable[str] = ()) -> Attribution:
    """Read the names and roles in an attribution; `parties` are names of parties besides those that everybody knows.

    Nothing is read where the words may say that somebody else spoke, as in "Ada Ash quoting Ben Oak".
    """
    known = [simplify_party(party) for party in parties]
    if "?" in text or NOT_SPOKEN_BY & {*fold_name(text).split()}:
        return Attribution()
    pieces = [piece for piece in PARTED.split(text.strip(" -–—\n\t")) if re.search(r"\w", piece)]
    alone = not FORMER.match(text) and _stands_alone(text) and not _begins_with_name(pieces, known)
    if alone and (role := read_role(text, known)):
        perhaps = _read_last_words(text) if role.kind == "portfolio" else ()
        one_word = _read_one_word(text) if role.kind == "party" else ()
        return Attribution(names=one_word, roles=(role,), perhaps=perhaps)
    read = [_read_piece(piece, known) for piece in pieces]
    name, own = _choose_name([each for each in read if each.names])
    return Attribution(
        names=(name,) if name else (),
        roles=tuple(role for each in read for role in each.roles),
        perhaps=tuple(name for each in read for name in each.perhaps),
        claims=tuple(claim for each in read if each not in own for claim in each.claims),
    )


def _begins_with_name(pieces: Sequence[str], parties: Sequence[str]) -> bool:
    """Return True for "Ada Ash, Prime Minister", but not for "Digital, Culture, Media and Sport Secretary"."""
    name = next(iter(_read_piece(pieces[0], parties).names), None) if len(pieces) > 1 else None
    if not name or len(name.words) > 1 or name.peer:
        return bool(name)
    role = read_role(pieces[1], parties)
    return bool(role and role.kind != "portfolio")


def _choose_name(named: Sequence[Attribution]) -> tuple[PersonalName | None, Sequence[Attribution]]:
    """Return the name of an attribution, which may be in two of its pieces, and the pieces that have it."""
    first, second = (next(iter(each.names), None) for each in (*named[:2], Attribution(), Attribution())[:2])
    if first and second and len(first.words) == 1 and not first.peer and _may_be_given(second):
        return PersonalName((*second.words, *first.words)), named[:2]  # Watson, Tom
    if first and second and second.peer and not first.peer:
        return second, named[len(first.words) > 1 : 2]  # Digby, Lord Jones of Birmingham
    return first, named[:1]


def _read_one_word(text: str) -> tuple[PersonalName, ...]:
    name = read_personal_name(text) if len(text.split()) == 1 else None
    return (name,) if name else ()


def _read_last_words(text: str) -> tuple[PersonalName, ...]:
    """Read the last words as the name that may follow a role, as in "Minister for Europe Chris Bryant"."""
    words = fold_name(text).split()
    ends = (read_personal_name(" ".join(words[-count:])) for count in TAIL_LENGTHS)
    return tuple(name for name in ends if name)


def _may_be_given(name: PersonalName) -> bool:
    return not name.peer and not name.place and len(name.words) <= 2


def _find_last_role_word(words: Sequence[str]) -> int:
    return max((n for n, word in enumerate(words) if word in ROLE_WORDS), default=-1)


def _stands_alone(text: str) -> bool:
    """Return True if no name can follow the last word for a role."""
    words = fold_name(text).split()
    last = _find_last_role_word(words)
    tail = ROLE_PLACES.sub("", " ".join(words[last + 1 :])).strip()
    return last < 0 or not tail or tail.split()[0] in ("of", "for", "to", "in")


def _read_piece(piece: str, parties: Sequence[str]) -> Attribution:
    """Read a piece without commas: a role, a name, or a role with a name after it."""
    former = FORMER.match(piece)
    words = fold_name(piece[former.end() :] if former else piece).split()
    last = _find_last_role_word(words)
    if not former and _stands_alone(piece) and (role := read_role(piece, parties)):
        return Attribution(roles=(role,))
    if last < 0 or (last == len(words) - 1 and words[last] in ("mp", "mps")):
        return _read_party_and_name(piece if not former else " ".join(words), parties)
    head, tail = " ".join(words[: last + 1]), " ".join(words[last + 1 :])
    if place := ROLE_PLACES.match(tail):
        head, tail = f"{head} {place[0]}", tail[place.end() :].strip()
    role = None if former else read_role(head, parties)
    roles = (role,) if role else ()
    party = () if former or (role and role.kind in ("party", "leader")) else _read_leading_party(head, parties)
    if tail.split()[:1] and tail.split()[0] in ("of", "for", "to", "in"):
        return Attribution(perhaps=_read_last_words(tail))
    name = read_personal_name(tail) if tail else None
    return Attribution(names=(name,), roles=(*party, *roles)) if name else Attribution(roles=roles)


def _read_leading_party(head: str, parties: Sequence[str]) -> tuple[Role, ...]:
    """Read the party at the beginning of a role, as in "Tory Prime Minister" or "Lib Dem health spokesman"."""
    words = head.removeprefix("the ").removeprefix("a ").split()
    found = (_know_party(" ".join(words[:count]), parties) for count in range(min(3, len(words) - 1), 0, -1))
    return next(((Role("party", party),) for party in found if party), ())


def _know_party(words: str, parties: Sequence[str]) -> str | None:
    return read_party(words) or (words if words in parties else None)


def _read_party_and_name(piece: str, parties: Sequence[str]) -> Attribution:
    words = fold_name(piece).split()
    for count in range(min(3, len(words) - 2), 0, -1):
        first = " ".join(words[:count]).removeprefix("the ")
        party = _know_party(first, parties)
        if party and (name := read_personal_name(" ".join(words[count:]))):
            return Attribution(names=(name,), roles=(Role("party", party),))
    name = read_personal_name(piece)
    return Attribution(names=(name,) if name else (), claims=(" ".join(words),) if _may_be_claim(words) else ())


def _may_be_claim(words: Sequence[str]) -> bool:
    """Return True for a few words that are neither an aside, nor a date, nor letters after a name."""
    if not 1 <= len(words) <= MAX_CLAIM_WORDS or words[0] in ASIDES or FORMER.match(" ".join(words)):
        return False
    return any(len(word) > 1 and word not in SUFFIXES for word in words) and not re.search(r"\d", " ".join(words))


def judge_speaker(asked: Attribution, speaker: KnownSpeaker, others: Sequence[KnownSpeaker]) -> SpeakerCheck:
    """Decide whether an attribution means the speaker of a speech, surely somebody else, or neither surely.

    `others` are the other people of the day, and people of other days whose name has a word of the attribution. What
    stands beside a name and is not true of the speaker, or of the speaker alone, leaves a doubt.
    """
    check = _judge_name(asked, speaker, others)
    if check == "same" and _has_false_claim(asked, speaker, others):
        return "not checked"
    if check == "other" and any(_is_known_of(claim, speaker) for claim in asked.claims):
        return "not checked"
    return check


def _has_false_claim(asked: Attribution, speaker: KnownSpeaker, others: Sequence[KnownSpeaker]) -> bool:
    """Return True if a party, seat, office or second name beside a name is surely not the speaker's on that day."""
    if _is_one_word(asked) or not (asked.names or asked.perhaps):
        return False
    claims = [*asked.claims, *(role.name for role in asked.roles if role.kind == "seat" and speaker.seats)]
    if (speaker.seats or speaker.parties) and not all(_is_known_of(claim, speaker) for claim in claims):
        return True
    return any(_judge_role(role, speaker, others) == "other" for role in asked.roles)


def _is_known_of(claim: str, speaker: KnownSpeaker) -> bool:
    """Return True if a person has a party, or words of a name, a seat or an office."""
    if simplify_party(claim) in {simplify_party(party) for party in speaker.parties}:
        return True
    name = read_personal_name(claim)
    known = (*speaker.names, *speaker.seats, *speaker.offices, *speaker.parties)
    return bool(name and _agree(name, speaker) >= NameAgreement.PARTIAL) or any(
        {*claim.replace(" and ", " ").split()} - {"the"} <= {*fold_name(each).split()} for each in known
    )


def _judge_name(asked: Attribution, speaker: KnownSpeaker, others: Sequence[KnownSpeaker]) -> SpeakerCheck:
    """Decide by name, or by the roles where there is none."""
    if any(_agree(name, speaker) >= NameAgreement.FULL for name in asked.perhaps):
        return "same"
    if not asked.names or (asked.roles and _is_only_a_role(asked, speaker, others)):
        return _judge_roles(asked.roles, speaker, others)
    name = asked.names[0]
    mine = _agree(name, speaker)
    if mine == NameAgreement.EXACT and read_personal_name(speaker.names[0]) == name:
        return "same"
    if mine >= NameAgreement.PARTIAL:
        rivals = [each for each in others if _agree(name, each) >= mine and _is_rival(each, speaker)]
        return "not checked" if _keep_rivals(rivals, asked.roles, speaker, others) else "same"
    if _has_seat(speaker, " ".join(name.words)):
        return "same"
    named = [each for each in others if _is_meant(name, each, mine)]
    return "other" if any(_are_distinct(each, speaker) for each in named) else "not checked"


def may_be_meant(asked: Attribution, person: KnownSpeaker) -> bool:
    """Return True if a name or role of a person is one of an attribution; nobody else bears on its meaning."""
    names = (*asked.names, *asked.perhaps)
    return (
        any(_agree(name, person) >= NameAgreement.PARTIAL for name in names)
        or any(_has_role(person, role) for role in asked.roles)
        or any(_has_seat(person, " ".join(name.words)) for name in names)
    )


def _agree(name: PersonalName, person: KnownSpeaker) -> NameAgreement:
    read = (read_personal_name(each) for each in person.names)
    return max((compare_names(name, its) for its in read if its), default=NameAgreement.NONE)


def _is_only_a_role(asked: Attribution, speaker: KnownSpeaker, others: Sequence[KnownSpeaker]) -> bool:
    """Return True if a word such as Green, which may be a party, is nobody's surname on that day."""
    if not _is_one_word(asked):
        return False
    present = [speaker, *(each for each in others if each.sat or each.spoke)]
    return all(_agree(asked.names[0], each) < NameAgreement.PARTIAL for each in present)


def _is_one_word(asked: Attribution) -> bool:
    """Return True if an attribution is one word that may be a party or a surname."""
    if len(asked.names) != 1 or len(asked.names[0].words) != 1 or len(asked.roles) != 1:
        return False
    return asked.roles[0] == Role("party", simplify_party(asked.names[0].words[0]))


def _is_rival(person: KnownSpeaker, speaker: KnownSpeaker) -> bool:
    """Return True if somebody of the day may be another person; one name printed twice is one person's."""
    if not person.sat and not person.spoke:
        return False
    if person.registered and speaker.registered:
        return True
    printed = {read_personal_name(each) for each in speaker.names}
    return not any(read_personal_name(each) in printed for each in person.names)


def _keep_rivals(
    rivals: Sequence[KnownSpeaker], roles: Sequence[Role], speaker: KnownSpeaker, others: Sequence[KnownSpeaker]
) -> list[KnownSpeaker]:
    """Return the people of the same name who may be meant; a role that the speaker alone has decides."""
    if roles and all(_judge_role(role, speaker, others) == "same" for role in roles):
        return [each for each in rivals if has_roles(each, roles)]
    return [*rivals]


def _is_meant(name: PersonalName, person: KnownSpeaker, mine: NameAgreement) -> bool:
    agreed = _agree(name, person)
    present = person.sat or person.spoke
    return agreed >= NameAgreement.FULL or (mine == NameAgreement.NONE and present and agreed == NameAgreement.PARTIAL)


def _are_distinct(mine: KnownSpeaker, its: KnownSpeaker) -> bool:
    """Return True if two people surely are two: in the register, or by what the record prints of them.

    People who are not in the register may change their names, so that names with a word in common need a day on which
    both spoke.
    """
    if mine.registered and its.registered:
        return mine.key != its.key
    names = [name for each in its.names if (name := read_personal_name(each))]
    mine_names = [name for each in mine.names if (name := read_personal_name(each))]
    if not names or not mine_names:
        return False
    if any(compare_names(a, b) >= NameAgreement.PARTIAL for a in names for b in mine_names):
        return False
    alike = any(
        {*a.words, *a.place} & {*b.words, *b.place} or bool(a.peer) != bool(b.peer) for a in names for b in mine_names
    )
    return not alike or (mine.spoke and its.spoke)


def _judge_roles(roles: Sequence[Role], speaker: KnownSpeaker, others: Sequence[KnownSpeaker]) -> SpeakerCheck:
    found = {_judge_role(role, speaker, others) for role in roles}
    return found.pop() if len(found) == 1 else "not checked"


def _judge_role(role: Role, speaker: KnownSpeaker, others: Sequence[KnownSpeaker]) -> SpeakerCheck:
    if _has_role(speaker, role):
        return "same"
    if role.kind == "party":
        parties = {simplify_party(party) for party in speaker.parties}
        return "other" if parties and not parties & NO_PARTY and role.name not in NO_PARTY else "not checked"
    if role.name in SEVERAL_HOLDERS:
        return "not checked"
    holders = [each for each in others if _has_role(each, role)]
    return "other" if holders and all(_are_distinct(each, speaker) for each in holders) else "not checked"


def has_roles(person: KnownSpeaker, roles: Iterable[Role]) -> bool:
    """Return True if a person has all of the roles."""
    return all(_has_role(person, role) for role in roles)


def _has_role(person: KnownSpeaker, role: Role) -> bool:
    if role.kind == "party":
        return role.name in {simplify_party(party) for party in person.parties}
    if role.kind == "seat":
        return _has_seat(person, role.name)
    if role.kind == "leader":
        return leads_party(person.offices, person.parties, role.name)
    return has_office(person.offices, role)


def _has_seat(person: KnownSpeaker, seat: str) -> bool:
    return seat.removeprefix("the ") in {
        fold_name(each.replace("&", " and ")).removeprefix("the ") for each in person.seats
    }
