"""The topics, kinds and dates for which the sources are searched."""
