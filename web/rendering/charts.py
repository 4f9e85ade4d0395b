"""Bar charts over time: where bars, their figures and the labels of the axis stand.

A chart is as wide as the page: what is across is in percent, what is down in pixels, so that letters keep their size.
"""

from collections.abc import Mapping, Sequence
from datetime import date as Date
from itertools import accumulate
from math import ceil
from typing import NamedTuple

from db.citation import HOUSES
from web.rendering.periods import Period

HEIGHT = 120  # of the highest bar, px
MIN_BAR = 3  # height of a bar that is not empty, px
MIN_PANEL = 40  # height of the bars of a kind, px
BAR_SHARE = 0.6  # width of a bar, of that of its period
GAP_SHARE = 0.4  # width of a gap, of that of a month or year
MAX_LABELS = 40  # on the axis
WIDTHS = {8: "few", 16: "some"}  # class of a chart with up to so many periods, by which the page gives it room
ORDER = tuple(dict.fromkeys(HOUSES.values()))  # of the Houses, from the bottom of a bar


class Place(NamedTuple):
    """The place of a period on the axis: where it begins and its width, in percent."""

    period: Period
    x: float
    width: float


class Part(NamedTuple):
    """The part of a bar that counts one House: its top and height in px."""

    house: str
    figure: int
    y: float
    height: float


class Bar(NamedTuple):
    """A bar with the figure above it: `x` and `width` in percent, `y` of its top in px."""

    place: Place
    figure: int
    x: float
    width: float
    y: float
    parts: list[Part]


class Tick(NamedTuple):
    """The label under a period, its middle in percent, and the year if it is the first month of one."""

    place: Place
    middle: float
    label: str
    year: str


class Panel(NamedTuple):
    """The bars of one kind of what is counted, and the height of the highest in px."""

    kind: str
    bars: list[Bar]
    height: float


class Chart(NamedTuple):
    """Panels one above another, over one axis of time; `size` is the class by which the page gives the chart room."""

    panels: list[Panel]
    ticks: list[Tick]
    size: str

    @property
    def axis_height(self) -> int:
        """The height of the labels in px: of one line, or of months and years."""
        return 44 if any(tick.year for tick in self.ticks) else 26


def draw_chart(
    periods: Sequence[Period], counts: Mapping[str, Mapping[str, Mapping[str, int]]], height: int = HEIGHT
) -> Chart:
    """Place the bars of counts by kind, by key of a period and by House; all kinds share one scale."""
    places = _divide_width(periods)
    most = max((sum(houses.values()) for kind in counts.values() for houses in kind.values()), default=0)
    scale = height / (most or 1)
    panels = [_draw_panel(kind, found, places, scale) for kind, found in counts.items()]
    size = next((name for limit, name in WIDTHS.items() if len(periods) <= limit), "many")
    return Chart(panels, _place_ticks(places), size)


def _label_period(period: Period) -> str:
    """Return the label of a month or year on an axis: Jun, or 2008."""
    return f"{Date.fromisoformat(f'{period.key}-01'):%b}" if "-" in period.key else period.key


def _divide_width(periods: Sequence[Period]) -> list[Place]:
    """Give each period its part of the width in percent, a gap less than a month or year."""
    shares = [GAP_SHARE if period.left_out else 1.0 for period in periods]
    step = 100 / (sum(shares) or 1)
    starts = accumulate(shares, initial=0.0)
    return [Place(*each) for each in zip(periods, (s * step for s in starts), (s * step for s in shares), strict=False)]


def _draw_panel(kind: str, found: Mapping[str, Mapping[str, int]], places: Sequence[Place], scale: float) -> Panel:
    tallest = max((sum(houses.values()) for houses in found.values()), default=0) * scale
    height = round(max(tallest, MIN_PANEL))
    filled = [place for place in places if found.get(place.period.key)]
    return Panel(kind, [_place_bar(place, found[place.period.key], scale, height) for place in filled], height)


def _place_bar(place: Place, houses: Mapping[str, int], scale: float, height: int) -> Bar:
    parts: list[Part] = []
    top = float(height)
    for house in ORDER:
        if count := houses.get(house, 0):
            tall = max(count * scale, MIN_BAR)
            top -= tall
            parts.append(Part(house, count, round(top, 1), round(tall, 1)))
    width = place.width * BAR_SHARE
    return Bar(
        place=place,
        figure=sum(houses.values()),
        x=round(place.x + (place.width - width) / 2, 3),
        width=round(width, 3),
        y=round(top, 1),
        parts=parts,
    )


def _place_ticks(places: Sequence[Place]) -> list[Tick]:
    ticks = []
    year = ""
    every = ceil(len(places) / MAX_LABELS)
    for n, place in enumerate(places):
        period = place.period
        label = "⋯" if period.left_out else _label_period(period) if n % every == 0 else ""
        new = not period.left_out and period.key[:4] != year and len(period.key) > len("2008")
        year = year if period.left_out else period.key[:4]
        ticks.append(Tick(place, round(place.x + place.width / 2, 3), label, year if new else ""))
    return ticks
