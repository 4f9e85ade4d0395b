"""Package annotations.projection."""
