"""Package annotations.state."""
