"""Fetching: the only code that sends requests to sources; it archives every response before it is parsed."""
