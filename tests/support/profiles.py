"""How much the tests do: what `make test` runs, or the whole product that `make nightly` runs."""

import os

NIGHTLY = os.environ.get("TEST_PROFILE") == "nightly"
EXAMPLES = 200 if NIGHTLY else 12  # of a property


def scale(by_day: int, at_night: int) -> int:
    """Choose how often something is tried."""
    return at_night if NIGHTLY else by_day
