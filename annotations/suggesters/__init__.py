"""Suggesters: programs that propose sentences for points, for people to decide."""
