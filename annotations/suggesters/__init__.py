"""Suggesters: programs that propose sentences for points and decide nothing; annotations/cli/suggest.py runs them."""
