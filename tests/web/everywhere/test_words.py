"""Hold every text that people read to plain English and one vocabulary: quote, note, mention, point, reading."""

import re

from tests.support.strings import read_everything

# What we do not say, and what we say instead
WORDS = {
    r"passages?": "quote",
    r"noughts?": "0, or leave it out",
    r"(?<!\")nobody": "no one, or say it without",
    r"somebody": "someone",
    r"anybody": "anyone",
    r"whence|hitherto|thereof|therein|wherein|hereby|whilst|amongst|upon|anew|shall": "today's word",
    r"bears? on|bearing on|borne on": "is about; says, implies or contradicts",
    r"(?:not )?all is (?:not )?well": "up to date; update incomplete",
    r"(?:ends?|ended|ending|went) (?:well|badly)": "finished, failed",
    r"(?:was|were|is|be|been) had\b(?! to)": "fetched, received",
    r"(?:was|were|is|are|be|been) told": "says, shows",
    r"mend(?:s|ed|ing)?": "fix, put right",
    r"(?:topics?|it) (?:was|were|is|are) named|names? (?:a|the|no|this) topics?|named it|who named": "mention",
    r"(?<!')propos(?:e|es|ing|als?|ed(?!,| AND))": "suggest, suggestion",
    r"parted by": "separated by",
    r"letters? [a-z]\b(?!')|(?:newer|older|highest|latest|later) letters?|letter of (?:the|a) (?:file|day)": "revision",
    r"(?:take|takes|took|taken|taking) (?:it|this debate|a debate|the debate) blind": "annotate blind",
    r"said to have said": "Quotation to check",
    r"may be left out": "(optional)",
    r"this moment": "at the moment, right now",
    r"(?:words?|quotes?|they|it|what|that|which|readings?) (?:do not |does not |no longer |now |still |may |must )?"
    r"(?:stands?|stood)": "are in, appear in",
    r"(?:stands?|stood) (?:there|here|in|on|beside|now|twice)": "is there, appears in",
    r"grave(?:r|st|ly)?": "serious",
    r"said the like": "said something similar",
    r"begin again|go on with|go on blind": "start again, continue",
    r"may be asked|machines were asked|record was asked|sources were asked|ask a ready question": "parameters; update",
    r"will not do": "is not allowed",
    r"how (?:surely|it went|it stands)|what came": "how certain; result",
    r"wait(?:s|ed)? for a person": "needs review",
    r"fell silent": "stopped responding",
    r"addresses for programs|keys of this site|verify a quote|as it stood on a day": "API; Check a quote",
    r"what you may do|what people did|\d+ acts?": "Actions; History",
    r"look only|take it blind": "Check the words; Annotate blind",
    r"what reads it": "Interpreted by",
    r"nearest (?:passage|words)|which is not the quotation": "Closest match",
    r"no gap is open|everything that was asked for": "None",
    r"so many (?:worker|other)": "this many",
    r"struck through stands": "struck through: only in the earlier version",
    r"found by a name": "people are matched by id",
    r"there is no (?:gid|id|number)": "not found",
    r"the whole walk": "everything",
}
FORBIDDEN = re.compile(rf"\b(?:{'|'.join(f'({pattern})' for pattern in WORDS)})\b", re.IGNORECASE)
BETTER = list(WORDS.values())
# Words of code, formats and the API; on pages and the command line they are notes and quotes
CODE_WORDS = re.compile(
    r"(?<!web )(?<!\w/)\bannotations?\b(?![-/._]|::)|(?<!written )(?<!ministerial )\bstatements?\b(?![./_])",
    re.IGNORECASE,
)
PAGES = re.compile(
    r"web/.*\.(html|js)|(dispatch_box|scrapers/cli|annotations/cli|accounts|web/__main__|export/__main__).*"
)
FORMATS = re.compile(r"web/(api|exported)/|annotations/cli/exchange")
NOT_SHOWN = {
    "CHANGELOG.md",  # says what was, in the words of its day
    "annotations/text/difference_grade.py",  # lists of English words
    "annotations/verification/personal_names.py",
    "web/quotes/card_words.py",
}


def test_no_text_that_people_read_says_what_we_do_not_say():
    texts = [text for text in read_everything() if text.file not in NOT_SHOWN]
    assert len(texts) > 3000
    found = [
        f"{text.file}:{text.line}: {hit[0]!r} (say: {BETTER[hit.lastindex - 1]}) in {text.text[:120]!r}"
        for text in texts
        for hit in FORBIDDEN.finditer(text.text)
    ]
    shown = [text for text in texts if PAGES.match(text.file) and not FORMATS.match(text.file)]
    found += [f"{t.file}:{t.line}: {hit[0]!r} in {t.text[:120]!r}" for t in shown if (hit := CODE_WORDS.search(t.text))]
    assert not found, "\n".join(found)
