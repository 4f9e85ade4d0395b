"""Package scrapers.load."""
