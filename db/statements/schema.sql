-- statements.db: derived from archive.db, journal.db and the files in git. Delete it any day:
-- `dispatch-box load` makes the same rows again. Offsets count Unicode code points, end exclusive.
-- Rows of one kind and one date share a range of rowids (db/statements/store.py), so that a day is replaced as a whole,
-- and rowid order is the order of the record.
--
-- The comment behind a column is its description, on the site and in an export (db/statements/columns.py): start with a
-- capital letter, and go on in lines below that hold nothing else.

-- What was said ------------------------------------------------------------------------------------------------------

CREATE TABLE sources (
  id TEXT PRIMARY KEY,                   -- Name of the source, as other tables refer to it
  title TEXT NOT NULL,                   -- Name for readers
  url TEXT NOT NULL,                     -- Address of the source
  licence TEXT NOT NULL,                 -- Licence of its words
  licence_url TEXT NOT NULL,             -- Address of the licence
  attribution TEXT NOT NULL              -- Shown wherever its words are shown
) STRICT;

CREATE TABLE debates (
  id TEXT PRIMARY KEY,                   -- Short and URL-safe, made from gid alone
  gid TEXT NOT NULL UNIQUE,              -- TheyWorkForYou's address of the heading; our own if only Parliament has the
                                         -- debate
  house TEXT NOT NULL CHECK (house IN ('commons', 'lords')),  -- commons or lords
  kind TEXT NOT NULL CHECK (kind IN ('debates', 'westminhall', 'wrans', 'wms', 'lordspages', 'lordswrans', 'lordswms',
    'standing', 'grandcommittee', 'petitions', 'corrections')),
                                         -- debates, westminhall, wrans, wms, lordspages, lordswrans, lordswms,
                                         -- standing, grandcommittee, petitions or corrections
  date TEXT NOT NULL CHECK (date GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'),  -- Date of the sitting
  position INTEGER NOT NULL,             -- Place in the day's file: order by this, never by time
  title TEXT NOT NULL,                   -- The heading in ordinary capitals
  heading TEXT NOT NULL,                 -- The heading as printed
  section TEXT NOT NULL,                 -- The headings above it, outermost first, joined by " — "
  column TEXT,                           -- Column where it begins, as printed: 929, 567W, 32WS
  time TEXT,                             -- HH:MM:SS, local, by the last clock mark; hours may pass 23
  url TEXT,                              -- Address at TheyWorkForYou
  hansard_url TEXT,                      -- Address at Parliament, as the source gives it
  section_id TEXT,                       -- Parliament's own id in small letters, if a source gives it
  hansard_address TEXT,                  -- Address at hansard.parliament.uk, made from section_id
  volume TEXT,                           -- Volume of the official report, if a source gives it
  citation TEXT NOT NULL,                -- As both Houses cite: HC Deb 18 June 2008 c929, with the volume if it is
                                         -- known
  speeches INTEGER NOT NULL,             -- Number of speeches
  words INTEGER NOT NULL,                -- Number of words in all speeches
  source TEXT NOT NULL REFERENCES sources (id),  -- Source of the debate
  file TEXT NOT NULL,                    -- Name of the document in archive.db
  response_id INTEGER NOT NULL,          -- Id in archive.db of the response that brought this version
  sha256 TEXT NOT NULL,                  -- Hash of the document's bytes, lower-case hex
  received TEXT NOT NULL                 -- UTC time when those bytes first came
) STRICT;
CREATE INDEX debates_by_date ON debates (date);
CREATE INDEX debates_by_column ON debates (column);

CREATE TABLE speeches (
  id TEXT PRIMARY KEY,                   -- Short and URL-safe, made from gid alone
  gid TEXT NOT NULL UNIQUE,              -- TheyWorkForYou's address; our own if only Parliament has the speech
  debate_id TEXT NOT NULL REFERENCES debates (id),  -- The debate that it is part of
  position INTEGER NOT NULL,             -- Place in the day's file: order by this, never by time
  kind TEXT NOT NULL CHECK (kind IN ('speech', 'question', 'answer', 'procedural', 'division')),
                                         -- speech, question, answer, procedural or division
  house TEXT NOT NULL,                   -- House of its debate
  date TEXT NOT NULL,                    -- Date of its debate
  person_id TEXT,                        -- person/N: named by the source (from 2016), or found from member_id by the
                                         -- register of people
  member_id TEXT,                        -- The speaker's id in the source: member/N or lord/N, one membership (to
                                         -- 2016), or mnis/N, Parliament's number
  speaker TEXT,                          -- Name in the source's file; null for procedure and divisions
  office TEXT,                           -- Office as printed beside the name
  question_number TEXT,                  -- Number of a question; several are separated by spaces
  time TEXT,                             -- HH:MM:SS, local, by the last clock mark
  column TEXT,                           -- Column where it begins, as printed
  text TEXT NOT NULL,                    -- The words: a blank line between paragraphs, a line for each table row, a tab
                                         -- between cells
  words INTEGER NOT NULL,                -- Number of words in text, separated by white space
  markup TEXT,                           -- The source's own markup, if it says more than text
  url TEXT,                              -- Address at TheyWorkForYou, in its debate
  hansard_url TEXT,                      -- Address at Parliament, as the source gives it
  turn_id TEXT,                          -- Parliament's number of the turn on its old pages
  paragraph_id TEXT,                     -- Parliament's id of its first paragraph (ContributionExtId in its API)
  hansard_address TEXT,                  -- Address at hansard.parliament.uk, made from those ids
  citation TEXT NOT NULL,                -- As both Houses cite: HC Deb 18 June 2008 c929, with the volume if it is
                                         -- known
  damage TEXT NOT NULL,                  -- What is wrong with it in the source, in words; empty if nothing is
  source TEXT NOT NULL,                  -- Source of this wording
  edition TEXT NOT NULL,                 -- Revision of the file: a letter; page or api for Parliament's own
  response_id INTEGER NOT NULL,          -- Id in archive.db of the response that brought it
  received TEXT NOT NULL,                -- UTC time when that response came
  since TEXT NOT NULL,                   -- UTC time when these words, of this speaker, first came, to stay
  since_edition TEXT NOT NULL,           -- Revision of the file in which they first came
  since_response_id INTEGER NOT NULL,    -- Id in archive.db of the response that brought them first
  -- The speaker on the day, by the register of people (db/statements/people.py); null until looked up
  source_person_id TEXT,                 -- person_id as the source has it; empty if it has none, null until it has been
                                         -- looked up
  membership_id TEXT REFERENCES memberships (id),  -- The speaker's membership on the day, by the register of people
  party TEXT,                            -- Party of that membership
  constituency TEXT,                     -- Constituency of that membership; null for peers
  offices TEXT,                          -- Offices held on that day by the register: Role, Department; Role, Department
  unresolved TEXT                        -- Why the membership on the day is not known; null if it is known, or if
                                         -- no one speaks
) STRICT;
CREATE INDEX speeches_by_debate ON speeches (debate_id);
CREATE INDEX speeches_by_speaker ON speeches (speaker, person_id);
-- For search: who spoke under which office, and the speeches of a question
CREATE INDEX speeches_by_office ON speeches (office, speaker, person_id) WHERE office IS NOT NULL;
CREATE INDEX speeches_by_question ON speeches (question_number) WHERE question_number IS NOT NULL;
CREATE INDEX speeches_by_questions ON speeches (question_number) WHERE instr(question_number, ' ');
CREATE INDEX speeches_by_person ON speeches (person_id);
CREATE INDEX speeches_by_membership ON speeches (membership_id);
CREATE INDEX speeches_unresolved ON speeches (unresolved) WHERE unresolved IS NOT NULL;

CREATE TABLE day_counts (                -- kept for lists of debates, so that they need not be counted
  id INTEGER PRIMARY KEY,                -- First rowid of a kind and a date (db/statements/rowid_filters.py)
  debates INTEGER NOT NULL               -- Number of its debates
) STRICT;

CREATE TABLE wordings (                  -- of speeches, by other sources and in other versions; see the view editions
  id INTEGER PRIMARY KEY,                -- Number of the row
  speech_id TEXT NOT NULL REFERENCES speeches (id),  -- The speech
  source TEXT NOT NULL,                  -- Source of this wording
  edition TEXT NOT NULL,                 -- Revision of the file: a letter; page or api for Parliament's own
  response_id INTEGER NOT NULL,          -- Id in archive.db of the response that first brought it
  received TEXT NOT NULL,                -- UTC time when that response came
  source_gid TEXT NOT NULL,              -- The source's address of it
  speaker TEXT,                          -- Speaker as that source names them
  office TEXT,                           -- Office as printed beside the name
  column TEXT,                           -- Column where it begins, as printed
  text TEXT NOT NULL,                    -- The words
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),  -- How certain the match with this speech is, from 0 to 1
  evidence TEXT NOT NULL,                -- Why it is matched with this speech, in words
  other_speaker INTEGER NOT NULL DEFAULT 0 CHECK (other_speaker IN (0, 1)),
                                         -- 1 if it certainly names another speaker than the speech does
  changed TEXT                           -- UTC time when the newer of both came, if their words or speakers differ
) STRICT;
CREATE INDEX wordings_by_speech ON wordings (speech_id);
CREATE INDEX wordings_by_change ON wordings (changed) WHERE changed IS NOT NULL;  -- for the feed of changes
CREATE INDEX wordings_by_address ON wordings (source_gid);

CREATE TABLE withdrawn_speeches (        -- speeches that their source dropped: they are no part of today's record
  id INTEGER PRIMARY KEY,                -- Number of the row
  gid TEXT NOT NULL,                     -- The last address that it had
  debate_id TEXT REFERENCES debates (id),  -- The debate that it was in; null if that is not held today
  kind TEXT NOT NULL,                    -- Kind of the debate: debates, westminhall, wrans or another
  date TEXT NOT NULL,                    -- Date of the sitting
  speaker TEXT,                          -- Name in the source's file; null for procedure
  office TEXT,                           -- Office as printed beside the name
  column TEXT,                           -- Column where it began, as printed
  citation TEXT NOT NULL,                -- As both Houses cite: HC Deb 18 June 2008 c929
  text TEXT NOT NULL,                    -- Its last words
  source TEXT NOT NULL,                  -- Source that had it
  edition TEXT NOT NULL,                 -- Revision of the last file that had it
  response_id INTEGER NOT NULL,          -- Id in archive.db of the response that brought those words
  received TEXT NOT NULL,                -- UTC time when that response came
  withdrawn TEXT NOT NULL,               -- UTC time when the first document without it came
  evidence TEXT NOT NULL                 -- How it was dropped, in words
) STRICT;
CREATE INDEX withdrawn_speeches_by_address ON withdrawn_speeches (gid);
CREATE INDEX withdrawn_speeches_by_debate ON withdrawn_speeches (debate_id);

CREATE TABLE past_speeches (             -- speeches as they were held on earlier days, where today they are not so
  id INTEGER PRIMARY KEY,                -- Number of the row
  speech_id TEXT NOT NULL,               -- Id of the speech today; if it is none of today's, made from its last address
  held INTEGER NOT NULL CHECK (held IN (0, 1)),  -- 0 if the archive did not hold it then
  from_day TEXT NOT NULL,                -- First day at whose end it was held so
  to_day TEXT NOT NULL,                  -- First day at whose end it no longer was
  gid TEXT NOT NULL,                     -- Address of the speech today, or the last that it had
  debate_id TEXT NOT NULL REFERENCES debates (id),  -- The debate of today that it is or was in
  position REAL NOT NULL,                -- Place in the day's file of today; between two places if it is not there
  kind TEXT NOT NULL,                    -- speech, question, answer or procedural; empty if it was not held
  house TEXT NOT NULL,                   -- House of its debate
  date TEXT NOT NULL,                    -- Date of its debate
  person_id TEXT,                        -- person/N: named by the source, or found from member_id by the register
  member_id TEXT,                        -- The speaker's id in the source
  speaker TEXT,                          -- Name in the source's file; null for procedure
  office TEXT,                           -- Office as printed beside the name
  question_number TEXT,                  -- Number of a question
  time TEXT,                             -- HH:MM:SS, local, by the last clock mark
  column TEXT,                           -- Column where it begins, as printed
  text TEXT NOT NULL,                    -- The words; empty if it was not held
  words INTEGER NOT NULL,                -- Number of words in text
  url TEXT,                              -- Address at TheyWorkForYou today; null if it is not there
  hansard_url TEXT,                      -- Address at Parliament, as the source gives it
  citation TEXT NOT NULL,                -- As both Houses cite
  source TEXT NOT NULL,                  -- Source of this wording
  edition TEXT NOT NULL,                 -- Revision of the file
  response_id INTEGER NOT NULL,          -- Id in archive.db of the response that brought it; 0 if it was not held
  received TEXT NOT NULL,                -- UTC time when that response came
  source_person_id TEXT,                 -- person_id as the source has it; null until it has been looked up
  membership_id TEXT REFERENCES memberships (id),  -- The speaker's membership on the day, by the register of people
  party TEXT,                            -- Party of that membership
  constituency TEXT,                     -- Constituency of that membership; null for peers
  offices TEXT,                          -- Offices held on that day by the register
  unresolved TEXT                        -- Why the membership on the day is not known; null if it is known
) STRICT;
CREATE INDEX past_speeches_by_speech ON past_speeches (speech_id);

CREATE TABLE doubts (                    -- turns of a source that may be a speech of another's, but were not matched
  id INTEGER PRIMARY KEY,                -- Number of the row
  speech_id TEXT NOT NULL REFERENCES speeches (id),  -- The turn that was kept apart
  candidate_id TEXT NOT NULL REFERENCES speeches (id),  -- The speech that it may be
  source TEXT NOT NULL,                  -- Source of the turn that was kept apart
  score REAL NOT NULL,                   -- How alike they are, from 0 to 1
  evidence TEXT NOT NULL                 -- Why they were not matched, in words
) STRICT;
CREATE INDEX doubts_by_speech ON doubts (speech_id);
CREATE INDEX doubts_by_candidate ON doubts (candidate_id);

CREATE TABLE divisions (
  speech_id TEXT PRIMARY KEY REFERENCES speeches (id),  -- The speech that represents the division in its debate
  number TEXT NOT NULL,                  -- Number as printed
  ayes INTEGER NOT NULL,                 -- Printed total; contents in the Lords
  noes INTEGER NOT NULL                  -- Printed total; not-contents in the Lords
) STRICT;

CREATE TABLE votes (
  id INTEGER PRIMARY KEY,                -- Number of the row
  division_id TEXT NOT NULL REFERENCES divisions (speech_id),  -- The division
  name TEXT NOT NULL,                    -- Name as printed
  vote TEXT NOT NULL,                    -- aye, no, content, not-content or abstain
  teller INTEGER NOT NULL CHECK (teller IN (0, 1)),  -- 1 for a teller, else 0
  member_id TEXT,                        -- A membership, if the source names it
  person_id TEXT,                        -- person/N: named by the source, or found from member_id by the register of
                                         -- people
  proxy TEXT,                            -- Person who cast the vote for the member
  source_person_id TEXT                  -- person_id as the source has it; empty if it has none, null until it has been
                                         -- looked up
) STRICT;
CREATE INDEX votes_by_division ON votes (division_id);

CREATE TABLE redirects (
  old_gid TEXT PRIMARY KEY,              -- An address used before
  gid TEXT NOT NULL,                     -- The address of today, after all redirects
  matchtype TEXT NOT NULL                -- The source's reason; heading: a heading without words of its own;
                                         -- oldstyleid: an address by column
) STRICT;

CREATE TABLE topics (
  id TEXT PRIMARY KEY,                   -- Name of the topic, as mentions refer to it
  title TEXT NOT NULL,                   -- Name for readers
  note TEXT NOT NULL,                    -- Description for readers
  start TEXT NOT NULL,                   -- First date searched
  end TEXT NOT NULL,                     -- Last date searched
  kinds TEXT NOT NULL,                   -- Kinds of debate searched, separated by spaces
  phrases TEXT NOT NULL,                 -- JSON object: the name of each set, and its phrases
  expected INTEGER NOT NULL              -- Least number of mentions expected; 0 expects none
) STRICT;

CREATE TABLE mentions (
  id INTEGER PRIMARY KEY,                -- Number of the row
  speech_id TEXT REFERENCES speeches (id),  -- The speech, if it is in one
  debate_id TEXT REFERENCES debates (id),  -- The debate, if it is in the title
  topic TEXT NOT NULL REFERENCES topics (id),  -- The topic mentioned
  phrases TEXT NOT NULL,                 -- The set of phrases that found it
  start INTEGER NOT NULL CHECK (start >= 0),  -- Offset of the first character, in Unicode code points of the text
  end INTEGER NOT NULL CHECK (end > start),  -- Offset after the last character
  exact TEXT NOT NULL,                   -- The words there
  CHECK ((speech_id IS NULL) <> (debate_id IS NULL))
) STRICT;
CREATE INDEX mentions_by_speech ON mentions (speech_id);
CREATE INDEX mentions_by_debate ON mentions (debate_id);

-- People: TheyWorkForYou's register, replaced as a whole when a document of it changes ---------------------------------

CREATE TABLE persons (
  id TEXT PRIMARY KEY,                   -- person/N
  name TEXT                              -- The newest main name; null if only an office names the person
) STRICT;

CREATE TABLE person_names (
  id INTEGER PRIMARY KEY,                -- Number of the row
  person_id TEXT NOT NULL REFERENCES persons (id),  -- The person
  note TEXT NOT NULL,                    -- Main or Alternate
  name TEXT NOT NULL,                    -- Put together from its parts; never used to identify anyone
  first TEXT NOT NULL,                   -- First day, by the widest reading of the date; 0000-01-01 if open
  last TEXT NOT NULL                     -- Last day, by the widest reading of the date; 9999-12-31 if open
) STRICT;
CREATE INDEX person_names_by_person ON person_names (person_id);

CREATE TABLE person_ids (
  scheme TEXT NOT NULL,                  -- Who gave the identifier; datadotparl_id is Parliament's own number of a
                                         -- member
  identifier TEXT NOT NULL,              -- The identifier: a number or a word
  person_id TEXT NOT NULL REFERENCES persons (id),  -- The person
  PRIMARY KEY (scheme, identifier, person_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE memberships (
  id TEXT PRIMARY KEY,                   -- member/N or lord/N: a new one for each parliament and each change of party
  person_id TEXT NOT NULL REFERENCES persons (id),  -- The person
  house TEXT NOT NULL,                   -- commons or lords, or the register's word for another body
  party TEXT,                            -- Party as the register names it
  constituency TEXT,                     -- Null for peers
  start TEXT NOT NULL,                   -- As the register has it: a day, a month or a year; empty if open
  end TEXT NOT NULL,                     -- As the register has it: a day, a month or a year; empty if open
  first TEXT NOT NULL,                   -- First day, by the widest reading of start
  last TEXT NOT NULL                     -- Last day, by the widest reading of end
) STRICT;
CREATE INDEX memberships_by_person ON memberships (person_id, house);

CREATE TABLE offices (
  id TEXT PRIMARY KEY,                   -- moffice/N, or Parliament's own
  person_id TEXT NOT NULL REFERENCES persons (id),  -- The person
  role TEXT,                             -- Null for a plain member of a committee
  department TEXT,                       -- A department or committee; null if the role says all
  start TEXT NOT NULL,                   -- As the register has it: a day, a month or a year; empty if open
  end TEXT NOT NULL,                     -- As the register has it: a day, a month or a year; empty if open
  first TEXT NOT NULL,                   -- First day, by the widest reading of start
  last TEXT NOT NULL                     -- Last day, by the widest reading of end
) STRICT;
CREATE INDEX offices_by_person ON offices (person_id);

CREATE TABLE people_redirects (
  old_id TEXT PRIMARY KEY,               -- Id of a person or membership that was replaced
  id TEXT                                -- The id that replaces it, after all redirects; null if there is none
) STRICT, WITHOUT ROWID;

CREATE TABLE people_documents (
  name TEXT PRIMARY KEY,                 -- Name of the document in archive.db
  sha256 TEXT NOT NULL,                  -- Hash of its newest bytes
  version INTEGER NOT NULL,              -- Version of the parser
  resolved INTEGER NOT NULL CHECK (resolved IN (0, 1))  -- 1 when every speech has been looked up in it
) STRICT, WITHOUT ROWID;

CREATE VIEW unresolved AS                -- speakers whose membership on the day is not known, and why
  SELECT id AS speech_id,                -- The speech
         date,                           -- Date of its debate
         house,                          -- House of its debate
         coalesce(member_id, nullif(source_person_id, '')) AS named_id,  -- The speaker's id in the source
         speaker,                        -- Name as printed
         office,                         -- Office as printed
         person_id,                      -- The person, if that much is known
         unresolved AS reason,           -- Why no membership was found, in words
         citation                        -- As both Houses cite
    FROM speeches WHERE unresolved IS NOT NULL;

-- Loading: days, documents that failed, runs and gaps ------------------------------------------------------------------

CREATE TABLE loaded (
  kind TEXT NOT NULL,                    -- Kind of the day's debates
  date TEXT NOT NULL,                    -- Date of the day
  fingerprint TEXT NOT NULL,             -- Hash of the files, the parser, the topics and the scope that made the day's
                                         -- rows
  PRIMARY KEY (kind, date)
) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,                -- Number of the row
  source TEXT NOT NULL,                  -- Source of the document
  name TEXT NOT NULL,                    -- Name of the document in archive.db
  sha256 TEXT NOT NULL,                  -- Hash of its bytes
  received TEXT NOT NULL,                -- UTC time when it came
  reason TEXT NOT NULL,                  -- What is wrong, and where
  unit TEXT NOT NULL,                    -- What was refused: document, debate, item or person
  place TEXT NOT NULL,                   -- Where the refused part is in the document
  speech_ids TEXT NOT NULL,              -- Ids of the speeches and debates that were refused, separated by spaces
  debate_id TEXT                         -- The debate that the refused part is in; null if it is not held
) STRICT;

CREATE TABLE amended (                   -- days whose documents hold newer words for addresses of an earlier day
  kind TEXT NOT NULL,                    -- Kind of both days
  date TEXT NOT NULL,                    -- The later day
  earlier TEXT NOT NULL,                 -- The day whose words it corrects
  PRIMARY KEY (kind, date, earlier)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (                      -- copied from archive.db
  id INTEGER PRIMARY KEY,                -- Number of the row
  started TEXT NOT NULL,                 -- UTC time when it began
  finished TEXT,                         -- UTC time when it ended; null while it runs, or if it was stopped
  topics TEXT NOT NULL,                  -- Ids of topics, separated by spaces
  location TEXT NOT NULL,                -- Where the files were asked for
  asked INTEGER NOT NULL,                -- Number of files that were asked for
  new INTEGER NOT NULL,                  -- Number of files not received before
  changed INTEGER NOT NULL,              -- Number of files with other bytes than before
  unchanged INTEGER NOT NULL,            -- Number of files with the same bytes
  failed INTEGER NOT NULL,               -- Number of documents and parts of them in quarantine when it ended
  mentions INTEGER NOT NULL,             -- Number of mentions when it ended
  exit_code INTEGER,                     -- 0 well; 1 refused, a gap, or a fall; 2 set-up; 70 fault; 74 not writable; 75 later
  message TEXT NOT NULL,                 -- Why it failed, in words, if it did
  sources TEXT NOT NULL,                 -- Ids of the sources asked, separated by spaces
  requests INTEGER NOT NULL,             -- Requests sent to web services, including repeated tries, redirects and
                                         -- robots.txt
  bytes INTEGER NOT NULL,                -- Bytes received from web services
  not_modified INTEGER NOT NULL,         -- Answers that nothing has changed (HTTP 304)
  gone INTEGER NOT NULL,                 -- Documents received before that are no longer there (HTTP 404, 410)
  gaps INTEGER NOT NULL,                 -- Number of gaps that were open and not acknowledged when it ended
  expected TEXT NOT NULL                 -- Topics with fewer mentions than expected, in words
) STRICT;

CREATE TABLE gaps (                      -- copied from archive.db
  id INTEGER PRIMARY KEY,                -- Number of the row
  source TEXT NOT NULL,                  -- The source that could not give it
  name TEXT NOT NULL,                    -- Name of the document or search
  what TEXT NOT NULL,                    -- Description for readers
  start TEXT NOT NULL,                   -- First date that it covers
  end TEXT NOT NULL,                     -- Last date that it covers
  reason TEXT NOT NULL,                  -- Reason as last noticed
  run INTEGER REFERENCES runs (id),      -- The run that noticed it first
  noticed TEXT NOT NULL,                 -- UTC time when it was first noticed
  closed TEXT,                           -- UTC time when it was closed; null while it is open
  acknowledged TEXT NOT NULL             -- When, by whom and why it no longer counts; empty while it does
) STRICT;

-- Guidance and annotations ---------------------------------------------------------------------------------------------

CREATE TABLE guidance_documents (
  id TEXT PRIMARY KEY,                   -- Name of the document, as its points refer to it
  title TEXT NOT NULL,                   -- Title as printed, or ours if it has none
  author TEXT NOT NULL,                  -- Publisher of the document
  published TEXT NOT NULL,               -- Date: YYYY, YYYY-MM or YYYY-MM-DD
  url TEXT,                              -- Address to read it at
  note TEXT NOT NULL,                    -- Description of the document, and of how much of it is here
  position INTEGER NOT NULL              -- Order by date, then title
) STRICT;

CREATE TABLE guidance_points (
  id TEXT PRIMARY KEY,                   -- document/point
  document_id TEXT NOT NULL REFERENCES guidance_documents (id),  -- The document it is part of
  parent_id TEXT REFERENCES guidance_points (id),  -- The point that this one is part of
  number TEXT,                           -- Number given by the document or its editors
  title TEXT NOT NULL,                   -- Its heading, as printed or ours
  paraphrase TEXT NOT NULL,              -- What it says in our words, one sentence
  examples TEXT NOT NULL,                -- JSON list of sentences in our own words, as a minister might say it
  url TEXT,                              -- Address to read it at
  position INTEGER NOT NULL              -- Place in the document
) STRICT;

CREATE TABLE point_readings (            -- one document's point read as saying or implying another's
  point_id TEXT NOT NULL REFERENCES guidance_points (id),  -- The point that refers to another
  reads_id TEXT NOT NULL REFERENCES guidance_points (id),  -- The point that it refers to
  reading TEXT NOT NULL CHECK (reading IN ('said', 'implied', 'contradicts')),  -- said, implied or contradicts
  PRIMARY KEY (point_id, reads_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE annotations (
  id TEXT PRIMARY KEY,                   -- Chosen by the annotator
  target TEXT NOT NULL,                  -- gid of the speech, as annotated
  speech_id TEXT REFERENCES speeches (id),  -- The speech of that gid today; null if the archive has none
  point_id TEXT NOT NULL REFERENCES guidance_points (id),  -- The point of guidance
  reading TEXT NOT NULL CHECK (reading IN ('said', 'implied', 'contradicts')),  -- said, implied or contradicts
  status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn')),  -- active or withdrawn
  anchor TEXT NOT NULL CHECK (anchor IN ('exact', 'moved', 'changed', 'lost')),
                                         -- exact, moved, changed or lost: if and where the words are found today
  start INTEGER,                         -- Offset of the first character in the speech's text, in Unicode code points;
                                         -- null if lost
  end INTEGER,                           -- Offset after the last character; null if lost
  exact TEXT NOT NULL,                   -- The words there now: the speaker's if exact or moved; the quote if lost
  quote TEXT NOT NULL,                   -- The words as annotated
  prefix TEXT NOT NULL,                  -- Up to 32 characters before
  suffix TEXT NOT NULL,                  -- Up to 32 characters after
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),  -- Likeness of the words there to the quote, from 0 to 1
  evidence TEXT NOT NULL,                -- How the place was decided
  confirmed_by TEXT,                     -- Person who confirmed that words other than the quote are the speaker's
  confirmed TEXT,                        -- UTC time of that
  note TEXT NOT NULL,                    -- The annotator's explanation
  creator TEXT NOT NULL,                 -- Author of the reading
  created TEXT NOT NULL,                 -- Date or time given by its author
  modified TEXT,                         -- UTC time of the last change; null if never changed
  actor TEXT NOT NULL,                   -- Person who entered it in the journal; empty if it comes from a file
  via TEXT,                              -- Address where the reading was published
  origin TEXT NOT NULL,                  -- The file in annotations/quotes, or journal
  CHECK ((anchor = 'lost') = (start IS NULL) AND (start IS NULL) = (end IS NULL)),
  CHECK ((confirmed_by IS NULL) = (confirmed IS NULL))
) STRICT;
CREATE INDEX annotations_by_speech ON annotations (speech_id);
CREATE INDEX annotations_by_point ON annotations (point_id);
-- Of quotes alone: the condition is that of the view, word for word. The newest for the feed and the page of search, the
-- others for counts that read no rows
CREATE INDEX passages_by_change ON annotations (coalesce(modified, created), id)
  WHERE status = 'active' AND anchor IN ('exact', 'moved');
CREATE INDEX passages_by_speech ON annotations (speech_id) WHERE status = 'active' AND anchor IN ('exact', 'moved');
CREATE INDEX passages_by_point ON annotations (point_id, reading, speech_id)
  WHERE status = 'active' AND anchor IN ('exact', 'moved');

CREATE VIEW passages AS                  -- the notes whose words match the record
  SELECT * FROM annotations WHERE status = 'active' AND anchor IN ('exact', 'moved');

CREATE TABLE quote_counts (              -- what quotes are counted by, so that no speech has to be looked up
  annotation_id TEXT PRIMARY KEY REFERENCES annotations (id),  -- The quote
  point_id TEXT NOT NULL,                -- The point that it is about
  reading TEXT NOT NULL,                 -- said, implied or contradicts
  debate_id TEXT NOT NULL,               -- Debate of the speech
  month TEXT NOT NULL,                   -- Month of the speech: YYYY-MM
  speaker TEXT NOT NULL,                 -- person/N, else the name in the source, else "nobody"
  place INTEGER NOT NULL                 -- Rowid of the speech: order by this
) STRICT, WITHOUT ROWID;
CREATE INDEX quote_counts_by_point ON quote_counts (point_id, reading, month);
CREATE INDEX quote_counts_by_month ON quote_counts (month, point_id, reading);
CREATE INDEX quote_counts_by_speaker ON quote_counts (speaker, point_id, reading, month);
CREATE INDEX quote_counts_by_debate ON quote_counts (debate_id);
CREATE INDEX quote_counts_by_place ON quote_counts (place);

CREATE TABLE relevant_debates (          -- the debates that mention a topic or contain a quote
  debate_id TEXT PRIMARY KEY             -- The debate
) STRICT, WITHOUT ROWID;

CREATE TABLE speaker_counts (            -- who speaks in them (db/statements/speaker_counts.py)
  id TEXT PRIMARY KEY,                   -- person/N
  name TEXT NOT NULL,                    -- Newest name in the register, else the name in the source
  turns INTEGER NOT NULL,                -- Number of speeches in those debates
  debates INTEGER NOT NULL,              -- Number of those debates in which they speak
  first TEXT NOT NULL,                   -- Date of the first turn
  last TEXT NOT NULL,                    -- Date of the last turn
  party TEXT                             -- Party of one of the memberships on those days
) STRICT, WITHOUT ROWID;

CREATE TABLE repair_list (               -- the annotations whose words are not the speaker's: a person decides
  annotation_id TEXT PRIMARY KEY REFERENCES annotations (id),  -- The annotation
  anchor TEXT NOT NULL CHECK (anchor IN ('changed', 'lost')),  -- changed or lost
  old TEXT NOT NULL,                     -- The words looked for
  new TEXT,                              -- The words that took their place; null if lost
  difference TEXT NOT NULL,              -- JSON list of pairs: same, gone or new, and words
  evidence TEXT NOT NULL,                -- How that was decided
  advice TEXT NOT NULL                   -- What a person can do
) STRICT, WITHOUT ROWID;

CREATE TABLE replies (
  id TEXT PRIMARY KEY,                   -- Chosen by its author
  annotation_id TEXT NOT NULL REFERENCES annotations (id),  -- The annotation that it answers
  stance TEXT NOT NULL CHECK (stance IN ('agrees', 'disputes')),  -- agrees or disputes
  text TEXT NOT NULL,                    -- The reply; empty if it was withdrawn (the journal has it)
  creator TEXT NOT NULL,                 -- Author of the reply
  created TEXT NOT NULL,                 -- Given by its author: YYYY, YYYY-MM, YYYY-MM-DD or a time
  via TEXT,                              -- Address where it was published, if elsewhere
  actor TEXT NOT NULL,                   -- Person who entered it in the journal; empty if it comes from a file
  status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn')),  -- active or withdrawn
  position INTEGER NOT NULL              -- Order under its annotation
) STRICT;
CREATE INDEX replies_by_annotation ON replies (annotation_id);

CREATE TABLE moments (                   -- where in a video a speech or quote is heard
  id TEXT PRIMARY KEY,                   -- Chosen by its author
  target TEXT NOT NULL,                  -- gid of the speech, as tagged
  speech_id TEXT REFERENCES speeches (id),  -- The speech of that gid today
  annotation_id TEXT REFERENCES annotations (id),  -- The annotation whose words these are; null for the whole speech
  source TEXT NOT NULL,                  -- Address of the video
  start REAL NOT NULL CHECK (start >= 0),  -- Seconds from the beginning of the video
  end REAL,                              -- Seconds from the beginning of the video; null if not given
  url TEXT NOT NULL,                     -- W3C media fragment: source#t=start,end
  note TEXT NOT NULL,                    -- A remark
  creator TEXT NOT NULL,                 -- Person who tagged it
  created TEXT NOT NULL,                 -- Given by its author: YYYY, YYYY-MM, YYYY-MM-DD or a time
  actor TEXT NOT NULL,                   -- Person who entered it in the journal
  status TEXT NOT NULL CHECK (status IN ('active', 'withdrawn'))  -- active or withdrawn
) STRICT;
CREATE INDEX moments_by_speech ON moments (speech_id);

CREATE TABLE decisions (                 -- of people on suggestions; the last one of each
  suggestion TEXT PRIMARY KEY,           -- Key of the suggestion, as in suggestions.key
  status TEXT NOT NULL CHECK (status IN ('accepted', 'rejected')),  -- accepted or rejected
  suggester TEXT NOT NULL,               -- Program that made the suggestion
  version TEXT NOT NULL,                 -- Version of the suggester
  rule TEXT NOT NULL,                    -- Rule within the suggester; empty if it has no rules
  point_id TEXT NOT NULL,                -- The guidance point of the suggestion
  target TEXT,                           -- gid of the speech
  exact TEXT NOT NULL,                   -- The words suggested
  annotation_id TEXT,                    -- The annotation made from it; of a rejected one, made instead of it
  reason TEXT NOT NULL,                  -- Reason given; may be empty
  actor TEXT NOT NULL,                   -- Person who decided
  time TEXT NOT NULL,                    -- UTC time of the decision
  entry TEXT NOT NULL,                   -- Id of the journal entry
  score REAL NOT NULL                    -- How likely it was when it was decided; 1 where the entry does not say
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_by_maker ON decisions (suggester, rule, status);
CREATE INDEX decisions_by_actor ON decisions (actor);

CREATE TABLE skips (                     -- suggestions that people put off; each leaves that person's queue alone
  suggestion TEXT NOT NULL,              -- Key of the suggestion, as in suggestions.key
  actor TEXT NOT NULL,                   -- Person who skipped it
  point_id TEXT NOT NULL,                -- The guidance point of the suggestion
  target TEXT,                           -- gid of the speech
  exact TEXT NOT NULL,                   -- The words suggested
  time TEXT NOT NULL,                    -- UTC time when it was skipped last
  entry TEXT NOT NULL,                   -- Id of the journal entry
  PRIMARY KEY (actor, suggestion)
) STRICT, WITHOUT ROWID;

CREATE TABLE passes (                    -- one person's blind annotating of one debate
  person TEXT NOT NULL,                  -- Person who annotates the debate
  debate_id TEXT NOT NULL,               -- Today's id of the debate, or the id of then if the archive has no such
                                         -- debate
  begun TEXT,                            -- UTC time; null if it was begun elsewhere
  done TEXT,                             -- UTC time; null while it is open
  reopened INTEGER NOT NULL CHECK (reopened IN (0, 1)),  -- 1 if its beginning or end was undone once
  PRIMARY KEY (person, debate_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE annotation_history (        -- every entry of journal.db
  id TEXT PRIMARY KEY,                   -- Id of the entry: ids are in the order of time
  time TEXT NOT NULL,                    -- UTC time of the entry
  actor TEXT NOT NULL,                   -- Person who entered it
  kind TEXT NOT NULL,                    -- annotate, edit, reply, confirm, reject, skip, repair, withdraw, restore,
                                         -- undo, moment, begin, done or clock
  annotation_id TEXT,                    -- The annotation concerned; null if none
  summary TEXT NOT NULL,                 -- Description for readers, without words that are no longer shown
  undone INTEGER NOT NULL CHECK (undone IN (0, 1)),  -- 1 if a later entry undid it
  problem TEXT NOT NULL,                 -- Why it has no effect; empty if it has
  reply_id TEXT,                         -- The reply concerned; null if none
  moment_id TEXT,                        -- The moment of a video concerned; null if none
  moderates INTEGER NOT NULL CHECK (moderates IN (0, 1)),  -- 1 if it withdraws or restores what another person entered
  reason TEXT NOT NULL,                  -- Reason given; may be empty
  hash TEXT NOT NULL                     -- Hash in journal.db, over the entry and the hash before it
) STRICT, WITHOUT ROWID;
CREATE INDEX history_by_annotation ON annotation_history (annotation_id);
CREATE INDEX history_of_moderation ON annotation_history (id) WHERE moderates;
CREATE INDEX history_by_whom ON annotation_history (actor, kind, substr(time, 1, 7), moderates);  -- counts, without rows

CREATE TABLE last_shown_entry (          -- the last entry of journal.db that was shown: the journal must still have it
  id TEXT PRIMARY KEY,                   -- Id of the entry
  hash TEXT NOT NULL                     -- Its hash
) STRICT, WITHOUT ROWID;

CREATE TABLE load_mark (                 -- the last load of notes: while its mark holds, there is nothing to load
  mark TEXT PRIMARY KEY,                 -- Hash of all that it was made from
  counts TEXT NOT NULL,                  -- Counts that it printed
  warnings TEXT NOT NULL                 -- JSON list of warnings that it printed
) STRICT, WITHOUT ROWID;

CREATE TABLE suggestions (               -- made by programs; what people decided is in the journal
  id TEXT PRIMARY KEY,                   -- Made of speech, suggester, point and place
  key TEXT NOT NULL,                     -- Hash of suggester, point and normalized words: a decision holds for
                                         -- all places where they occur
  speech_id TEXT NOT NULL REFERENCES speeches (id),  -- The speech that holds the words
  point_id TEXT NOT NULL REFERENCES guidance_points (id),  -- The guidance point of the suggestion
  status TEXT NOT NULL CHECK (status IN ('proposed', 'accepted', 'rejected')),  -- proposed, accepted or rejected
  suggester TEXT NOT NULL,               -- Program that made the suggestion
  version TEXT NOT NULL,                 -- Version of the suggester
  rule TEXT NOT NULL,                    -- Rule within the suggester
  score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),  -- How sure it is, from 0 to 1; not comparable between suggesters
  evidence TEXT NOT NULL,                -- Why, in words
  triggers TEXT NOT NULL,                -- JSON list of the words in the speech that caused it
  start INTEGER NOT NULL,                -- Offset of the first character, in Unicode code points of the text
  end INTEGER NOT NULL,                  -- Offset after the last character
  exact TEXT NOT NULL,                   -- The words suggested
  prefix TEXT NOT NULL,                  -- Up to 32 characters before
  suffix TEXT NOT NULL,                  -- Up to 32 characters after
  told INTEGER NOT NULL CHECK (told IN (0, 1))  -- 1 once dispatch-box suggest has printed it
) STRICT;
CREATE INDEX suggestions_by_speech ON suggestions (speech_id);
CREATE INDEX suggestions_by_point ON suggestions (point_id, status);
CREATE INDEX suggestions_by_suggester ON suggestions (suggester);
CREATE INDEX suggestions_by_key ON suggestions (key);
CREATE INDEX suggestions_by_words ON suggestions (exact, point_id);  -- for the queue of review (web/review/queue.py)

-- Search ------------------------------------------------------------------------------------------------------------
-- The tables speeches_fts, debates_fts and annotations_fts are made by sqlite-utils (enable_fts, in
-- db/statements/store.py), over the texts of speeches, the titles of debates, and the words of quotes and notes. The rows
-- of a day enter them together: triggers would cost five times as much. Triggers keep that of annotations.

CREATE VIEW editions AS                  -- every wording of every speech; the best is the speech's own
  SELECT id AS speech_id,                -- The speech
         source,                         -- Source of this wording
         edition,                        -- Revision of the file: a letter; page or api for Parliament's own
         response_id,                    -- Id in archive.db of the response that first brought it
         received,                       -- UTC time when that response came
         gid AS source_gid,              -- The source's address of it
         speaker,                        -- Speaker as that source names them
         office,                         -- Office as printed beside the name
         column,                         -- Column where it begins, as printed
         text,                           -- The words
         1 AS best,                      -- 1 for the wording that is shown
         1.0 AS score,                   -- How certain the match with this speech is, from 0 to 1
         'the speech itself' AS evidence, -- Why it is matched with this speech, in words
         0 AS other_speaker              -- 1 if it certainly names another speaker than the speech does
    FROM speeches
   UNION ALL
  SELECT speech_id, source, edition, response_id, received, source_gid, speaker, office, column, text,
         0, score, evidence, other_speaker FROM wordings;

CREATE VIEW named AS                     -- every mention with where and by whom
  SELECT m.id,                           -- Number of the mention
         m.topic,                        -- The topic mentioned
         m.phrases,                      -- The set of phrases that found it
         d.date,                         -- Date of the sitting
         d.house,                        -- commons or lords
         d.kind,                         -- Kind of the debate
         d.id AS debate_id,              -- The debate
         d.title,                        -- Title of the debate
         m.speech_id,                    -- The speech; null if the mention is in the title
         s.speaker,                      -- Speaker who mentioned it; null in a title
         m.exact,                        -- The words there
         m.start,                        -- Offset of the first character, in Unicode code points of the text
         m.end,                          -- Offset after the last character
         coalesce(s.citation, d.citation) AS citation,  -- Citation of the speech, or of the debate
         coalesce(s.url, d.url) AS url   -- Address at TheyWorkForYou
    FROM mentions m LEFT JOIN speeches s ON s.id = m.speech_id
    JOIN debates d ON d.id = coalesce(m.debate_id, s.debate_id);

-- Tables by the names that they had before version 7
CREATE VIEW about AS SELECT * FROM relevant_debates;
CREATE VIEW heard AS SELECT * FROM speaker_counts;
CREATE VIEW counted AS SELECT * FROM quote_counts;
