"""The page /debate/<id>/blind: annotate a debate without seeing other people's notes on it."""
