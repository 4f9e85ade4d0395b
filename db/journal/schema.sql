-- journal.db: what people did, entry by entry. Nothing is ever changed or removed: what is undone is undone by an
-- entry. Each hash covers the entry and the hash before it (db/journal/entries.py), so that a change shows.
CREATE TABLE entries (
  id TEXT PRIMARY KEY CHECK (length(id) = 26),  -- ULID: later entries have higher ids
  time TEXT NOT NULL,                    -- UTC, when it was entered
  actor TEXT NOT NULL,                   -- who did it
  kind TEXT NOT NULL,                    -- a key of PAYLOADS in db/journal/payload_schemas.py
  payload TEXT NOT NULL CHECK (json_valid(payload)),  -- JSON of that kind's schema, keys sorted
  previous TEXT NOT NULL UNIQUE,         -- hash of the entry before; empty for the first
  hash TEXT NOT NULL UNIQUE              -- sha256, hex
) STRICT, WITHOUT ROWID;
CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT raise(ABORT, 'an entry of the journal never changes: enter another'); END;
CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
BEGIN SELECT raise(ABORT, 'an entry of the journal never goes: enter another'); END;
CREATE TRIGGER entries_come_last BEFORE INSERT ON entries
WHEN NEW.id <= (SELECT max(id) FROM entries) OR NEW.previous IS NOT coalesce((SELECT hash FROM entries ORDER BY id DESC LIMIT 1), '')
BEGIN SELECT raise(ABORT, 'an entry of the journal comes after the last one'); END;
