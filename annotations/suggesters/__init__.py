"""Suggesters: machines that propose sentences for points, and decide nothing; one module and one entry each."""

from annotations.suggesters import phrases

SUGGESTERS = {"phrases": (phrases.VERSION, phrases.suggest)}
