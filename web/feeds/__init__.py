"""Atom feeds: new mentions, annotations, changed texts and moderation, and search results."""
