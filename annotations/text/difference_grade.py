"""The grade of a difference: surface, as an editor of speech makes it, or in substance.

Negations, figures, names, modal verbs and all other words of content are substance. What is not surely harmless is too.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import Literal

from annotations.text.figure_signs import CURRENCY, ENDING
from annotations.text.figure_words import SIGNS, VALUES, list_words

Grade = Literal["", "surface", "edited", "marked", "substance"]  # "" for no difference; the gravest is the last
GRADES: tuple[Grade, ...] = ("", "surface", "edited", "marked", "substance")


NEGATION = re.compile(
    r"(?:not|no|never|none|nor|neither|nobody|nothing|nowhere|without|cannot|hardly|scarcely|barely|rarely|seldom"
    r"|refuse[ds]?|\w*n't)",
    re.IGNORECASE,
)
REVERSING = re.compile(  # words that deny what follows, or put it in others' mouths, besides negations
    r"(?:fail(?:s|ed|ing|ure)?|den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|oppos(?:e|es|ed|ing)|prevent(?:s|ed|ing)?"
    r"|avoid(?:s|ed|ing)?|stop(?:s|ped|ping)?|ceas(?:e|es|ed|ing)|lack(?:s|ed|ing)?|declin(?:e|es|ed|ing)"
    r"|abandon(?:s|ed|ing)?|abolish(?:es|ed|ing)?|resist(?:s|ed|ing)?|doubt(?:s|ed|ing)?|unlikely|impossible|unable"
    r"|false|untrue|against|little|few|less|least|instead|rather|nearly|almost|supposedly|allegedly|so-called"
    r"|alleg(?:e|es|ed|ing)|claim(?:s|ed|ing)?|pretend(?:s|ed|ing)?|accus(?:e|es|ed|ing))",
    re.IGNORECASE,
)
REPORTED = re.compile(  # before a quotation that begins its sentence
    r"\b(?:suggest(?:s|ed|ing)?|argu(?:e|es|ed|ing)|imagin(?:e|es|ed|ing)|suppos(?:e|es|ed|ing)|wrong|mistaken|nonsense"
    r"|myth|(?:he|she|they|some|others|critics|people|who|opposition) (?:say|says|said|think|thinks|thought))\b",
    re.IGNORECASE,
)
CONDITION = re.compile(r"(?:only|unless|if|except|excepting|excluding|until|till|provid(?:ed|ing))", re.IGNORECASE)
MODAL = re.compile(
    r"(?:may|might|could|should|would|must|ought|can|will|shall|try|tried|hope[ds]?|wish|intend(?:s|ed)?|used"
    r"|want(?:s|ed)?|plan(?:s|ned)?|once|formerly|previously)",
    re.IGNORECASE,
)
REVERSAL = re.compile(  # in brackets beside a word, besides negations
    r"(?:un|dis|non|anti|mis|\w+-)|far from|anything but|nothing like|fail(?:s|ed|ing)? to(?: \w+)?"
    r"|supposedly|allegedly|so-called|opposed to|instead of|rather than|less|least|almost|nearly",
    re.IGNORECASE,
)
WEIGHTY = re.compile(
    rf"\bso-called\b|[{CURRENCY}−-]?\d[\d,./^]*%?|per ?cent\b|\w+(?:['’]\w+)*|°[CF]\b|[{CURRENCY}{ENDING}]"
)
SHARES = set(  # numbers in words, besides those with a value
    list_words(
        "half halves halved halve third thirds quarter quarters fourth fifth fifths sixth seventh eighth eighths ninth"
        " tenth tenths hundredth hundredths thousandth dozen dozens twice thrice double doubled doubles treble trebled"
        " triple tripled"
    )
)
UNITS = set(
    list_words(
        "% percent pence pounds dollars cents euros percentage mile miles tonne tonnes ton tons acre acres hectare"
        " hectares hours days weeks months years billion million thousand hundred trillion degrees celsius kilometre"
        " kilometres metre metres centimetres millimetres inch inches feet yards furlongs nautical knots kilogram"
        " kilograms kilogrammes kilos gram grams grammes milligrams ounces hundredweight litre litres millilitres"
        " gallon gallons pint pints barrels minute minutes seconds hour fortnight fortnights decade decades centuries"
        " watt watts kilowatt kilowatts megawatt megawatts gigawatt gigawatts volts amps joules calories decibels hertz"
        " megabits megabytes gigabytes mph kph mpg rpm kg mg km cm mm ml lb lbs oz cwt ft sq kw mw gw tw kwh mwh gwh hz"
        " khz mhz ghz mb gb tb mbps pm bn tn m g k p rupees yen francs marks shillings guineas ° ′ ″ °c °f"
    )
)
TITLES = set(
    list_words(
        "I Mr Mrs Ms Miss Dr Sir Dame Rt Hon Right Member Members Gentleman Gentlemen Lady Ladies Friend Friends"
        " Minister Ministers Prime Secretary State Chancellor Exchequer Speaker Deputy House Houses Commons Lord Lords"
        " Government Governments Parliament Opposition Bill Bills Act Committee Department Front Bench Benches Noble"
        " Baroness Madam"
        " Under The This It"
    )
)
ENDINGS = (
    (r"^(\w{3,})yz(e|ed|es|er|ers|ing)$", r"\1ys\2"),
    (r"^(\w{3,})iz(e|ed|es|er|ers|ing|able|ations?|ational)$", r"\1is\2"),
    (
        r"^((?:dis|un)?(?:col|lab|fav|hon|harb|hum|rum|vap|vig|val|arm|rig|cand|ferv|tum|clam|behavi|neighb|endeav"
        r"|splend|glam|demean|misdemean))or(?!al|ar|at|ou)",
        r"\1our",
    ),
    (r"^(cent|theat|fib|lit|calib|lust|spect|somb|meag)er(s?)$", r"\1re\2"),
    (r"^(travel|cancel|label|model|level|counsel|signal|marshal|quarrel|channel|tunnel)l(ing|ed|ers?)$", r"\1\2"),
    (r"^(fulfil|enrol|instal|skil)l(s|ment|ments|ful|fully)?$", r"\1\2"),
    (r"^(wil)l(ful|fully)$", r"\1\2"),
    (r"^(catal|dial|anal|monol|prol)og(s?)$", r"\1ogue\2"),
    (r"^(p|an|h|encyclop|medi|gyn|orthop)ae", r"\1e"),
    (r"^(f|man)oe(tus|uv)", r"\1e\2"),
    (r"^(program)me(s?)$", r"\1\2"),
    (r"^(def|off|lic|pret)ens(es?|ed)$", r"\1enc\2"),
    (r"^(\w+dg)e(ment)", r"\1\2"),
    (r"^(focus|benefit)[st](ed|ing)$", r"\1\2"),
    (r"^enqui", "inqui"),
)
VARIANTS = {"grey": "gray", "whilst": "while", "amongst": "among", "towards": "toward", "learnt": "learned"}
VARIANTS |= {"ageing": "aging", "practise": "practice", "disc": "disk", "sceptic": "skeptic", "plough": "plow"}
VARIANTS |= {"gaol": "jail", "shew": "show", "connexion": "connection", "&": "and"}
CONTRACTIONS = {"won't": "will not", "can't": "can not", "cannot": "can not", "shan't": "shall not", "let's": "let us"}
CONTRACTIONS |= {"gonna": "going to", "wanna": "want to", "ain't": "is not", "'tis": "it is"}
ENDED = {"'re": ("are",), "'ve": ("have",), "'m": ("am",), "'s": ("is", "has"), "'ll": ("will", "shall")}
ENDED |= {"'d": ("would", "had"), "n't": ("not",)}
SHORT_ENDINGS = (("'s", "is"), ("'re", "are"), ("'ve", "have"), ("'m", "am"), ("'ll", "will"))
VOCATIVE = re.compile(  # that journalists leave out
    r"\b(?:mr|mrs|madam)(?: (?:deputy|acting))? (?:speaker|chairman|chair|chairwoman)\b|\bmy lords\b|\bsir \w+$"
)
SCANT = {"few", "little", "less", "least", "only", "odd"}  # words that an article before them turns
MEN, WOMEN = re.compile(r"\b(?:he|him|his|gentleman|lord)\b"), re.compile(r"\b(?:she|her|hers|lady|baroness)\b")
BARE_CONTRACTIONS = set(
    list_words(
        "its thats theres whats heres wheres hes shes youre theyre weve youve theyve ive im youll theyll itll youd"
        " theyd lets oclock"
    )
)
FILLERS = {"er", "erm", "um", "uh", "ah", "that", "which", "the", "of"}
AGREEING = {"are": "is", "were": "was", "have": "has", "do": "does", "upon": "on", "these": "this", "fewer": "less"}
ADDRESSED = (
    r"(?:gentlem[ae]n|lad(?:y|ies)|members?|friends?|(?:prime )?ministers?|secretary of state|chancellor|lords?"
    "|baroness|speaker)(?:'s)?"
)
HONORABLE = "hono(?:u)?rable|learned|gallant|noble"  # other words, except before a form of address
HONORIFIC = re.compile(
    rf"\b(?:right honourable|(?:right |rt )?hon)\b ?"
    rf"|\b(?:(?:and )?(?:{HONORABLE}|(?:right |rt )?hon(?:ourable)?) )+(?={ADDRESSED}\b)"
)
DETERMINED = "\x06"  # stands for the article or pronoun of a form of address
DETERMINER = re.compile(rf"\b(?:my|the|our) (?={ADDRESSED}\b)")
ADDRESS = re.compile(rf"\b(?:(?:my|the|our) )?{ADDRESSED}\b")
PLURAL_ADDRESS = re.compile(r"\b(?:gentlemen|ladies|members|friends|ministers|lords)\b")
FULL_ADDRESS = re.compile(rf"{DETERMINED}(?:{ADDRESSED}|secretary state)\b")
SECOND, THIRD = re.compile(r"\byou(?:r|rs)?\b"), re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their)\b")
PRONOUNS = set(
    list_words("he she him her his hers they them their it its this that these those we us our you your i me my")
)
FUNCTION_WORDS = PRONOUNS | set(
    list_words(
        "a an the of to in on at by for with and or as is are was were be been being has have had do does did will"
        " would there here who which what from into than then so"
    )
)
# Two words that are not the same in one: those with an article, and these.
JOINED = set(
    list_words(
        "everyday already altogether always anytime into upon indeed together overall outright maybe ideal ideals"
        " therapist therapists theme themes thesis"
    )
)
SHORT_WORDS = set(  # with another word they seldom are one: in direct is not indirect, nor of ten often
    list_words("in of for as at am or he we me us is on do so to my it but by up him her his the and if less")
)
JOINED_VARIANT = re.compile(
    r"(?:on(?:line|going|shore|side|site|to)|to(?:day|night|morrow)|forever\w*|in(?:sofar|asmuch|shore|land|built|house)"
    r"|by(?:law|pass|stander|election)s?|so(?:called|ever)|up(?:to|date|front|keep|take|grade)\w*|myself|himself|herself"
    r"|itself|hers?elf|meantime|whatsoever|.*(?:in|on|up|by)law|.*to)"
)
SAME_PARTED = re.compile("another|awhile|alot")
REPEATED = re.compile(  # re-sign is not resign, though re-elect is reelect
    r"re(?:sign|form|cover|creat|sen[dt]|sort|leas|mark|press|dress|count|store|treat|lay|bound|act|serv|solv|search"
    r"|turn|pos|present|prov|pair|fus|lat|call|quir|tir|strain|view|fund)|coop(?:s|ed)?\b|union|dis?ease"
)
MAX_UNVARIED = 4  # letters of a word that has no variants by its ending
PARTED_PREFIXES = {"re", "co", "un", "dis", "di"}  # of re-sign, co-op, un-ion
MIN_INITIALS = 3  # of words in small letters
MAX_READINGS = 32  # of the contractions of a few words


def find_gravest(grades: Sequence[Grade]) -> Grade:
    """Return the gravest grade; "" for none."""
    return max(grades, key=GRADES.index, default="")


@lru_cache(maxsize=1 << 14)
def fold_spelling(word: str) -> str:
    """Fold the spellings of a word that differ by country, age or house style."""
    word = VARIANTS.get(word.lower(), word.lower())
    if len(word) > MAX_UNVARIED:
        for ending, plain in ENDINGS:
            word = re.sub(ending, plain, word)
    return word


def is_same_joined(quoted: Sequence[str], said: Sequence[str]) -> bool:
    """Return True for the same words with other spaces or hyphens: online and on line, not apart and a part."""
    few, many = sorted(([word.lower() for word in words] for words in (quoted, said)), key=len)
    if "".join(few) != "".join(many):
        return False
    if any(NEGATION.fullmatch(word) or word in ("may", "be") or word[0].isdigit() for word in (*few, *many)):
        return False
    if len(few) == len(many):
        return few == many
    changed = [word for word in few if word not in many]
    parted = PARTED_PREFIXES & {*many}
    if any(word in JOINED or (parted and REPEATED.match(word)) for word in changed):
        return False
    if SHORT_WORDS & (set(many) - set(few)) and not all(JOINED_VARIANT.fullmatch(word) for word in changed):
        return False
    return not {"a", "an"} & (set(many) - set(few)) or all(SAME_PARTED.fullmatch(word) for word in changed)


def is_acronym(word: str) -> bool:
    """Return True for capitals such as US and WHO, which other words are in small letters."""
    return len(word) > 1 and word.isalpha() and word.isupper()


def is_edited(quoted: Sequence[str], said: Sequence[str], after: Sequence[str] = ()) -> bool:
    """Return True if words differ only as editors of speech change them.

    That is contractions, forms of address, "er", agreement, a dropped "that", and an abbreviation by initials. `after`
    are the words that follow in both: they tell a form of address.
    """
    if after and re.search(rf"\b(?:{HONORABLE})\b", " ".join([*quoted, *said]).lower()):
        quoted, said = [*quoted, *after], [*said, *after]
    if _is_abbreviation(quoted, said) or _is_abbreviation(said, quoted):
        return True
    if after and after[0].lower() in SCANT and {"the"} & {word.lower() for word in (*quoted, *said)}:
        return False
    if "," in (*quoted, *said):
        quoted, said = _leave_out_vocative(quoted), _leave_out_vocative(said)
    mine, its = set(_read_edited(quoted)), set(_read_edited(said))
    return any(_is_same_address(one, other) for one in mine for other in its)


def _leave_out_vocative(words: Sequence[str]) -> list[str]:
    """Leave out a form of address to the chair or the House: Mr. Speaker, my Lords."""
    return VOCATIVE.sub("", " ".join(word for word in words if re.search(r"\w", word)).lower()).split()


def _is_abbreviation(short: Sequence[str], words: Sequence[str]) -> bool:
    """Return True for MoD and Ministry of Defence, and MPs and Members of Parliament."""
    if len(short) != 1 or len(words) < 2 or sum(map(str.isupper, short[0])) < 2:
        return False
    plural = short[0].endswith("s") and words[0].endswith("s")
    letters = (short[0][:-1] if plural else short[0]).lower()
    small = [word for word in words if word.islower() and word not in FUNCTION_WORDS]
    if small and len(letters) < MIN_INITIALS:
        return False
    capitals = "".join(word[0] for word in words if word[0].isupper())
    content = "".join(word[0] for word in words if word[0].isalpha() and word.lower() not in FUNCTION_WORDS)
    every = "".join(word[0] for word in words if word[0].isalpha() and words[0] not in FUNCTION_WORDS)
    return letters in (capitals.lower(), content.lower(), every.lower())


def _read_edited(words: Sequence[str]) -> Iterator[str]:
    """Yield every reading of a few words, with contractions written out and what editors drop left out."""
    choices = [list(_expand_word(word.lower())) for word in words if re.search(r"\w", word)]
    for reading in islice(product(*choices), MAX_READINGS):
        text = HONORIFIC.sub("", " ".join(reading)).replace("in order to", "to")
        text = DETERMINER.sub(DETERMINED, text)
        kept = (AGREEING.get(word, word) for word in text.split() if word not in FILLERS)
        yield " ".join(map(fold_spelling, kept))


def rewrite_contractions(text: str) -> Iterator[str]:
    """Yield a folded text with its contractions written out, and with them made."""
    pronoun = "(I|[Ii]t|[Hh]e|[Ss]he|[Ww]e|[Tt]hey|[Yy]ou|[Tt]hat|[Tt]here)"
    written = re.sub(r"\b(is|are|was|were|do|does|did|have|has|had|would|could|should)n't\b", r"\1 not", text)
    written = re.sub(r"\bcan't\b", "cannot", re.sub(r"\bwon't\b", "will not", written))
    yield written
    for ending, words in SHORT_ENDINGS:
        written = re.sub(rf"\b{pronoun}{ending}\b", rf"\1 {words}", written)
    yield written
    contracted = re.sub(r"\b(is|are|was|were|do|does|did|have|has|had|would|could|should) not\b", r"\1n't", text)
    contracted = re.sub(r"\b(?:cannot|can not)\b", "can't", re.sub(r"\bwill not\b", "won't", contracted))
    yield contracted
    for ending, words in SHORT_ENDINGS:
        text = re.sub(rf"\b{pronoun} {words}\b", rf"\1{ending}", text)
    yield text


def _expand_word(word: str) -> Iterator[str]:
    yield CONTRACTIONS.get(word, word)
    for ending, expanded in ENDED.items():
        if word.endswith(ending) and word not in CONTRACTIONS and len(word) > len(ending):
            yield from (f"{word.removesuffix(ending)} {each}" for each in expanded)


def _is_same_address(one: str, other: str) -> bool:
    """Return True if two readings are the same, or differ by a form of address in place of a pronoun."""
    if one.replace(DETERMINED, "") == other.replace(DETERMINED, ""):
        return True
    if any(
        MEN.search(a) and WOMEN.search(b) and not (MEN.search(b) or WOMEN.search(a))
        for a, b in ((one, other), (other, one))
    ):
        return False
    for direct, indirect in ((one, other), (other, one)):
        if THIRD.search(direct) and FULL_ADDRESS.search(indirect) and not FULL_ADDRESS.search(direct):
            return THIRD.sub("\x05", direct) == FULL_ADDRESS.sub("\x05", THIRD.sub("\x05", indirect))
        if SECOND.search(direct) and (FULL_ADDRESS.search(indirect) or THIRD.search(indirect)):
            return SECOND.sub("\x05", direct) == FULL_ADDRESS.sub("\x05", THIRD.sub("\x05", indirect))
    return False


def count_negations(text: str) -> Counter[str]:
    """Count the negations of a text, contracted or not."""
    found = re.findall(r"\w+(?:['’]\w+)*", text)
    return Counter(
        "not" if word.lower().replace("’", "'").endswith("n't") or word.lower() == "cannot" else word.lower()
        for word in found
        if NEGATION.fullmatch(word.replace("’", "'"))
    )


def find_weighty_words(text: str, begins_sentence: bool = False) -> list[str]:
    """List the words of a text that must not be left out: negations first, then figures, names, units and others."""
    found = WEIGHTY.findall(text)
    negations = [word for word in found if NEGATION.fullmatch(word.replace("’", "'"))]
    figures = [word for word in found if _is_figure(word)]
    names = [word for n, word in enumerate(found) if _is_name(word) and (n or not begins_sentence or is_acronym(word))]
    units = [word for word in found if word.lower().replace(" ", "") in UNITS or SIGNS.fullmatch(word)]
    conditions = [word for word in found if CONDITION.fullmatch(word)]
    reversing = [word for word in found if REVERSING.fullmatch(word)]
    return list(dict.fromkeys([*negations, *figures, *names, *units, *conditions, *reversing]))


def _is_figure(word: str) -> bool:
    if any(map(str.isnumeric, word)):
        return True
    return (word.lower() in VALUES and word.lower() != "one") or word.lower() in SHARES


def _is_name(word: str) -> bool:
    plain = re.split("['’]", word)[0]
    ordinary = plain in TITLES or (plain.lower() in FUNCTION_WORDS and not is_acronym(plain))
    return plain[0].isupper() and not ordinary


def find_content_words(text: str, keep_address: bool = False) -> list[str]:
    """List the words of a text, as written, that a pronoun, an article or a form of address could not stand for.

    `keep_address` lists forms of address too.
    """
    plain = re.sub(r"[^\w'’%]+", " ", text)
    if not keep_address:
        for pattern in (HONORIFIC, ADDRESS):
            plain = re.sub(pattern.pattern, " ", plain, flags=re.IGNORECASE)
    return [word for word in plain.split() if word.lower() not in FUNCTION_WORDS or is_acronym(word)]


def has_reversal(bracketed: str) -> bool:
    """Return True for words in brackets that turn what stands beside them, such as [dis], [far from]."""
    return bool(REVERSAL.fullmatch(" ".join(bracketed.strip("[] ").split())))
