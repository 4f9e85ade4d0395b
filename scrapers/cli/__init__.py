"""The verbs of `python -m scrapers`, grouped by subject; `scrapers.__main__` lists them."""
