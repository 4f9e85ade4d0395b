"""Scrapers: fetch documents on a topic from the sources, and load them as records."""
