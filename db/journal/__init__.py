"""Package db.journal."""
