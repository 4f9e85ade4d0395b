-- archive.db: what was received, as it came. Rows are added and never changed, but for `listing` (what a location said
-- last, so that unchanged files are not read again) and the end of a run.

CREATE TABLE bodies (
  sha256 TEXT PRIMARY KEY,               -- of the bytes as received, lower-case hex
  size INTEGER NOT NULL,                 -- bytes as received
  body BLOB NOT NULL                     -- the bytes, zlib-compressed (RFC 1950)
) STRICT;

CREATE TABLE responses (
  id INTEGER PRIMARY KEY,                -- in order of receipt
  source TEXT NOT NULL,                  -- the module in scrapers/ that asked
  name TEXT NOT NULL,                    -- the source's own name for the document
  url TEXT NOT NULL,                     -- where it was fetched from
  fetched_at TEXT NOT NULL,              -- UTC, 2008-06-19T08:00:00Z
  status INTEGER NOT NULL,               -- HTTP status; 200 for a file
  headers TEXT NOT NULL,                 -- JSON object of the headers that matter
  sha256 TEXT NOT NULL REFERENCES bodies (sha256)
) STRICT;
CREATE INDEX responses_by_name ON responses (source, name, id);

CREATE TABLE listing (
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,                 -- bytes, as listed
  modified INTEGER NOT NULL,             -- last change, in the location's own unit
  PRIMARY KEY (source, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  started TEXT NOT NULL,                 -- UTC
  finished TEXT,                         -- UTC; null while it runs, and after a kill
  topics TEXT NOT NULL,                  -- ids, separated by spaces
  location TEXT NOT NULL,                -- where the files came from
  asked INTEGER NOT NULL DEFAULT 0,      -- files that the location listed
  new INTEGER NOT NULL DEFAULT 0,        -- files never seen before
  changed INTEGER NOT NULL DEFAULT 0,    -- files with other bytes than the last time
  unchanged INTEGER NOT NULL DEFAULT 0,  -- files with the same bytes
  failed INTEGER NOT NULL DEFAULT 0,     -- documents in quarantine when it ended
  mentions INTEGER NOT NULL DEFAULT 0,   -- mentions in statements.db when it ended
  exit_code INTEGER,                     -- 0 ok, 1 some documents failed, 2 set-up, 75 try later
  message TEXT NOT NULL DEFAULT ''       -- why it stopped, where it did not end well
) STRICT;
