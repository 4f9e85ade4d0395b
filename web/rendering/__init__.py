"""Rendering of texts, notes and figures as HTML."""
