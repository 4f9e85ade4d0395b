"""Package annotations.agreement."""
