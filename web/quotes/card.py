"""The card of a quote: a picture of 1200 by 630 pixels that other sites show beside a link to it.

Pillow and the font are imported here alone, and this module only when a card is asked for. A card is drawn once and
kept; one is drawn at a time, and few may wait, so that requests cannot keep the server drawing.
"""

import io
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import as_file, files
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from db.citation import format_date
from db.records.annotation import PROVEN
from db.sqlite import Row
from web.http.pages import ServerBusy
from web.quotes.card_words import cut_words

SIZE = WIDTH, HEIGHT = 1200, 630
LEFT, RIGHT = 90, 1110
TOP, BOTTOM = 66, 424  # of the words
PAPER, INK, QUIET, RULE = "#fffdf9", "#171612", "#57534a", "#d8d2c4"
ACCENTS = {"commons": "#14663a", "lords": "#a31f2b"}
FONT_SIZES = (92, 80, 70, 62, 56, 50, 45, 40, 36, 33)
NOTICE_SIZES = (56,)
LINE_HEIGHT = 1.28
MOST_WORDS = range(640, 200, -40)  # characters of a quote, of which the first fit at the smallest size
MOST_LINE = 200  # characters of any other line
DRAWN = 96  # cards that are kept, of some 40 kB each
MOST_WAITING = 6  # cards that may wait to be drawn
TOO_LONG = "Read the whole quote in its debate."
CHANGED = "The wording in Hansard has changed since these words were quoted."


class CardText(NamedTuple):
    """The text of a card; `words` is "" where no words may be shown, and `notice` is shown in their place or beside."""

    words: str
    notice: str
    speaker: str
    day: str
    point: str
    reading: str
    house: str
    site: str


def make_card_text(note: Row, speech: Row, debate: Row, notice: str = "") -> CardText:
    """Choose what the card of a quote says: its words only if they are the speaker's; `notice` is the archive's."""
    proven = note["anchor"] in PROVEN
    words = _cut_to_fit(note["exact"]) if proven and can_draw(note["exact"]) else ""
    role = ", ".join(part for part in (speech.get("party"), speech.get("constituency")) if part)
    return CardText(
        words=words,
        notice="" if words else TOO_LONG if proven else CHANGED,
        speaker=f"{speech.get('speaker') or 'The record'}{f' ({role})' if role else ''}",
        day=f"{format_date(speech.get('date'))}, {debate.get('title') or note['target']}",
        point=note["point_title"],
        reading=note["reading"],
        house=debate.get("house") or "",
        site=f"Dispatch Box · {notice}" if notice else "Dispatch Box",
    )


def _cut_to_fit(words: str) -> str:
    """Cut the words of a quote so that they fit; "" where no beginning of them can stand by itself."""
    cuts = (cut_words(words, most) for most in MOST_WORDS)
    return next((cut for cut in cuts if not cut or _find_size(f"“{cut}”", FONT_SIZES[-1:])), "")


class CardPress:
    """Draws cards one at a time, and refuses when too many wait."""

    def __init__(self) -> None:
        self._lock, self._places = threading.Lock(), threading.BoundedSemaphore(MOST_WAITING)

    def draw(self, text: CardText) -> bytes:
        """Return the PNG of a card. Raises ServerBusy."""
        if not self._places.acquire(blocking=False):
            raise ServerBusy("too many pictures are being drawn: try again in a moment")
        try:
            with self._lock:
                return draw_card(text)
        finally:
            self._places.release()


PRESS = CardPress()


@lru_cache(maxsize=DRAWN)
def draw_card(text: CardText) -> bytes:
    """Draw a card as PNG."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    accent = ACCENTS.get(text.house, INK)
    draw.rectangle((0, 0, 24, HEIGHT), fill=accent)
    quoted = f"“{text.words}”" if text.words else text.notice
    size = _find_size(quoted, FONT_SIZES if text.words else NOTICE_SIZES) or FONT_SIZES[-1]
    _draw_lines(draw, quoted, size, INK if text.words else QUIET)
    draw.line((LEFT, 452, RIGHT, 452), fill=RULE, width=2)
    _draw_line(draw, 470, text.speaker, load_font(34, 600), INK)
    _draw_line(draw, 516, text.day, load_font(27, 400), QUIET)
    _draw_reading(draw, text, accent)
    return _encode(image)


def draw_site_card(name: str, about: str) -> bytes:
    """Draw the card of pages that are no quote, which is kept as web/static/card.png."""
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 24, HEIGHT), fill=ACCENTS["commons"])
    draw.text((LEFT, 150), name, font=load_font(96, 600), fill=INK)
    for n, line in enumerate(_wrap(about, load_font(44, 400))):
        draw.text((LEFT, 300 + n * 56), line, font=load_font(44, 400), fill=QUIET)
    return _encode(image)


def _draw_lines(draw: ImageDraw.ImageDraw, words: str, size: int, colour: str) -> None:
    """Draw the words of a quote in the middle of their place."""
    font, step = load_font(size, 400), size * LINE_HEIGHT
    lines = _wrap(words, font)
    top = TOP + (BOTTOM - TOP - len(lines) * step) / 2
    for n, line in enumerate(lines):
        draw.text((LEFT, top + n * step), line, font=font, fill=colour)


def _draw_reading(draw: ImageDraw.ImageDraw, text: CardText, accent: str) -> None:
    """Draw the reading, underlined as pages do, its point, and the name of the site."""
    top, bold, plain = 566, load_font(27, 600), load_font(27, 400)
    word = text.reading.capitalize()
    draw.text((LEFT, top), word, font=bold, fill=INK)
    end = LEFT + draw.textlength(word, font=bold)
    _underline(draw, LEFT, end, top + 37, text.reading, accent)
    site = _clip(draw, text.site, bold, (RIGHT - LEFT) / 2)
    right = RIGHT - draw.textlength(site, font=bold)
    draw.text((right, top), site, font=bold, fill=accent)
    point = _clip(draw, f"on {text.point}", plain, right - end - 50)
    draw.text((end + 12, top), point, font=plain, fill=INK)


def _underline(draw: ImageDraw.ImageDraw, start: float, end: float, y: float, reading: str, colour: str) -> None:
    """Draw a line: solid for said, dashed for implied, wavy for contradicts."""
    if reading == "said":
        draw.line((start, y, end, y), fill=colour, width=3)
    elif reading == "implied":
        for x in range(int(start), int(end), 16):
            draw.line((x, y, min(x + 9, end), y), fill=colour, width=3)
    else:
        wave = [(x, y + (2 if n % 2 else -2)) for n, x in enumerate(range(int(start), int(end) + 1, 6))]
        draw.line(wave, fill=colour, width=3, joint="curve")


def _draw_line(draw: ImageDraw.ImageDraw, top: int, words: str, font: ImageFont.FreeTypeFont, colour: str) -> None:
    draw.text((LEFT, top), _clip(draw, words, font, RIGHT - LEFT), font=font, fill=colour)


def _clip(draw: ImageDraw.ImageDraw, words: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Cut a line after a word so that it fits a width."""
    line = " ".join(_replace_missing(words[:MOST_LINE]).split())
    while line and draw.textlength(line, font=font) > width:
        line = f"{line.removesuffix(' …').rpartition(' ')[0]} …" if " " in line.removesuffix(" …") else line[:-2]
    return line


def _find_size(words: str, sizes: Sequence[int]) -> int:
    """Return the largest size at which words fit their place, none broken but at the smallest; 0 if none."""
    return next((size for size in sizes if _fits(words, size, broken=size == sizes[-1])), 0)


def _fits(words: str, size: int, broken: bool) -> bool:
    font = load_font(size, 400)
    whole = broken or all(font.getlength(word) <= RIGHT - LEFT for word in _replace_missing(words).split())
    return whole and len(_wrap(words, font)) * size * LINE_HEIGHT <= BOTTOM - TOP


def _wrap(words: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    left = 0.0
    for word in (part for each in _replace_missing(words).split() for part in _break_word(each, font)):
        needed = font.getlength(f" {word}")
        if not lines or needed > left:
            lines, left = [*lines, word], RIGHT - LEFT - font.getlength(word)
        else:
            lines[-1], left = f"{lines[-1]} {word}", left - needed
    return lines


def _break_word(word: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Return a word, or the parts that each fit a line of one that is too long, such as an address."""
    if font.getlength(word) <= RIGHT - LEFT:
        return [word]
    parts, left = [""], float(RIGHT - LEFT)
    for sign in word:
        width = font.getlength(sign)
        if width > left:
            parts, left = [*parts, ""], float(RIGHT - LEFT)
        parts[-1], left = parts[-1] + sign, left - width
    return parts


def _replace_missing(words: str) -> str:
    """Put the letter without its mark for each sign that the font does not have, or "?"."""
    return "".join(each if each.isspace() or has_sign(each) else _strip_marks(each) for each in words)


def _strip_marks(sign: str) -> str:
    base = unicodedata.normalize("NFKD", sign)[0]
    return "" if _is_invisible(sign) else base if has_sign(base) else "?"


def _is_invisible(sign: str) -> bool:
    """Return True for marks over other letters, and for controls such as those of the direction of writing."""
    return bool(unicodedata.combining(sign)) or unicodedata.category(sign)[0] == "C"


def can_draw(words: str) -> bool:
    """Return True if the font has the letters of words: a quote with "?" in their place would be a false one."""
    drawn = _replace_missing(words)
    return any(map(str.isalnum, drawn)) and drawn.count("?") == words.count("?")


@lru_cache(maxsize=4096)
def has_sign(sign: str) -> bool:
    """Return True if the font has a sign: it draws the box of a missing one for no other."""
    font = load_font(FONT_SIZES[-1], 400)
    if sign.isascii():
        return sign.isprintable()
    return bytes(font.getmask(sign)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=24)
def load_font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    """Load Source Serif at a size in pixels and a weight; its optical size follows."""
    with as_file(files("fontpkg_source_serif_4") / "files" / "SourceSerif4[opsz,wght].ttf") as path:
        font = ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight, min(60, max(8, size))])
    return font


def _encode(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.quantize(64, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(file, "PNG", compress_level=5)
    return file.getvalue()
