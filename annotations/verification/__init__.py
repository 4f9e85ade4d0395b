"""The check of a quotation against the archive: search, comparison and verdict."""
