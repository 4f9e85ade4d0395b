"""Package db.statements."""
