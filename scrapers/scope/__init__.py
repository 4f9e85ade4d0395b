"""Package scrapers.scope."""
