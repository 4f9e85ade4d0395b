-- accounts.db: who may sign in. Never in git, never served; mode 600. Times are seconds since 1970, UTC.

CREATE TABLE users (
  name TEXT PRIMARY KEY COLLATE NOCASE,  -- as it is shown beside what they write
  role TEXT NOT NULL CHECK (role IN ('reader', 'annotator', 'reviewer')),
  password TEXT NOT NULL,                -- scrypt: its costs, salt and hash
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,                 -- sha256 of what the cookie holds
  name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,                 -- sha256 of the token, which was shown once
  name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (                  -- to sign in, that failed or are under way
  key TEXT NOT NULL,                     -- browser:N:N, address:N or both:N:N
  time INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_key ON attempts (key, time);
