"""Journal entries to state: what people have decided, worked out without a database."""
