-- journal_index.db: the entries of journal.db by what they are about (db/journal/entry_index.py). Derived: delete it any day.
CREATE TABLE subjects (
  key TEXT PRIMARY KEY,                  -- An id that entries name, or a pass
  entries TEXT NOT NULL,                 -- Ids of those entries in order, separated by spaces
  checksum TEXT NOT NULL                 -- Over key and entries: a row that was altered is not trusted
) STRICT, WITHOUT ROWID;
CREATE TABLE head (                      -- the last entry that the index has; no row for none
  id TEXT PRIMARY KEY,                   -- Id of the entry
  hash TEXT NOT NULL                     -- Its hash in journal.db, over it and all entries before it
) STRICT, WITHOUT ROWID;
