-- archive.db: what was received, as it came. Rows are added and never changed, except `listing` and `asked` (the last
-- answer of a source, so that it need not be asked again), `counts`, the end of a run, and the end of a gap.
-- db/archive/responses.py migrates older databases and keeps every row: add what is new there too, columns at the end.

CREATE TABLE IF NOT EXISTS bodies (
  sha256 TEXT PRIMARY KEY,               -- of the bytes as received, lower-case hex
  size INTEGER NOT NULL,                 -- bytes as received
  body BLOB NOT NULL                     -- the bytes, zlib-compressed (RFC 1950)
) STRICT;

CREATE TABLE IF NOT EXISTS responses (
  id INTEGER PRIMARY KEY,                -- in order of receipt
  source TEXT NOT NULL,                  -- the module in scrapers/ that asked
  name TEXT NOT NULL,                    -- the source's own name for the document
  url TEXT NOT NULL,                     -- where it was fetched from
  fetched_at TEXT NOT NULL,              -- UTC, 2008-06-19T08:00:00Z
  status INTEGER NOT NULL,               -- HTTP status; 200 for a file
  headers TEXT NOT NULL,                 -- JSON object of the headers that matter
  sha256 TEXT NOT NULL REFERENCES bodies (sha256)
) STRICT;
CREATE INDEX IF NOT EXISTS responses_by_name ON responses (source, name, id);

CREATE TABLE IF NOT EXISTS listing (
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  size INTEGER NOT NULL,                 -- bytes, as listed
  modified INTEGER NOT NULL,             -- last change, in the location's own unit
  PRIMARY KEY (source, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS asked (
  source TEXT NOT NULL,
  name TEXT NOT NULL,                    -- of a document of a web service
  at TEXT NOT NULL,                      -- UTC, when it was last asked for
  status INTEGER,                        -- HTTP status; null where no answer came whole
  outcome TEXT NOT NULL CHECK (outcome IN ('had', 'unchanged', 'gone', 'missing', 'failed')),  -- gone: it came before
  etag TEXT NOT NULL,                    -- of the newest response, to ask whether it still is
  modified TEXT NOT NULL,                -- its Last-Modified, likewise
  PRIMARY KEY (source, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY,
  started TEXT NOT NULL,                 -- UTC
  finished TEXT,                         -- UTC; null while it runs, and after a kill
  topics TEXT NOT NULL,                  -- ids, separated by spaces
  location TEXT NOT NULL,                -- where the files came from
  asked INTEGER NOT NULL DEFAULT 0,      -- files that the location listed
  new INTEGER NOT NULL DEFAULT 0,        -- files never seen before
  changed INTEGER NOT NULL DEFAULT 0,    -- files with other bytes than the last time
  unchanged INTEGER NOT NULL DEFAULT 0,  -- files with the same bytes
  failed INTEGER NOT NULL DEFAULT 0,     -- documents and parts of them in quarantine when it ended
  mentions INTEGER NOT NULL DEFAULT 0,   -- mentions in statements.db when it ended
  exit_code INTEGER,                     -- as in db/exit_codes.py
  message TEXT NOT NULL DEFAULT '',      -- why it stopped, where it did not end well
  sources TEXT NOT NULL DEFAULT '',      -- ids, separated by spaces
  requests INTEGER NOT NULL DEFAULT 0,   -- sent to web services, robots.txt, tries and redirects among them
  bytes INTEGER NOT NULL DEFAULT 0,      -- of the bodies that they answered with, as received
  not_modified INTEGER NOT NULL DEFAULT 0,  -- answers that nothing has changed (HTTP 304)
  gone INTEGER NOT NULL DEFAULT 0,       -- documents that came before and are no longer there (HTTP 404, 410)
  gaps INTEGER NOT NULL DEFAULT 0,       -- gaps that were open and not acknowledged when it ended
  expected TEXT NOT NULL DEFAULT ''      -- in words: topics with fewer mentions than there should be
) STRICT;

CREATE TABLE IF NOT EXISTS gaps (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  name TEXT NOT NULL,                    -- of the document or search that could not be fetched
  what TEXT NOT NULL,                    -- for a reader
  start TEXT NOT NULL,                   -- first date that it covers
  end TEXT NOT NULL,                     -- last date that it covers
  reason TEXT NOT NULL,                  -- as last noticed
  run INTEGER REFERENCES runs (id),      -- that noticed it first
  noticed TEXT NOT NULL,                 -- UTC, first
  closed TEXT,                           -- UTC; null while it is open
  acknowledged TEXT NOT NULL DEFAULT ''  -- when, by whom and why, as in gap_decisions; empty while it counts
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS gaps_open ON gaps (source, name) WHERE closed IS NULL;

CREATE TABLE IF NOT EXISTS gap_decisions (
  id INTEGER PRIMARY KEY,                -- in the order in which they were made; none is ever changed
  gap INTEGER NOT NULL REFERENCES gaps (id),
  decision TEXT NOT NULL CHECK (decision IN ('acknowledge', 'undo')),
  at TEXT NOT NULL,                      -- UTC
  actor TEXT NOT NULL,                   -- who decided
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS counts (
  scope TEXT NOT NULL,                   -- hash of the topics, and of whether all debates are kept
  subject TEXT NOT NULL,                 -- as db/statements/runs.py makes it: topic/ID/mentions, register/people/WHAT, ...
  most INTEGER NOT NULL,                 -- the most that any load has counted
  last INTEGER NOT NULL,                 -- what the last load counted
  PRIMARY KEY (scope, subject)
) STRICT, WITHOUT ROWID;
