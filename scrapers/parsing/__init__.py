"""Package scrapers.parsing."""
