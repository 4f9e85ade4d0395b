"""A polite HTTP client for the web services of sources."""
