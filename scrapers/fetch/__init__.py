"""Fetching: the only code that reaches out to sources; it archives every response before anything reads it."""
