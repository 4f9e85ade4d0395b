"""Package db.archive."""
