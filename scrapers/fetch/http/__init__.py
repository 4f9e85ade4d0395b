"""Package scrapers.fetch.http."""
