"""statements.db: the rows derived from the archive, the journal and the files in git."""
