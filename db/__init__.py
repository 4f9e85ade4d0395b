"""The three databases: archive.db (received), statements.db (derived), and the records that pass between."""
