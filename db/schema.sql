-- statements.db: what follows from archive.db, journal.db and the files in git. Delete it any day: `python -m scrapers load` and
-- `python -m annotations load` work out the same rows again. Offsets count Unicode code points, end exclusive.
-- Rows of one kind of one date share a range of rowids (db/store.py), so that a day is replaced as one, and rowid order
-- is the order of the record.

-- What was said ------------------------------------------------------------------------------------------------------

CREATE TABLE sources (
  id TEXT PRIMARY KEY,                   -- the module in scrapers/
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  licence TEXT NOT NULL,
  licence_url TEXT NOT NULL,
  attribution TEXT NOT NULL              -- to be shown wherever its words are
) STRICT;

CREATE TABLE debates (
  id TEXT PRIMARY KEY,                   -- short, URL-safe, made from the gid alone
  gid TEXT NOT NULL UNIQUE,              -- TheyWorkForYou's address of the heading
  house TEXT NOT NULL CHECK (house IN ('commons', 'lords')),
  kind TEXT NOT NULL CHECK (kind IN ('debates', 'westminhall', 'wrans', 'wms', 'lordspages', 'lordswrans', 'lordswms', 'standing')),
  date TEXT NOT NULL CHECK (date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),  -- of the sitting
  position INTEGER NOT NULL,             -- in the day's file; order by this, never by time
  title TEXT NOT NULL,                   -- the heading, capitals re-cased
  heading TEXT NOT NULL,                 -- the heading as printed
  section TEXT NOT NULL,                 -- the headings above it, outermost first, joined by " — "
  column TEXT,                           -- where it begins, as printed: 929, 567W, 32WS
  time TEXT,                             -- HH:MM:SS, local, of the last clock mark; hours may pass 23
  url TEXT,                              -- at TheyWorkForYou
  hansard_url TEXT,                      -- at Parliament, where the source has it
  citation TEXT NOT NULL,                -- HC Deb 18 June 2008 c929; no volume, which the source does not give
  speeches INTEGER NOT NULL,             -- rows in speeches
  words INTEGER NOT NULL,                -- in all of them
  source TEXT NOT NULL REFERENCES sources (id),
  file TEXT NOT NULL,                    -- name of the document in archive.db
  sha256 TEXT NOT NULL,                  -- of its bytes
  received TEXT NOT NULL                 -- UTC, when those bytes first came
) STRICT;
CREATE INDEX debates_by_date ON debates (date);

CREATE TABLE speeches (
  id TEXT PRIMARY KEY,                   -- short, URL-safe, made from the gid alone
  gid TEXT NOT NULL UNIQUE,              -- TheyWorkForYou's address
  debate_id TEXT NOT NULL REFERENCES debates (id),
  position INTEGER NOT NULL,             -- in the day's file; order by this, never by time
  kind TEXT NOT NULL CHECK (kind IN ('speech', 'question', 'answer', 'procedural', 'division')),
  house TEXT NOT NULL,                   -- of its debate
  date TEXT NOT NULL,                    -- of its debate
  person_id TEXT,                        -- person/N, where the source names the person (from 2016)
  member_id TEXT,                        -- member/N or lord/N: one membership, where the source names that (to 2016)
  speaker TEXT,                          -- the name in the source's file; null for procedure and divisions
  office TEXT,                           -- as printed beside the name
  question_number TEXT,                  -- of a question; several are separated by spaces
  time TEXT,                             -- HH:MM:SS, local, of the last clock mark
  column TEXT,                           -- where it begins, as printed
  text TEXT NOT NULL,                    -- the words: paragraphs parted by a blank line, table rows by a line, cells by a tab
  words INTEGER NOT NULL,                -- in text, parted by white space
  markup TEXT,                           -- the source's own markup, where it says more than text
  url TEXT,                              -- in context at TheyWorkForYou
  hansard_url TEXT,                      -- at Parliament, where the source has it
  citation TEXT NOT NULL                 -- HC Deb 18 June 2008 c929
) STRICT;
CREATE INDEX speeches_by_debate ON speeches (debate_id);
CREATE INDEX speeches_by_speaker ON speeches (speaker);

CREATE TABLE divisions (
  speech_id TEXT PRIMARY KEY REFERENCES speeches (id),
  number TEXT NOT NULL,
  ayes INTEGER NOT NULL,                 -- printed total; contents in the Lords
  noes INTEGER NOT NULL                  -- printed total; not-contents in the Lords
) STRICT;

CREATE TABLE votes (
  id INTEGER PRIMARY KEY,
  division_id TEXT NOT NULL REFERENCES divisions (speech_id),
  name TEXT NOT NULL,                    -- as printed
  vote TEXT NOT NULL,                    -- aye, no, content, not-content, abstain
  teller INTEGER NOT NULL CHECK (teller IN (0, 1)),
  member_id TEXT,
  person_id TEXT,
  proxy TEXT                             -- person who cast it
) STRICT;
CREATE INDEX votes_by_division ON votes (division_id);

CREATE TABLE redirects (
  old_gid TEXT PRIMARY KEY,              -- an address once used
  gid TEXT NOT NULL,                     -- where it leads today, all hops followed
  matchtype TEXT NOT NULL                -- the source's reason; heading: has nothing of its own; oldstyleid: column form
) STRICT;

CREATE TABLE topics (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  note TEXT NOT NULL,
  start TEXT NOT NULL,                   -- first date looked at
  end TEXT NOT NULL,                     -- last date looked at
  kinds TEXT NOT NULL,                   -- separated by spaces
  phrases TEXT NOT NULL                  -- JSON: name of a set to its phrases
) STRICT;

CREATE TABLE mentions (
  id INTEGER PRIMARY KEY,
  speech_id TEXT REFERENCES speeches (id),
  debate_id TEXT REFERENCES debates (id),  -- where the title names it
  topic TEXT NOT NULL REFERENCES topics (id),
  phrases TEXT NOT NULL,                 -- the set of phrases that found it
  start INTEGER NOT NULL CHECK (start >= 0),
  end INTEGER NOT NULL CHECK (end > start),
  exact TEXT NOT NULL,                   -- the words there
  CHECK ((speech_id IS NULL) <> (debate_id IS NULL))
) STRICT;
CREATE INDEX mentions_by_speech ON mentions (speech_id);
CREATE INDEX mentions_by_debate ON mentions (debate_id);

-- How it came ---------------------------------------------------------------------------------------------------------

CREATE TABLE loaded (
  kind TEXT NOT NULL,
  date TEXT NOT NULL,
  fingerprint TEXT NOT NULL,             -- of the files, the parser, the topics and the scope that made the day's rows
  PRIMARY KEY (kind, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  name TEXT NOT NULL,                    -- of the document in archive.db
  sha256 TEXT NOT NULL,
  received TEXT NOT NULL,                -- UTC
  reason TEXT NOT NULL                   -- what and where
) STRICT;

CREATE TABLE runs (                      -- copied from archive.db, where each column is explained
  id INTEGER PRIMARY KEY,
  started TEXT NOT NULL,
  finished TEXT,
  topics TEXT NOT NULL,
  location TEXT NOT NULL,
  asked INTEGER NOT NULL,
  new INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  unchanged INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  mentions INTEGER NOT NULL,
  exit_code INTEGER,
  message TEXT NOT NULL
) STRICT;

-- What guidance says, and which words bear on which point --------------------------------------------------------------

CREATE TABLE guidance_documents (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  author TEXT NOT NULL,
  published TEXT NOT NULL,               -- YYYY, YYYY-MM or YYYY-MM-DD
  url TEXT,
  note TEXT NOT NULL,
  position INTEGER NOT NULL              -- by date, then title
) STRICT;

CREATE TABLE guidance_points (
  id TEXT PRIMARY KEY,                   -- document/point
  document_id TEXT NOT NULL REFERENCES guidance_documents (id),
  parent_id TEXT REFERENCES guidance_points (id),
  number TEXT,
  title TEXT NOT NULL,
  paraphrase TEXT NOT NULL,              -- ours, one sentence
  url TEXT,
  position INTEGER NOT NULL              -- in the document
) STRICT;

CREATE TABLE point_readings (            -- one document's point read as saying or implying another's
  point_id TEXT NOT NULL REFERENCES guidance_points (id),
  reads_id TEXT NOT NULL REFERENCES guidance_points (id),
  reading TEXT NOT NULL CHECK (reading IN ('said', 'implied', 'contradicts')),
  PRIMARY KEY (point_id, reads_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE annotations (
  id TEXT PRIMARY KEY,                   -- the annotator's
  target TEXT NOT NULL,                  -- gid, as annotated
  speech_id TEXT REFERENCES speeches (id),  -- where that gid leads today; null where the archive has no such speech
  point_id TEXT NOT NULL REFERENCES guidance_points (id),
  reading TEXT NOT NULL CHECK (reading IN ('said', 'implied', 'contradicts')),
  status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn')),
  anchor TEXT NOT NULL CHECK (anchor IN ('exact', 'moved', 'changed', 'lost')),
  start INTEGER,                         -- in the speech's text; null where lost
  end INTEGER,
  exact TEXT NOT NULL,                   -- the words there now, the speaker's where exact or moved; the quote where lost
  quote TEXT NOT NULL,                   -- the words as annotated
  prefix TEXT NOT NULL,                  -- up to 32 characters before
  suffix TEXT NOT NULL,                  -- up to 32 characters after
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),  -- how alike the words there are to those looked for
  evidence TEXT NOT NULL,                -- how the place was decided
  confirmed_by TEXT,                     -- who confirmed that other words than the quote's are the speaker's
  confirmed TEXT,                        -- UTC, when
  note TEXT NOT NULL,
  creator TEXT NOT NULL,                 -- whose reading it is
  created TEXT NOT NULL,
  modified TEXT,                         -- UTC, when it was last touched; null where never
  actor TEXT NOT NULL,                   -- who entered it in the journal; empty for a file's
  via TEXT,                              -- where the reading was published
  origin TEXT NOT NULL,                  -- the file in annotations/quotes/, or journal
  CHECK ((anchor = 'lost') = (start IS NULL) AND (start IS NULL) = (end IS NULL)),
  CHECK ((confirmed_by IS NULL) = (confirmed IS NULL))
) STRICT;
CREATE INDEX annotations_by_speech ON annotations (speech_id);
CREATE INDEX annotations_by_point ON annotations (point_id);

CREATE VIEW passages AS                  -- the annotations whose words are the speaker's, provably
  SELECT * FROM annotations WHERE status = 'active' AND anchor IN ('exact', 'moved');

CREATE TABLE repair_list (               -- the annotations whose words are not: a person decides
  annotation_id TEXT PRIMARY KEY REFERENCES annotations (id),
  anchor TEXT NOT NULL CHECK (anchor IN ('changed', 'lost')),
  old TEXT NOT NULL,                     -- the words looked for
  new TEXT,                              -- those that took their place; null where lost
  difference TEXT NOT NULL,              -- JSON: pairs of same, gone or new, and words
  evidence TEXT NOT NULL,
  advice TEXT NOT NULL                   -- what to do
) STRICT, WITHOUT ROWID;

CREATE TABLE replies (
  id TEXT PRIMARY KEY,
  annotation_id TEXT NOT NULL REFERENCES annotations (id),
  stance TEXT NOT NULL CHECK (stance IN ('agrees', 'disputes')),
  text TEXT NOT NULL,
  creator TEXT NOT NULL,
  created TEXT NOT NULL,
  via TEXT,
  position INTEGER NOT NULL              -- under its annotation
) STRICT;
CREATE INDEX replies_by_annotation ON replies (annotation_id);

CREATE TABLE moments (                   -- where in a video it is said
  id TEXT PRIMARY KEY,
  target TEXT NOT NULL,                  -- gid of the speech
  speech_id TEXT REFERENCES speeches (id),  -- where that leads today
  annotation_id TEXT REFERENCES annotations (id),  -- whose words, where not the whole speech
  source TEXT NOT NULL,                  -- address of the video
  start REAL NOT NULL CHECK (start >= 0),  -- seconds
  end REAL,                              -- seconds; null where not told
  url TEXT NOT NULL,                     -- W3C media fragment: source#t=start,end
  note TEXT NOT NULL,
  creator TEXT NOT NULL,
  created TEXT NOT NULL
) STRICT;
CREATE INDEX moments_by_speech ON moments (speech_id);

CREATE TABLE decisions (                 -- people's, about suggestions; the last one of each
  suggestion TEXT PRIMARY KEY,           -- its key (annotations/keys.py)
  status TEXT NOT NULL CHECK (status IN ('accepted', 'rejected')),
  suggester TEXT NOT NULL,
  version TEXT NOT NULL,
  rule TEXT NOT NULL,                    -- what within the suggester; empty where it has no parts
  point_id TEXT NOT NULL,
  target TEXT,                           -- gid of the speech
  exact TEXT NOT NULL,                   -- the words proposed
  annotation_id TEXT,                    -- what was made of it
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL                     -- UTC
) STRICT, WITHOUT ROWID;

CREATE TABLE passes (                    -- blind annotating that is finished
  person TEXT NOT NULL,
  debate_id TEXT NOT NULL,
  time TEXT NOT NULL,                    -- UTC
  PRIMARY KEY (person, debate_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE annotation_history (        -- every entry of journal.db
  id TEXT PRIMARY KEY,                   -- the entry's
  time TEXT NOT NULL,                    -- UTC
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  annotation_id TEXT,                    -- what it is about; null where about none
  summary TEXT NOT NULL,
  undone INTEGER NOT NULL CHECK (undone IN (0, 1)),
  problem TEXT NOT NULL                  -- why it counts for nothing; empty where it counts
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_annotation ON annotation_history (annotation_id);

CREATE TABLE suggestions (               -- proposed by machines; what people decided of them is in the journal
  id TEXT PRIMARY KEY,                   -- speech, suggester, point and place
  key TEXT NOT NULL,                     -- sha256 of suggester, point and folded words: a decision holds for all of it
  speech_id TEXT NOT NULL REFERENCES speeches (id),
  point_id TEXT NOT NULL REFERENCES guidance_points (id),
  status TEXT NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected')),
  suggester TEXT NOT NULL,
  version TEXT NOT NULL,
  rule TEXT NOT NULL,                    -- what within the suggester made it
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
  evidence TEXT NOT NULL,                -- why, for a reader
  triggers TEXT NOT NULL,                -- JSON: the words of the speech that made it
  start INTEGER NOT NULL,                -- the words that are proposed
  end INTEGER NOT NULL,
  exact TEXT NOT NULL,
  prefix TEXT NOT NULL,
  suffix TEXT NOT NULL,
  told INTEGER NOT NULL CHECK (told IN (0, 1))  -- 1 once `suggest` has printed it
) STRICT;
CREATE INDEX suggestions_by_speech ON suggestions (speech_id);
CREATE INDEX suggestions_by_point ON suggestions (point_id);
CREATE INDEX suggestions_by_key ON suggestions (key);

-- Search (kept by db/store.py with the rows: triggers would cost five times as much) -----------------------------------

CREATE VIRTUAL TABLE speeches_fts USING fts5 (text, content='speeches', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE debates_fts USING fts5 (title, content='debates', tokenize='porter unicode61 remove_diacritics 2');

CREATE VIEW named AS                     -- every mention with where and by whom
  SELECT m.id, m.topic, m.phrases, d.date, d.house, d.kind, d.id AS debate_id, d.title, m.speech_id, s.speaker,
         m.exact, m.start, m.end, coalesce(s.citation, d.citation) AS citation, coalesce(s.url, d.url) AS url
    FROM mentions m LEFT JOIN speeches s ON s.id = m.speech_id JOIN debates d ON d.id = coalesce(m.debate_id, s.debate_id);
