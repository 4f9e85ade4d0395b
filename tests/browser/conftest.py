"""The site, read in a real browser."""

import pytest

from tests.support.browser import serving


@pytest.fixture(scope="session")
def reading_address(site_db):
    """The address of the specimens' site; to be read only."""
    with serving(site_db) as address:
        yield address


@pytest.fixture
def address(reading_address):
    """The same; a file whose tests write has an address of its own."""
    return reading_address
