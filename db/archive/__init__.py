"""archive.db: every response as received, the gaps between them, and the runs that asked."""
