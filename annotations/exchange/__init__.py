"""Formats of other programs: annotations written in them, and read from them into the journal."""
