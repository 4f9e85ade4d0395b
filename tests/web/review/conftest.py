"""The specimens with suggestions, over which one reviews."""

import pytest

from tests.support.sites import open_site


@pytest.fixture
def folder(review_folder):
    return review_folder


@pytest.fixture
def client(folder):
    return open_site(folder / "statements.db").client
