"""Reports on the archive: its runs and their health, a census of mentions, and single records."""
