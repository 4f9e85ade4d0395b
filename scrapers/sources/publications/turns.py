"""The headings, speeches and divisions of a page, made from its blocks as in TheyWorkForYou's XML."""

from collections import Counter
from copy import deepcopy
from itertools import dropwhile
from typing import NamedTuple

from lxml import etree

from db.gid import HANSARD_GID_PATTERN, make_hansard_gid
from db.records.hansard import Division, Heading, Item, Speech, SpeechKind
from db.records.source import RefusedUnit
from scrapers.parsing.clock_times import parse_printed_time
from scrapers.parsing.markup import Element, collapse_space, read_as_line, read_text_and_markup
from scrapers.scope.kinds import WRITTEN_ANSWERS
from scrapers.sources.publications.division_lists import (
    DIVIDES,
    DIVISION,
    TOTALS,
    PrintedVotes,
    is_printed_vote,
    split_lines,
)
from scrapers.sources.publications.page_blocks import HEADING_TAGS, PARLIAMENT_NUMBER, PageBlock
from scrapers.sources.publications.paragraphs import complete_name, make_paragraphs, restore_beginning, split_question
from scrapers.sources.publications.print_conventions import (
    CHAIR,
    HEADING_ANCHOR,
    PARAGRAPH_ANCHOR,
    TIME_LIKE,
    classify_beginning,
    find_heading_level,
    format_column,
    is_front_matter,
    is_marked,
    is_question,
    split_attribution,
)
from scrapers.sources.publications.question_numbers import parse_place

HEADINGS = HEADING_TAGS | {"center"}
MAX_LINE = 60  # characters in a time or in the heading of a division


class _OpenTurn:
    """A turn that is being read; without a name it is procedure, or continues a turn of the page before."""

    def __init__(self, block: PageBlock, kind: SpeechKind, time: str | None, named: bool, previous_anchor: str) -> None:
        self.first = block
        self.previous_anchor = previous_anchor  # the last anchor before it
        self.kind = kind
        self.time = time
        self.named = named
        self.root = etree.Element("speech")

    def question_number(self, written: bool) -> str | None:
        place = parse_place(self.first.number) if self.named else None
        before = [place.own_number] if place and place.own_number else []
        numbers = [*before, *(number for p in self.root if (number := p.get("qnum")))]
        return " ".join(numbers) or None if self.kind == "question" and (written or self.first.number) else None


class _OpenRefusal(NamedTuple):
    """A refused unit whose end has not come yet: its first line, its place in `refused`, and what is in it.

    `level` is that of a heading, None for a turn; `within` has the addresses of what stands below the heading.
    """

    line: int
    number: int
    level: int | None
    within: list[str]


class _OpenDivision(NamedTuple):
    """A division whose list is being read, with the block of its heading."""

    block: PageBlock
    number: str
    votes: PrintedVotes


class TurnReader:
    """A reader of blocks; after `close`, `items` holds all headings, speeches and divisions of the page.

    What is not recognised is in `refused`, and in no item. `continued` is True if the first item goes on from the page
    before, and `begins_paragraph` if it does so with a new paragraph.
    """

    def __init__(self, kind: str, date: str) -> None:
        self.kind = kind
        self.date = date
        self.items: list[Item] = []
        self.refused: list[RefusedUnit] = []
        self.skipping: _OpenRefusal | None = None
        self.line = 0  # of the block that is being read
        self.continued = self.begins_paragraph = False
        self.turn: _OpenTurn | None = None
        self.time: str | None = None
        self.is_front_page = False  # True if the page begins a day
        self.chair = ""
        self.tally: _OpenDivision | None = None
        self.totals: tuple[int, int] | None = None
        self.last_anchor = ""

    def read_block(self, block: PageBlock) -> None:
        """Read the next block, or refuse it, with the rest of its turn or its debate."""
        self.line = block.line
        for each in self._skip_votes(block):
            text = collapse_space(f"{each.number} {each.bold} {read_as_line(each.element)}")
            if each.unknown:
                self._refuse_unknown_element(each, text)
            elif self._read_division_heading(each, text) or self._read_time(each, text):
                pass
            elif each.tag in HEADINGS and not is_marked(each) and text:  # it may hold soft hyphens alone
                self._read_heading_line(each, text)
            elif text:
                self._read_paragraph(each, text)
            self.last_anchor = each.names[-1] if each.names else self.last_anchor

    def close(self, last_line: int) -> None:
        """End the turn and the division list that are still open, and refuse items that share a number."""
        self._end_turn()
        self._end_tally()
        self.line = last_line + 1
        self._end_skipping()
        counts = Counter(item.gid for item in self.items)
        if len(counts) < len(self.items):
            twins = {gid for gid, count in counts.items() if count > 1}
            self.items = [item for item in self.items if item.gid not in twins]
            self.refused += [
                RefusedUnit(
                    unit="item",
                    place=f"number {gid.rpartition('/')[2]}",
                    reason=f"the number of {gid} occurs twice",
                    gid=gid,
                )
                for gid in sorted(twins)
            ]

    def _skip_votes(self, block: PageBlock) -> list[PageBlock]:
        """Return the block, or the lines of it that follow an open division list."""
        if self.tally is None:
            return [block]
        ends = is_marked(block) or block.tag in ("h1", "h2", "h3") or bool(block.unknown)
        ends = ends or any(map(HEADING_ANCHOR.search, block.names))
        rows = [] if ends else list(split_lines(deepcopy(restore_beginning(block))))
        rest = list(dropwhile(self._read_vote, rows))
        if rows and not rest:
            return []
        self._end_tally()
        if len(rest) == len(rows):
            return [block]
        return [block._replace(tag="p", number="", bold="", element=row) for row in rest]

    def _read_vote(self, row: Element) -> bool:
        """Read a line of a division list, or refuse it as long as names are wanting; return False after the list."""
        if self.tally is None or self.tally.votes.read_line(row):
            return self.tally is not None
        words = read_as_line(row)
        if self.tally.votes.is_complete() or words[-1:] in ".—:" or not self.tally.votes.side:
            return False
        reason = f"a line of the list of division {self.tally.number} is no name: {words[:60]!r}"
        self.refused.append(RefusedUnit(unit="item", place=f"line {self.line}", reason=reason))
        return True

    # --- what is refused

    def _refuse(self, block: PageBlock, reason: str, level: int | None = None) -> None:
        """Refuse what a block begins: a turn, or all debates below a heading of a level."""
        self._end_skipping()
        gid = self._make_gid(block, _list_numbers(block)[:1], self.last_anchor)
        known = gid if HANSARD_GID_PATTERN.fullmatch(gid) else None
        heading = next((item.gid for item in reversed(self.items) if isinstance(item, Heading)), None)
        self.skipping = _OpenRefusal(block.line, len(self.refused), level, [])
        self.refused.append(
            RefusedUnit(
                unit="item" if level is None else "debate",
                place=f"line {block.line}",
                reason=reason,
                gid=known,
                debate_gid=heading if level is None else known,
            )
        )

    def _end_skipping(self) -> None:
        """End a refused unit before this line."""
        if self.skipping:
            start, number, _, within = self.skipping
            place = f"lines {start} to {self.line - 1}" if self.line - 1 > start else f"line {start}"
            self.refused[number] = self.refused[number]._replace(place=place, within=tuple(within))
        self.skipping = None

    def _is_in_refused_debate(self, block: PageBlock, level: int = 9) -> bool:
        """Return True for a turn, or a heading of a level, below a refused heading, and keep its address."""
        if not self.skipping or self.skipping.level is None or level <= self.skipping.level:
            return False
        if numbers := _list_numbers(block):
            self.skipping.within.append(make_hansard_gid(self.date, numbers[-1 if level < 9 else 0]))
        return True

    def _refuse_unknown_element(self, block: PageBlock, text: str) -> None:
        """Refuse the turn that a block with an unknown element begins or goes on, or the debate of a heading."""
        reason = f"unknown element <{block.unknown}>"
        if block.tag in HEADING_TAGS and not is_marked(block):
            level = find_heading_level(self.kind, block, text) or 3
            if not self._is_in_refused_debate(block, level):
                self._end_turn()
                self._refuse(block, reason, level)
        elif self._is_in_refused_debate(block):
            return
        elif not self.turn or classify_beginning(self.kind, block) != "further":
            self._end_turn()
            self._refuse(block, reason)
        else:
            self._refuse(self.turn.first, reason)
            self.turn = None

    # --- headings

    def _read_division_heading(self, block: PageBlock, text: str) -> bool:
        match = DIVISION.fullmatch(text) if len(text) < MAX_LINE else None
        if not match or is_marked(block) or self._is_in_refused_debate(block):
            return False
        self._end_turn()
        self._end_skipping()
        self.time = parse_printed_time(match[2] or "", self.time) or self.time
        self.tally, self.totals = _OpenDivision(block, match[1], PrintedVotes(self.totals)), None
        return True

    def _read_time(self, block: PageBlock, text: str) -> bool:
        """Read a line that is a time of day; one that only looks so costs the time."""
        if len(text) > MAX_LINE or is_marked(block) or (block.tag not in HEADINGS and (block.names or block.bold)):
            return False
        time = parse_printed_time(text, self.time)
        if not time and not (block.tag in HEADINGS and TIME_LIKE.fullmatch(text)):
            return False
        self.time = time
        if not time:
            self.refused.append(RefusedUnit(unit="item", place=f"line {block.line}", reason=f"unknown time {text!r}"))
        return True

    def _read_heading_line(self, block: PageBlock, text: str) -> None:
        if is_front_matter(block, text):
            self._end_turn()
            self.is_front_page = True
        elif self.is_front_page and not self.items and not self.turn and CHAIR.fullmatch(text):
            self.chair = text
        elif level := find_heading_level(self.kind, block, text):
            if self._is_in_refused_debate(block, level):
                return
            self._end_turn()
            self._end_skipping()
            self._add_heading(block, level, text)
        else:  # "The Minister was asked—"
            self._end_turn()
            self._read_paragraph(block, text)

    def _add_heading(self, block: PageBlock, level: int, text: str) -> None:
        numbers = _list_numbers(block)
        if self.chair and self.kind == "westminhall":
            text, self.chair = f"{self.chair} — {text}", ""
        heading = Heading(
            gid=self._make_gid(block, numbers[-1:], self.last_anchor),
            level=level,
            text=text,
            column=format_column(self.kind, block.column),
            time=self.time,
            hansard_url=self._make_url(block, block.names[-1] if block.names else ""),
            oldstyle_gid=None,
            section_id=numbers[-1] if numbers else None,
        )
        if HANSARD_GID_PATTERN.fullmatch(heading.gid):
            self.items.append(heading)
        else:
            self._refuse(block, f"{block.names[-1:]!r:.60} is no number of a heading", level)

    # --- turns

    def _read_paragraph(self, block: PageBlock, text: str) -> None:
        if self._is_in_refused_debate(block):
            return
        beginning = classify_beginning(self.kind, block)
        if beginning != "further" or DIVIDES.match(text):  # these end the last speech
            self._end_turn()
            self._end_skipping()
        if beginning == "unknown":
            self._refuse(block, f"a turn seems to begin here, but its speaker is not understood: {text[:60]!r}")
        elif beginning == "turn":
            block = complete_name(block)
            self.turn = _OpenTurn(block, self._find_speech_kind(block), self.time, True, self.last_anchor)
        elif not self.skipping:
            block = block._replace(element=restore_beginning(block), number="", bold="")
            self.turn = self.turn or self._open_nameless_turn(block)
        if match := TOTALS.search(text):
            self.totals = int(match[1]), int(match[2])
        if self.turn:
            self.turn.root.extend(make_paragraphs(block, self.turn.kind))

    def _open_nameless_turn(self, block: PageBlock) -> _OpenTurn | None:
        """Open a turn of procedure, or one that goes on from the page before; refuse the rest of a division list."""
        if self.items or self.is_front_page or self.refused:
            return _OpenTurn(block, "procedural", self.time, False, self.last_anchor)
        if all(is_printed_vote(read_as_line(row)) for row in split_lines(deepcopy(block.element))):
            self._refuse(block, "a list of names is here without its division")
            return None
        self.continued = True
        self.begins_paragraph = any(map(PARAGRAPH_ANCHOR.match, block.names))
        return _OpenTurn(block, self._find_speech_kind(block), self.time, False, self.last_anchor)

    def _find_speech_kind(self, block: PageBlock) -> SpeechKind:
        if is_question(block):
            return "question"
        if self.kind not in WRITTEN_ANSWERS:
            return "speech"
        return "question" if read_as_line(block.element).startswith(("To ask ", "asked ")) else "answer"

    def _end_turn(self) -> None:
        turn, self.turn = self.turn, None
        if not turn:
            return
        split_question(turn.root)
        speech = self._make_speech(turn)
        if HANSARD_GID_PATTERN.fullmatch(speech.gid):
            self.items.append(speech)
        else:
            self._refuse(turn.first, f"{turn.first.names[-1:]!r:.60} is no number of a turn")

    def _make_speech(self, turn: _OpenTurn) -> Speech:
        block, numbers = turn.first, _list_numbers(turn.first)
        name, office, printed = split_attribution(block.bold) if turn.named else (None, None, None)
        text, markup = read_text_and_markup(turn.root)
        turn_id = numbers[-1] if numbers and turn.named else None
        return Speech(
            gid=self._make_gid(block, numbers[:1], turn.previous_anchor),
            kind=turn.kind,
            speaker=name,
            office=office,
            member_id=None,
            person_id=None,
            question_number=turn.question_number(self.kind in WRITTEN_ANSWERS),
            time=turn.time,
            column=format_column(self.kind, block.column),
            text=text,
            markup=markup,
            hansard_url=self._make_url(block, turn_id or (numbers or [*block.names, turn.previous_anchor])[0]),
            oldstyle_gid=None,
            paragraph_id=numbers[0] if numbers else None,
            turn_id=turn_id,
            attribution=printed,
        )

    # --- divisions

    def _end_tally(self) -> None:
        if self.tally is None:
            return
        (block, number, printed), self.tally = self.tally, None
        last = (_list_numbers(block) or [self.last_anchor])[-1]
        gid = make_hansard_gid(self.date, f"{last}.division-{number}")
        if not printed.totals:
            self.refused.append(
                RefusedUnit(
                    unit="item",
                    place=f"line {block.line}",
                    reason=f"division {number} has no totals before it",
                    gid=gid,
                )
            )
            return
        self.items.append(
            Division(
                gid=gid,
                number=number,
                ayes=printed.totals[0],
                noes=printed.totals[1],
                votes=tuple(printed.votes),
                time=self.time,
                column=format_column(self.kind, block.column),
                hansard_url=self._make_url(block, (block.names or (self.last_anchor,))[-1]),
                damage=printed.describe_mismatch(),
            )
        )

    def _make_gid(self, block: PageBlock, numbers: list[str], previous_anchor: str) -> str:
        """Make a gid from the block's own number, or its last anchor, or its place after the anchor before it."""
        own = numbers or list(block.names[-1:]) or [f"{previous_anchor}.{len(self.items)}"]
        return make_hansard_gid(self.date, own[0])

    def _make_url(self, block: PageBlock, fragment: str) -> str:
        return f"{block.page}#{fragment}" if fragment else block.page


def _list_numbers(block: PageBlock) -> list[str]:
    return [name for name in block.names if PARLIAMENT_NUMBER.fullmatch(name)]
