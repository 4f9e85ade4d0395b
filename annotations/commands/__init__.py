"""Package annotations.commands."""
