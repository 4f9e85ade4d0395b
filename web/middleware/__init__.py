"""Middleware around every request, and changes to Datasette itself."""
