"""Charts as they are heard and seen: by a screen reader, on a phone, light and dark, and in a reader's own colours."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import watch_pages
from web.rendering import charts as chart
from web.rendering import periods

NARROW = "document.documentElement.scrollWidth <= 320"
COLOURS = """
() => [...document.querySelectorAll(".bars rect[class]:not(.target)")].map((bar) => getComputedStyle(bar).fill)
  .concat(getComputedStyle(document.body).backgroundColor)
"""


def light(colour):
    """How light a colour of a style is, as WCAG counts it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("how", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_charts_are_heard_with_their_figures_and_seen_in_every_scheme(browser, address, how):
    with watch_pages(browser, address) as new_page:
        page = new_page(320, **how)
        page.goto("/timeline")
        bar = page.get_by_role("link", name="June 2008: 19 mentions, 15 in the Commons, 4 in the Lords")
        expect(bar).to_be_visible()
        assert page.evaluate(NARROW)
        *bars, ground = map(light, page.evaluate(COLOURS))
        assert min((max(bar, ground) + 0.05) / (min(bar, ground) + 0.05) for bar in bars) >= 3
        bar.click()
        expect(page.locator("h1")).to_have_text("Debates of June 2008")
        page.goto("/coverage")
        assert page.evaluate(NARROW)
        page.locator("summary", has_text="23 points").click()
        page.get_by_role(
            "link", name="quotes, Principles for participation online, June 2008: 5 said, 2 implied"
        ).click()
        expect(page.locator("h1")).to_have_text("Quotes on Principles for participation online, June 2008")


@pytest.mark.parametrize("last", ["2008-06", "2009-01", "2010-12", "2014-01", "2026-11", "2099-12"])
def test_years_under_a_chart_have_room(last):
    drawn = chart.draw_chart(periods.list_periods(periods.list_months("2008-06", last)), {})
    shown = [tick for tick in drawn.ticks if tick.label]
    assert shown
    assert len(shown) <= chart.MAX_LABELS
    assert sum(tick.place.width for tick in drawn.ticks) == pytest.approx(100)
