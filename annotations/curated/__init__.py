"""Package annotations.curated."""
