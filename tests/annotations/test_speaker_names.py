"""Attributions as the press prints them: the speaker, surely another, or not checked."""

import pytest

from annotations.verification.personal_names import NameAgreement, compare_names, read_personal_name
from annotations.verification.public_roles import Role, has_office, read_offices
from annotations.verification.speaker_names import KnownSpeaker, judge_speaker, read_attribution

PARTIES = ("Broadsheet", "Inkwell")


def know(name: str, *names: str, **known: object) -> KnownSpeaker:
    values = {"registered": True, "sat": True, "spoke": True, **known}
    return KnownSpeaker(key=name, names=(name, *names), **values)  # type: ignore[arg-type]


TOLLIVER = know(
    "Ambrose Tolliver",
    offices=("The Prime Minister", "Prime Minister, Treasury"),
    parties=("Lab",),
    seats=("Tolliver's Reach",),
)
SIAN = know("Siân Ffrydwen", parties=("Con",), offices=("Secretary of State, Home Office",), seats=("Cwm Ffrydwen",))
MATTHEW = know("Matthew Oak-Elm", parties=("Con",), offices=("Leader of the Opposition, House of Commons",))
EDWARD = know("Edward Lanyard", parties=("LDem",), offices=("Minister of State, Department of Health",))
EDITH = know("Edith Lanyard", parties=("Inkwell",), spoke=False)
DAVID = know("David Smith", parties=("Lab/Co-op",))
DAVE = know("David Smith of the North", "David Smith", parties=("Con",))
GREEN = know("Damian Green", parties=("Con",))
PEER = know("Lord Gravesby of Larrow", "Hubert Gravesby", parties=("XB",))
HUNT_A, HUNT_B = know("Lord Hunt of Wirrow"), know("Lord Hunt of Kingsheath")
OLD = know("Constance Deverall-Finch", "Constance Finch", sat=False, spoke=False)
LATER = know("Baroness Innisvale of Skerra", "Morag Innisvale")
CHAIR = know("Mr. Speaker", "Aldous Penhallow", offices=("Mr. Speaker",), parties=("Speaker",))
PEOPLE = (TOLLIVER, SIAN, MATTHEW, EDWARD, EDITH, DAVID, DAVE, GREEN, PEER, HUNT_A, HUNT_B, OLD, LATER, CHAIR)


def judge(attribution: str, speaker: KnownSpeaker, people: tuple[KnownSpeaker, ...] = PEOPLE) -> str:
    others = [each for each in people if each.key != speaker.key]
    return judge_speaker(read_attribution(attribution, PARTIES), speaker, others)


@pytest.mark.parametrize(
    ("attribution", "speaker"),
    [
        ("Sian Ffrydwen", SIAN),
        ("Sia\u0302n Ffrydwen", SIAN),
        ("S. Ffrydwen", SIAN),
        ("SIÂN FFRYDWEN MP", SIAN),
        ("Rt Hon Ambrose Tolliver", TOLLIVER),
        ("The Rt. Hon. Sir Ambrose Tolliver, K.C., M.P.", TOLLIVER),
        ("Ambrose J. Tolliver", TOLLIVER),
        ("Mr Tolliver", TOLLIVER),
        ("Tolliver, Ambrose", TOLLIVER),
        ("Prime Minister Ambrose Tolliver", TOLLIVER),
        ("Ambrose Tolliver, the Prime Minister", TOLLIVER),
        ("Ambrose Tolliver (Tolliver’s Reach) (Lab)", TOLLIVER),
        ("Labour’s Ambrose Tolliver", TOLLIVER),
        ("the Prime Minister", TOLLIVER),
        ("PM", TOLLIVER),
        ("Labour leader", TOLLIVER),
        ("Labour leader Ambrose Tolliver", TOLLIVER),
        ("Labour", TOLLIVER),
        ("the MP for Tolliver's Reach", TOLLIVER),
        ("Matt Oak-Elm", MATTHEW),
        ("Matt Oak Elm", MATTHEW),
        ("Matt Elm", MATTHEW),
        ("the Tory leader", MATTHEW),
        ("Leader of the Opposition", MATTHEW),
        ("Ed Lanyard", EDWARD),
        ("health minister Ed Lanyard", EDWARD),
        ("a Lib Dem MP", EDWARD),
        ("the Home Secretary", SIAN),
        ("Secretary of State for the Home Department", SIAN),
        ("former Prime Minister Sian Ffrydwen", SIAN),
        ("Minister for Europe Sian Ffrydwen", SIAN),
        ("Labour's Mr Smith", DAVID),
        ("David Smith", DAVID),
        ("Green", GREEN),
        ("Lord Gravesby", PEER),
        ("Hubert Gravesby", PEER),
        ("Lord Hunt of Wirrow", HUNT_A),
        ("Connie Finch", OLD),
        ("Morag Innisvale MP", LATER),
        ("Baroness Innisvale", LATER),
        ("the Speaker", CHAIR),
        ("Aldous Penhallow", CHAIR),
        # what stands beside the name
        ("Ambrose Tolliver (Lab)", TOLLIVER),
        ("Ambrose Tolliver, Tolliver's Reach", TOLLIVER),
        ("Ambrose Tolliver (Reach, Labour)", TOLLIVER),
        ("Ambrose Tolliver (Treasury)", TOLLIVER),
        ("Ambrose Tolliver [V]", TOLLIVER),
        ("Ambrose Tolliver, MP for Tolliver's Reach", TOLLIVER),
        ("Ambrose Tolliver, in the Commons", TOLLIVER),
        ("Ambrose Tolliver (23 June 2008)", TOLLIVER),
        ("Ambrose Tolliver, House of Commons", TOLLIVER),
        ("Ambrose Tolliver, answering Sian Ffrydwen", TOLLIVER),
        ("Edith Lanyard (Inkwell)", EDITH),
        ("Inkwell's Edith Lanyard", EDITH),
        ("Constance Finch (Constance Deverall-Finch)", OLD),
        ("Lord Gravesby of Larrow (Hubert Gravesby)", PEER),
        ("now Prime Minister Sian Ffrydwen", SIAN),
        ("Sian Ffrydwen, later Prime Minister", SIAN),
        ("Ambrose John Tolliver", TOLLIVER),
        ("John Ambrose Tolliver", TOLLIVER),
        ("ambrose tolliver", TOLLIVER),
        ("Tolliver (the Prime Minister)", TOLLIVER),
        ("Labour Prime Minister Ambrose Tolliver", TOLLIVER),
        ("Lib Dem health spokesman Ed Lanyard", EDWARD),
        ("Hubert, Lord Gravesby", PEER),
        ("Hubert Gravesby, Lord Gravesby of Larrow", PEER),
        ("The Prime Minister (Mr. Ambrose Tolliver)", TOLLIVER),
        ("the British Prime Minister", TOLLIVER),
    ],
)
def test_the_speaker_is_known_by_every_usual_name_and_role(attribution: str, speaker: KnownSpeaker) -> None:
    assert judge(attribution, speaker) == "same"


@pytest.mark.parametrize(
    ("attribution", "speaker"),
    [
        ("Siân Ffrydwen", TOLLIVER),
        ("Edith Lanyard", EDWARD),
        ("Matt Oak-Elm", GREEN),
        ("Mr Tolliver", SIAN),
        ("Constance Finch", SIAN),
        ("Lord Hunt of Kingsheath", HUNT_A),
        ("Lord Hunt", TOLLIVER),
        ("the Prime Minister", SIAN),
        ("the Home Secretary", TOLLIVER),
        ("the Tory leader", TOLLIVER),
        ("Labour", SIAN),
        ("the MP for Cwm Ffrydwen", TOLLIVER),
    ],
)
def test_somebody_else_is_named_only_where_that_is_certain(attribution: str, speaker: KnownSpeaker) -> None:
    assert judge(attribution, speaker) == "other"


@pytest.mark.parametrize(
    ("attribution", "speaker"),
    [
        ("Lord Tolliver of Larrow", TOLLIVER),
        ("Winifred Nobody", TOLLIVER),
        ("Nobody", TOLLIVER),
        ("Ambrose", TOLLIVER),
        ("the former Prime Minister", TOLLIVER),
        ("the former Prime Minister", SIAN),
        ("the Minister", EDWARD),
        ("the Education Secretary", SIAN),
        ("the shadow Home Secretary", SIAN),
        ("a health minister", SIAN),
        ("Lanyard", EDWARD),
        ("E. Lanyard", EDWARD),
        ("Mr Smith", DAVID),
        ("Lord Hunt", HUNT_A),
        ("Labour", CHAIR),
        ("Ambrose Tolliver and Sian Ffrydwen", EDWARD),
        ("???", TOLLIVER),
        ("a spokesman", TOLLIVER),
        ("the Prime Minister's spokesman", TOLLIVER),
        ("the Prime Minister’s office", TOLLIVER),
        ("a source close to the Prime Minister", TOLLIVER),
        ("the Prime Minister of Canada", TOLLIVER),
        ("the Scottish Tory leader", MATTHEW),
        ("deputy Labour leader", TOLLIVER),
        ("Downing Street", TOLLIVER),
        # another's words, or a second speaker
        *(
            (f"Hester Marchbold {verb} Ambrose Tolliver", TOLLIVER)
            for verb in ("quoting", "citing", "paraphrasing", "quipping of", "imitating", "about", "&", "/", "+", "")
        ),
        *(
            (f"{denial} Ambrose Tolliver", TOLLIVER)
            for denial in ("not", "Not", "NOT", "never", "anybody but", "falsely", "a fake", "allegedly")
        ),
        ("Sian Ffrydwen quoting Ambrose Tolliver", SIAN),
        ("Sian Ffrydwen, quoting Ambrose Tolliver", SIAN),
        ("Sian Ffrydwen, quoting Ambrose Tolliver", TOLLIVER),
        ("Sian Ffrydwen; Ambrose Tolliver", TOLLIVER),
        ("Sian Ffrydwen; Ambrose Tolliver", SIAN),
        ("Minister for Europe quoting Sian Ffrydwen", SIAN),
        ("Labour's Hester Marchbold quoting Ambrose Tolliver", TOLLIVER),
        ("Labour MP not Ambrose Tolliver", TOLLIVER),
        # a party, seat or office that is not theirs
        ("Ambrose Tolliver (Inkwell)", TOLLIVER),
        ("Ambrose Tolliver (Foolscap)", TOLLIVER),
        ("Ambrose Tolliver (Con)", TOLLIVER),
        ("Tory MP Ambrose Tolliver", TOLLIVER),
        ("Inkwell's Ambrose Tolliver", TOLLIVER),
        ("Ambrose Tolliver (Cwm Ffrydwen)", TOLLIVER),
        ("Ambrose Tolliver, MP for Cwm Ffrydwen", TOLLIVER),
        ("Ambrose Tolliver, MP for Nowhere", TOLLIVER),
        ("Prime Minister Sian Ffrydwen", SIAN),
        ("Hester Marchbold, Prime Minister", TOLLIVER),
        ("Marchbold (the Prime Minister)", TOLLIVER),
        ("Hester Marchbold Prime Minister", TOLLIVER),
        ("the Canadian Prime Minister", TOLLIVER),
        ("Tory Prime Minister Ambrose Tolliver", TOLLIVER),
        ("Tory health spokesman Ed Lanyard", EDWARD),
        ("Ambrose Tolliver?", TOLLIVER),
        ("Ambrose Tolliver, Lord Gravesby of Larrow", TOLLIVER),
        ("Ambrose Tolliver, Lord Gravesby of Larrow", PEER),
        ("Sian Ffrydwen (the Leader of the Opposition)", SIAN),
    ],
)
def test_what_is_not_understood_or_ambiguous_is_not_checked(attribution: str, speaker: KnownSpeaker) -> None:
    assert judge(attribution, speaker) == "not checked"


ASH, OAK = (know(name, registered=False, sat=False) for name in ("Ada Ash", "Ben Oak"))
ASH_BEFORE = ASH._replace(spoke=False)
MARRIED = know("Ada Elm", registered=False, sat=False)


@pytest.mark.parametrize(
    ("attribution", "speaker", "people", "check"),
    [
        ("Ada Ash", ASH, (ASH, OAK), "same"),
        ("Mr. Oak", OAK, (ASH, OAK), "same"),
        ("Ada Ash", OAK, (ASH, OAK), "other"),
        ("Ada Ash", OAK, (ASH_BEFORE, OAK), "other"),
        ("Ash", OAK, (ASH_BEFORE, OAK), "not checked"),
        ("Cy Elm", OAK, (ASH, OAK), "not checked"),
        ("Ada Ash", MARRIED, (ASH, MARRIED), "other"),
        ("Ada Ash", MARRIED, (ASH_BEFORE, MARRIED), "not checked"),
    ],
)
def test_without_a_register_only_the_printed_names_are_evidence(
    attribution: str, speaker: KnownSpeaker, people: tuple[KnownSpeaker, ...], check: str
) -> None:
    assert judge(attribution, speaker, people) == check


@pytest.mark.parametrize(
    ("mine", "its", "agreement"),
    [
        ("Kate Finch", "Catherine Finch", NameAgreement.FULL),
        ("Paula Smith", "Paul Smith", NameAgreement.KIN),
        ("Angela C. Smith", "Angela E. Smith", NameAgreement.KIN),
        ("Mr O'Brien", "Mike O’Brien", NameAgreement.PARTIAL),
        ("Lembit Opik", "Lembit Öpik", NameAgreement.EXACT),
        ("Lord Penmarrow", "Earl of Penmarrow", NameAgreement.EXACT),
        ("Lord Quennell", "Baroness Quennell", NameAgreement.KIN),
        ("John Baron", "John Baron MP", NameAgreement.EXACT),
        ("Tom Watson", "Tom Brake", NameAgreement.NONE),
        ("James Gordon Brown", "Gordon Brown", NameAgreement.FULL),
        ("Gordon Brown", "Lord Brown", NameAgreement.KIN),
    ],
)
def test_names_agree_by_degrees(mine: str, its: str, agreement: NameAgreement) -> None:
    one, other = read_personal_name(mine), read_personal_name(its)
    assert one
    assert other
    assert compare_names(one, other) == agreement


@pytest.mark.parametrize(
    ("held", "asked", "same"),
    [
        ("The Secretary of State for Health and Social Care", "Health Secretary", True),
        ("Secretary of State, Foreign & Commonwealth Office", "the Foreign Secretary", True),
        ("The Chancellor of the Exchequer", "the Chancellor", True),
        ("Shadow Chancellor of the Exchequer, Treasury", "the Chancellor", False),
        ("The Parliamentary Under-Secretary of State for the Home Department", "the Home Secretary", False),
        ("PPS (Rt Hon A. Tolliver, Prime Minister), Prime Minister's Office", "the Prime Minister", False),
        ("The Deputy Prime Minister", "the Prime Minister", False),
        ("Leader of His Majesty's Official Opposition", "the leader of the opposition", True),
    ],
)
def test_offices_are_read_as_printed_in_the_register_and_in_the_press(held: str, asked: str, same: bool) -> None:
    [role] = read_attribution(asked).roles
    assert has_office([held], role) is same
    assert read_offices("The Chancellor") == (Role("office", "chancellor of the exchequer"),)
