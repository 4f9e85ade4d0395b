"""Readers of the guidance and quotes that are files in git."""
