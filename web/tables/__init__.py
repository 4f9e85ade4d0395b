"""Datasette's own pages of tables and queries."""
