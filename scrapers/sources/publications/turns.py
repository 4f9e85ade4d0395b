"""The headings, speeches and divisions of a page, made from its blocks as in TheyWorkForYou's XML."""

from copy import deepcopy
from itertools import dropwhile

from lxml import etree

from db.gid import make_hansard_gid
from db.records.hansard import Division, Heading, Speech, SpeechKind
from scrapers.parsing.markup import collapse_space, read_as_line, read_text_and_markup
from scrapers.scope.kinds import WRITTEN_ANSWERS
from scrapers.sources.publications.division_lists import DIVIDES, DIVISION, TOTALS, PrintedVotes, split_lines
from scrapers.sources.publications.page_blocks import PARLIAMENT_NUMBER, PageBlock
from scrapers.sources.publications.paragraphs import make_paragraphs, restore_beginning, split_question
from scrapers.sources.publications.print_conventions import (
    CHAIR,
    find_heading_level,
    format_column,
    is_front_matter,
    is_question,
    is_turn_beginning,
    parse_time,
    split_attribution,
)

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "center"})


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
        numbers = [number for p in self.root if (number := p.get("qnum"))]
        return " ".join(numbers) or None if self.kind == "question" and (written or self.first.number) else None


class TurnReader:
    """A reader of blocks; after `close`, `items` holds all headings, speeches and divisions of the page."""

    def __init__(self, kind: str, date: str) -> None:
        self.kind = kind
        self.date = date
        self.items: list[Heading | Speech | Division] = []
        self.continued = False
        self.turn: _OpenTurn | None = None
        self.time: str | None = None
        self.is_front_page = False  # True if the page begins a day
        self.chair = ""
        self.tally: tuple[PageBlock, str, PrintedVotes] | None = None
        self.totals: tuple[int, int] | None = None
        self.last_anchor = ""

    def read_block(self, block: PageBlock) -> None:
        """Read the next block. Raises ValueError if it makes no sense here."""
        for each in self._skip_votes(block):
            text = collapse_space(f"{each.number} {each.bold} {read_as_line(each.element)}")
            if each.tag in HEADINGS:
                self._read_heading_line(each, text)
            else:
                self._read_paragraph(each, text)
            self.last_anchor = each.names[-1] if each.names else self.last_anchor

    def close(self) -> None:
        """End the turn and the division list that are still open."""
        self._end_turn()
        self._end_tally()

    def _skip_votes(self, block: PageBlock) -> list[PageBlock]:
        """Return the block, or the lines of it that follow an open division list."""
        if self.tally is None:
            return [block]
        rows = list(split_lines(deepcopy(restore_beginning(block)))) if block.tag in ("loose", "center") else []
        rest = list(dropwhile(self.tally[2].read_line, rows))
        if rows and not rest:
            return []
        self._end_tally()
        if len(rest) == len(rows):
            return [block]
        return [block._replace(tag="p", number="", bold="", element=row) for row in rest]

    # --- headings

    def _read_heading_line(self, block: PageBlock, text: str) -> None:
        if block.tag == "h5" and (time := parse_time(text, self.time)):
            self.time = time
        elif match := DIVISION.fullmatch(text):
            self._end_turn()
            self.tally = block, match[1], PrintedVotes()
        elif is_front_matter(block, text):
            self._end_turn()
            self.is_front_page = True
        elif self.is_front_page and not self.items and not self.turn and CHAIR.fullmatch(text):
            self.chair = text
        elif level := find_heading_level(self.kind, block, text):
            self._end_turn()
            self._add_heading(block, level, text)
        else:  # "The Minister was asked—"
            self._end_turn()
            self._read_paragraph(block, text)

    def _add_heading(self, block: PageBlock, level: int, text: str) -> None:
        numbers = _list_numbers(block)
        if self.chair and self.kind == "westminhall":
            text, self.chair = f"{self.chair} — {text}", ""
        self.items.append(
            Heading(
                gid=self._make_gid(block, numbers[-1:], self.last_anchor),
                level=level,
                text=text,
                column=format_column(self.kind, block.column),
                time=self.time,
                hansard_url=self._make_url(block, block.names[-1] if block.names else ""),
                oldstyle_gid=None,
                section_id=numbers[-1] if numbers else None,
            )
        )

    # --- turns

    def _read_paragraph(self, block: PageBlock, text: str) -> None:
        if is_turn_beginning(block):
            self._end_turn()
            self.turn = _OpenTurn(block, self._find_speech_kind(block), self.time, True, self.last_anchor)
        else:
            block = block._replace(element=restore_beginning(block), number="", bold="")
            if DIVIDES.match(text):  # ends the last speech
                self._end_turn()
            if not self.turn:
                continues = not (self.items or self.is_front_page)
                self.continued = self.continued or continues
                kind = self._find_speech_kind(block) if continues else "procedural"
                self.turn = _OpenTurn(block, kind, self.time, False, self.last_anchor)
        if match := TOTALS.search(text):
            self.totals = int(match[1]), int(match[2])
        self.turn.root.extend(make_paragraphs(block, self.turn.kind))

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
        self.items.append(self._make_speech(turn))

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
        (block, number, tally), self.tally = self.tally, None
        if not self.totals:
            raise ValueError(f"line {block.line}: division {number} has no totals before it")
        ayes, noes = self.totals
        self.totals = None
        self.items.append(
            Division(
                gid=make_hansard_gid(
                    self.date, f"{(_list_numbers(block) or [self.last_anchor])[-1]}.division-{number}"
                ),
                number=number,
                ayes=ayes,
                noes=noes,
                votes=tuple(tally.votes),
                time=self.time,
                column=format_column(self.kind, block.column),
                hansard_url=self._make_url(block, (block.names or (self.last_anchor,))[-1]),
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
