"""Scrapers: fetch what sources hold on a topic, and load it as records."""
