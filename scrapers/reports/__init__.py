"""Package scrapers.reports."""
