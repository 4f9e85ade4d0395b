"""Every link on every page leads somewhere, to a place that is there, for a visitor and for those who signed in."""

from urllib.parse import unquote

import pytest

from tests.support.links import Crawl
from tests.support.visitors import get_session_cookies

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", [pytest.param(None, marks=pytest.mark.nightly), "Ada"], ids=["visitor", "annotator"])
async def test_every_link_answers_and_every_fragment_is_on_its_page(client, name):
    crawl = await Crawl(client, await get_session_cookies(client, name) if name else {}).walk("/")
    assert len(crawl.status) > 150
    assert {path: status for path, status in crawl.status.items() if status not in (200, 302, 303)} == {}
    assert crawl.wrong == []
    lost = [each for each in crawl.links if each.fragment and unquote(each.fragment) not in ids_at(crawl, each.to)]
    assert lost == []


def ids_at(crawl, path):
    """The ids of a page; of one that was not asked for, whatever a fragment is."""

    class Everything:
        def __contains__(self, _):
            return True

    return crawl.ids.get(path, Everything())
