"""Package annotations.text."""
