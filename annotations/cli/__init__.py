"""The verbs of `python -m annotations`, grouped by subject; `annotations.__main__` registers them."""
