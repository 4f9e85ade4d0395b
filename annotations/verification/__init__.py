"""Package annotations.verification."""
