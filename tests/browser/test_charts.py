"""Charts as they are heard and seen: by a screen reader, on a phone, light and dark, and in a reader's own colours."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import watch_pages
from web.rendering import charts as chart

NARROW = "document.documentElement.scrollWidth <= 320"
COLOURS = """
() => [...document.querySelectorAll("svg rect")].map((bar) => getComputedStyle(bar).fill)
  .concat(getComputedStyle(document.body).backgroundColor)
"""


def light(colour):
    """How light a colour of a style is, as WCAG counts it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("how", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_a_chart_is_heard_with_its_figures_and_seen_in_every_scheme(browser, address, how):
    with watch_pages(browser, address) as new_page:
        page = new_page(320, **how)
        page.goto("/timeline")
        for one in ("Mentions", "Quotes"):
            image = page.get_by_role("img", name=re.compile(f"^{one} by month, "))
            told = re.compile(r"^\d+ .* at most in a month .* A table has every figure\.$")
            expect(image).to_have_accessible_description(told)
        assert page.evaluate(NARROW)
        *bars, ground = map(light, page.evaluate(COLOURS))
        assert min((max(bar, ground) + 0.05) / (min(bar, ground) + 0.05) for bar in bars) >= 3
        page.goto("/coverage")
        assert page.evaluate(NARROW)
        rows = page.locator(".grid table")
        expect(rows.get_by_role("rowheader").first).to_be_visible()
        marks = set(rows.locator(".mark").all_inner_texts())
        assert {mark.strip(" 0123456789") for mark in marks} <= {"said", "implied", "contradicted"}


@pytest.mark.parametrize("last", ["2008-06", "2009-01", "2010-12", "2014-01", "2026-11", "2099-12"])
def test_years_under_a_chart_have_room(last):
    months = [{"month": month, "n": 1} for month in chart.list_months("2008-06", last)]
    shown = [bar["x"] for bar in chart.place_bars(months, "n") if bar["year"]]
    assert shown
    assert all(later - earlier >= chart.YEAR_WIDTH for earlier, later in itertools.pairwise(shown))
    assert shown[-1] <= chart.WIDTH - chart.YEAR_WIDTH
