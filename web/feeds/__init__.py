"""Atom feeds: new mentions, annotations, changed texts and moderation, and the results of a search."""
