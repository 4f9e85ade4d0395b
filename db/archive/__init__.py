"""archive.db: every response as received, gaps, and runs."""
