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
  gid TEXT NOT NULL UNIQUE,              -- TheyWorkForYou's address of the heading; ours, where only Parliament has it
  house TEXT NOT NULL CHECK (house IN ('commons', 'lords')),
  kind TEXT NOT NULL CHECK (kind IN ('debates', 'westminhall', 'wrans', 'wms', 'lordspages', 'lordswrans', 'lordswms', 'standing',
    'grandcommittee', 'petitions', 'corrections')),
  date TEXT NOT NULL CHECK (date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),  -- of the sitting
  position INTEGER NOT NULL,             -- in the day's file; order by this, never by time
  title TEXT NOT NULL,                   -- the heading, capitals re-cased
  heading TEXT NOT NULL,                 -- the heading as printed
  section TEXT NOT NULL,                 -- the headings above it, outermost first, joined by " — "
  column TEXT,                           -- where it begins, as printed: 929, 567W, 32WS
  time TEXT,                             -- HH:MM:SS, local, of the last clock mark; hours may pass 23
  url TEXT,                              -- at TheyWorkForYou
  hansard_url TEXT,                      -- at Parliament, as the source gives it
  section_id TEXT,                       -- Parliament's own id of it, in small letters, where a source gives it
  hansard_address TEXT,                  -- at hansard.parliament.uk, made of that id
  volume TEXT,                           -- of the official report, where a source gives it
  citation TEXT NOT NULL,                -- HC Deb 18 June 2008 c929; with the volume where that is known
  speeches INTEGER NOT NULL,             -- rows in speeches
  words INTEGER NOT NULL,                -- in all of them
  source TEXT NOT NULL REFERENCES sources (id),
  file TEXT NOT NULL,                    -- name of the document in archive.db
  response_id INTEGER NOT NULL,          -- of that version of it there
  sha256 TEXT NOT NULL,                  -- of its bytes
  received TEXT NOT NULL                 -- UTC, when those bytes first came
) STRICT;
CREATE INDEX debates_by_date ON debates (date);

CREATE TABLE speeches (
  id TEXT PRIMARY KEY,                   -- short, URL-safe, made from the gid alone
  gid TEXT NOT NULL UNIQUE,              -- TheyWorkForYou's address; ours, where only Parliament has it
  debate_id TEXT NOT NULL REFERENCES debates (id),
  position INTEGER NOT NULL,             -- in the day's file; order by this, never by time
  kind TEXT NOT NULL CHECK (kind IN ('speech', 'question', 'answer', 'procedural', 'division')),
  house TEXT NOT NULL,                   -- of its debate
  date TEXT NOT NULL,                    -- of its debate
  person_id TEXT,                        -- person/N: named by the source (from 2016), or found from member_id
  member_id TEXT,                        -- member/N, lord/N: a membership, as the source has it (to 2016); mnis/N: Hansard
  speaker TEXT,                          -- the name in the source's file; null for procedure and divisions
  office TEXT,                           -- as printed beside the name
  question_number TEXT,                  -- of a question; several are separated by spaces
  time TEXT,                             -- HH:MM:SS, local, of the last clock mark
  column TEXT,                           -- where it begins, as printed
  text TEXT NOT NULL,                    -- the words: paragraphs parted by a blank line, table rows by a line, cells by a tab
  words INTEGER NOT NULL,                -- in text, parted by white space
  markup TEXT,                           -- the source's own markup, where it says more than text
  url TEXT,                              -- in context at TheyWorkForYou
  hansard_url TEXT,                      -- at Parliament, as the source gives it
  turn_id TEXT,                          -- Parliament's number of the turn, on its old pages
  paragraph_id TEXT,                     -- Parliament's id of its first paragraph (its API's ContributionExtId)
  hansard_address TEXT,                  -- at hansard.parliament.uk, made of those ids
  citation TEXT NOT NULL,                -- HC Deb 18 June 2008 c929
  damage TEXT NOT NULL,                  -- what is wrong with it in the source, in words; empty where nothing is
  source TEXT NOT NULL,                  -- whose wording this is
  edition TEXT NOT NULL,                 -- the letter of its file; page or api of Parliament's own
  response_id INTEGER NOT NULL,          -- the response in archive.db that brought it
  received TEXT NOT NULL,                -- UTC
  -- Who that was on the day, by the register of people (db/people.py); null until it has been asked
  source_person_id TEXT,                 -- person_id as the source has it; empty where it has none
  membership_id TEXT REFERENCES memberships (id),  -- the one of that day
  party TEXT,                            -- of that membership
  constituency TEXT,                     -- of that membership; null for peers
  offices TEXT,                          -- held on that day: Role, Department; Role, Department
  unresolved TEXT                        -- why there is no membership_id; null where there is, or nobody speaks
) STRICT;
CREATE INDEX speeches_by_debate ON speeches (debate_id);
CREATE INDEX speeches_by_speaker ON speeches (speaker);
CREATE INDEX speeches_by_person ON speeches (person_id);
CREATE INDEX speeches_by_membership ON speeches (membership_id);
CREATE INDEX speeches_unresolved ON speeches (unresolved) WHERE unresolved IS NOT NULL;

CREATE TABLE wordings (                  -- of speeches, by other sources and in other versions; see the view editions
  id INTEGER PRIMARY KEY,
  speech_id TEXT NOT NULL REFERENCES speeches (id),
  source TEXT NOT NULL,
  edition TEXT NOT NULL,                 -- the letter of its file; page or api of Parliament's own
  response_id INTEGER NOT NULL,          -- the response in archive.db that first brought it
  received TEXT NOT NULL,                -- UTC
  source_gid TEXT NOT NULL,              -- the source's address of it
  speaker TEXT,
  office TEXT,
  column TEXT,
  text TEXT NOT NULL,
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),  -- how surely it is of this speech
  evidence TEXT NOT NULL                 -- why, in words
) STRICT;
CREATE INDEX wordings_by_speech ON wordings (speech_id);
CREATE INDEX wordings_by_address ON wordings (source_gid);

CREATE TABLE doubts (                    -- turns of a source that may be a speech of another's, but are kept apart
  id INTEGER PRIMARY KEY,
  speech_id TEXT NOT NULL REFERENCES speeches (id),
  candidate_id TEXT NOT NULL REFERENCES speeches (id),  -- what it may be
  source TEXT NOT NULL,                  -- of the one kept apart
  score REAL NOT NULL,
  evidence TEXT NOT NULL
) STRICT;
CREATE INDEX doubts_by_speech ON doubts (speech_id);
CREATE INDEX doubts_by_candidate ON doubts (candidate_id);

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
  person_id TEXT,                        -- named by the source, or found from member_id
  proxy TEXT,                            -- person who cast it
  source_person_id TEXT                  -- person_id as the source has it; null until the register has been asked
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
  phrases TEXT NOT NULL,                 -- JSON: name of a set to its phrases
  expected INTEGER NOT NULL              -- mentions that there are at least; 0 expects none
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

-- Who they were: TheyWorkForYou's register, replaced as one when a document of it changes -------------------------------

CREATE TABLE persons (
  id TEXT PRIMARY KEY,                   -- person/N
  name TEXT                              -- the newest of their main names; null where only an office names the person
) STRICT;

CREATE TABLE person_names (
  id INTEGER PRIMARY KEY,
  person_id TEXT NOT NULL REFERENCES persons (id),
  note TEXT NOT NULL,                    -- Main or Alternate
  name TEXT NOT NULL,                    -- put together from its parts; never used to find out who somebody is
  first TEXT NOT NULL,                   -- first day, at the widest reading of the date; 0000-01-01 where open
  last TEXT NOT NULL                     -- last day, at the widest reading of the date; 9999-12-31 where open
) STRICT;
CREATE INDEX person_names_by_person ON person_names (person_id);

CREATE TABLE person_ids (
  scheme TEXT NOT NULL,                  -- datadotparl_id is Parliament's own number of a member
  identifier TEXT NOT NULL,
  person_id TEXT NOT NULL REFERENCES persons (id),
  PRIMARY KEY (scheme, identifier, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
  id TEXT PRIMARY KEY,                   -- member/N or lord/N: a new one for each parliament and each change of party
  person_id TEXT NOT NULL REFERENCES persons (id),
  house TEXT NOT NULL,                   -- commons or lords, or the register's word for another body
  party TEXT,
  constituency TEXT,                     -- null for peers
  start TEXT NOT NULL,                   -- as the register has it: a day, a month or a year; empty where open
  end TEXT NOT NULL,
  first TEXT NOT NULL,                   -- first day, at the widest reading of start
  last TEXT NOT NULL                     -- last day, at the widest reading of end
) STRICT;
CREATE INDEX memberships_by_person ON memberships (person_id, house);

CREATE TABLE offices (
  id TEXT PRIMARY KEY,                   -- moffice/N, or Parliament's own
  person_id TEXT NOT NULL REFERENCES persons (id),
  role TEXT,                             -- null for a plain member of a committee
  department TEXT,                       -- a department or committee; null where the role says all
  start TEXT NOT NULL,                   -- as the register has it; empty where open
  end TEXT NOT NULL,
  first TEXT NOT NULL,                   -- first day, at the widest reading of start
  last TEXT NOT NULL                     -- last day, at the widest reading of end
) STRICT;
CREATE INDEX offices_by_person ON offices (person_id);

CREATE TABLE people_redirects (
  old_id TEXT PRIMARY KEY,               -- of a person or membership, given up for another
  id TEXT                                -- where it leads, all hops followed; null where that is nowhere
) STRICT, WITHOUT ROWID;

CREATE TABLE people_documents (
  name TEXT PRIMARY KEY,                 -- of the document in archive.db
  sha256 TEXT NOT NULL,                  -- of its newest bytes
  version INTEGER NOT NULL,              -- of the parser
  resolved INTEGER NOT NULL CHECK (resolved IN (0, 1))  -- 1 when every speech has been looked up in it
) STRICT, WITHOUT ROWID;

CREATE VIEW unresolved AS                -- speakers whose membership on the day is not known, and why
  SELECT id AS speech_id, date, house, coalesce(member_id, nullif(source_person_id, '')) AS named_id, speaker, office,
         person_id, unresolved AS reason, citation
    FROM speeches WHERE unresolved IS NOT NULL;

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

CREATE TABLE amended (                   -- days whose documents hold newer words for addresses of an earlier day
  kind TEXT NOT NULL,
  date TEXT NOT NULL,
  earlier TEXT NOT NULL,
  PRIMARY KEY (kind, date, earlier)
) STRICT, WITHOUT ROWID;

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
  message TEXT NOT NULL,
  sources TEXT NOT NULL,
  requests INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  not_modified INTEGER NOT NULL,
  gone INTEGER NOT NULL,
  gaps INTEGER NOT NULL,
  expected TEXT NOT NULL
) STRICT;

CREATE TABLE gaps (                      -- copied from archive.db, where each column is explained
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  what TEXT NOT NULL,
  start TEXT NOT NULL,
  end TEXT NOT NULL,
  reason TEXT NOT NULL,
  run INTEGER REFERENCES runs (id),
  noticed TEXT NOT NULL,
  closed TEXT
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
-- What is counted of passages, without their rows; the condition is theirs, word for word
CREATE INDEX passages_by_speech ON annotations (speech_id) WHERE status = 'active' AND anchor IN ('exact', 'moved');
CREATE INDEX passages_by_point ON annotations (point_id, reading, speech_id)
  WHERE status = 'active' AND anchor IN ('exact', 'moved');

CREATE VIEW passages AS                  -- the annotations whose words are the speaker's, provably
  SELECT * FROM annotations WHERE status = 'active' AND anchor IN ('exact', 'moved');

CREATE TABLE quote_counts (              -- what passages are counted by, so that nobody has to look their speeches up
  annotation_id TEXT PRIMARY KEY REFERENCES annotations (id),
  point_id TEXT NOT NULL,
  reading TEXT NOT NULL,
  debate_id TEXT NOT NULL,               -- of the speech
  month TEXT NOT NULL,                   -- in which it was given: YYYY-MM
  speaker TEXT NOT NULL,                 -- person/N, else the name in the source, else nobody
  place INTEGER NOT NULL                 -- rowid of the speech, by which the record is ordered
) STRICT, WITHOUT ROWID;
CREATE INDEX quote_counts_by_month ON quote_counts (month, point_id, reading);
CREATE INDEX quote_counts_by_speaker ON quote_counts (speaker, point_id, reading, month);
CREATE INDEX quote_counts_by_debate ON quote_counts (debate_id);
CREATE INDEX quote_counts_by_place ON quote_counts (place);

CREATE TABLE relevant_debates (          -- the debates that name a topic, or of which words are quoted
  debate_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE speaker_counts (            -- who speaks in them (db/statements/speaker_counts.py)
  id TEXT PRIMARY KEY,                   -- person/N
  name TEXT NOT NULL,
  turns INTEGER NOT NULL,
  debates INTEGER NOT NULL,
  first TEXT NOT NULL,                   -- date
  last TEXT NOT NULL,
  party TEXT
) STRICT, WITHOUT ROWID;

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
  text TEXT NOT NULL,                    -- empty where it was withdrawn: the journal has it
  creator TEXT NOT NULL,
  created TEXT NOT NULL,
  via TEXT,
  actor TEXT NOT NULL,                   -- who entered it in the journal; empty for a file's
  status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn')),
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
  created TEXT NOT NULL,
  actor TEXT NOT NULL,                   -- who entered it in the journal
  status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn'))
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
  annotation_id TEXT,                    -- what was made of it; of a rejected one, instead of it
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  time TEXT NOT NULL,                    -- UTC
  entry TEXT NOT NULL                    -- the journal's
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_by_maker ON decisions (suggester, rule, status);
CREATE INDEX decisions_by_actor ON decisions (actor);

CREATE TABLE passes (                    -- annotating of a debate, blind to what others say of it
  person TEXT NOT NULL,
  debate_id TEXT NOT NULL,               -- as it is today, where the archive has it
  begun TEXT,                            -- UTC; null where it was begun elsewhere
  done TEXT,                             -- UTC; null while it is open
  reopened INTEGER NOT NULL CHECK (reopened IN (0, 1)),  -- 1 where its beginning or its end was undone once
  PRIMARY KEY (person, debate_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE annotation_history (        -- every entry of journal.db
  id TEXT PRIMARY KEY,                   -- the entry's
  time TEXT NOT NULL,                    -- UTC
  actor TEXT NOT NULL,
  kind TEXT NOT NULL,
  annotation_id TEXT,                    -- what it is about; null where about none
  summary TEXT NOT NULL,                 -- without the words of what is not shown any more
  undone INTEGER NOT NULL CHECK (undone IN (0, 1)),
  problem TEXT NOT NULL,                 -- why it counts for nothing; empty where it counts
  reply_id TEXT,                         -- the reply that it is about; null where none
  moment_id TEXT,                        -- the moment that it is about; null where none
  moderates INTEGER NOT NULL CHECK (moderates IN (0, 1)),  -- 1 where it withdraws or restores what others entered
  reason TEXT NOT NULL,                  -- as given; empty where none
  hash TEXT NOT NULL                     -- the entry's in journal.db, over the entry and the hash before it
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_annotation ON annotation_history (annotation_id);
CREATE INDEX history_of_moderation ON annotation_history (id) WHERE moderates;
CREATE INDEX history_by_whom ON annotation_history (actor, kind, substr(time, 1, 7), moderates);  -- counts, without rows

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
CREATE INDEX suggestions_by_suggester ON suggestions (suggester);
-- all that a queue for review asks, key by key (db/review.py)
CREATE INDEX suggestions_by_key ON suggestions (key, status, suggester, rule, version, point_id, score, speech_id);

-- Search (kept by db/store.py with the rows: triggers would cost five times as much) -----------------------------------

CREATE VIRTUAL TABLE speeches_fts USING fts5 (text, content='speeches', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE debates_fts USING fts5 (title, content='debates', tokenize='porter unicode61 remove_diacritics 2');

CREATE VIEW editions AS                  -- every wording of every speech; the best is the speech's own
  SELECT id AS speech_id, source, edition, response_id, received, gid AS source_gid, speaker, office, column, text,
         1 AS best, 1.0 AS score, 'the speech itself' AS evidence FROM speeches
   UNION ALL
  SELECT speech_id, source, edition, response_id, received, source_gid, speaker, office, column, text,
         0, score, evidence FROM wordings;

CREATE VIEW named AS                     -- every mention with where and by whom
  SELECT m.id, m.topic, m.phrases, d.date, d.house, d.kind, d.id AS debate_id, d.title, m.speech_id, s.speaker,
         m.exact, m.start, m.end, coalesce(s.citation, d.citation) AS citation, coalesce(s.url, d.url) AS url
    FROM mentions m LEFT JOIN speeches s ON s.id = m.speech_id JOIN debates d ON d.id = coalesce(m.debate_id, s.debate_id);

-- Tables by their names of before version 7
CREATE VIEW about AS SELECT * FROM relevant_debates;
CREATE VIEW heard AS SELECT * FROM speaker_counts;
CREATE VIEW counted AS SELECT * FROM quote_counts;
