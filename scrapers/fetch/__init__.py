"""Package scrapers.fetch."""
