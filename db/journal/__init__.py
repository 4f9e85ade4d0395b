"""journal.db: what people did, as an append-only chain of entries."""
