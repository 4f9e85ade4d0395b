"""Annotations: guidance, the quotes linked to it, where they stand, and what machines propose."""
