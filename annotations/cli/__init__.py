"""The verbs of `python -m annotations`, a few to a file; `__main__` registers them."""
