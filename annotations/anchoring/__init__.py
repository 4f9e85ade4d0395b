"""Package annotations.anchoring."""
