"""Package scrapers.sources."""
