-- Resolve each speaker on the day, once for every distinct id, house and date. Statements are separated by an empty line.
-- A load asks for the speakers of a day (INSERT INTO temp.asked) before it writes their rows; when the register has changed,
-- the statements that name speeches or votes ask for all of them, and write the result beside them.

CREATE TEMP TABLE IF NOT EXISTS asked (
  member_id TEXT NOT NULL,               -- as the source has it; empty where it has none
  named_id TEXT NOT NULL,                -- person_id as the source has it; empty where it has none
  house TEXT NOT NULL,
  date TEXT NOT NULL,
  own TEXT,                              -- the membership that member_id is, or leads to
  person_id TEXT,
  membership_id TEXT,
  party TEXT,
  constituency TEXT,
  offices TEXT,
  reason TEXT,
  PRIMARY KEY (member_id, named_id, house, date)
) WITHOUT ROWID;

DELETE FROM temp.asked;

INSERT OR IGNORE INTO temp.asked (member_id, named_id, house, date)
SELECT coalesce(member_id, ''), coalesce(source_person_id, person_id, ''), house, date
  FROM speeches
 WHERE speaker IS NOT NULL OR member_id IS NOT NULL OR person_id IS NOT NULL;

INSERT OR IGNORE INTO temp.asked (member_id, named_id, house, date)
SELECT coalesce(v.member_id, ''), coalesce(v.source_person_id, v.person_id, ''), s.house, s.date
  FROM votes v CROSS JOIN speeches s ON s.id = v.division_id;

-- One membership, named by its id
UPDATE temp.asked SET own = m.id, person_id = m.person_id
  FROM memberships m
 WHERE m.id = coalesce((SELECT id FROM people_redirects WHERE old_id = asked.member_id), asked.member_id);

-- A person, by Parliament's number, which must be of one person alone
UPDATE temp.asked SET person_id = (
  SELECT min(i.person_id) FROM person_ids i
   WHERE i.scheme = 'datadotparl_id' AND i.identifier = substr(asked.member_id, 6) HAVING count(*) = 1)
 WHERE member_id GLOB 'mnis/*';

-- A person, named by their id
UPDATE temp.asked SET person_id = p.id
  FROM persons p
 WHERE asked.person_id IS NULL AND p.name IS NOT NULL
   AND p.id = coalesce((SELECT id FROM people_redirects WHERE old_id = asked.named_id), asked.named_id);

-- Two ids of two different persons name neither
UPDATE temp.asked SET own = NULL, person_id = NULL, reason = 'its two ids are of two persons'
 WHERE person_id <> (SELECT p.id FROM persons p
   WHERE p.id = coalesce((SELECT id FROM people_redirects WHERE old_id = asked.named_id), asked.named_id));

UPDATE temp.asked SET membership_id = CASE
  WHEN own IS NOT NULL THEN (
    SELECT m.id FROM memberships m WHERE m.id = asked.own AND asked.date BETWEEN m.first AND m.last)
  ELSE (
    SELECT min(m.id) FROM memberships m
     WHERE m.person_id = asked.person_id AND m.house = asked.house AND asked.date BETWEEN m.first AND m.last
    HAVING count(*) = 1)
  END
 WHERE person_id IS NOT NULL;

UPDATE temp.asked SET party = m.party, constituency = m.constituency FROM memberships m WHERE m.id = asked.membership_id;

UPDATE temp.asked SET offices = (
  SELECT group_concat(held, '; ') FROM (
    SELECT coalesce(o.role || ', ' || o.department, o.role, o.department) AS held FROM offices o
     WHERE o.person_id = asked.person_id AND asked.date BETWEEN o.first AND o.last
     GROUP BY 1 ORDER BY min(o.first), min(o.id)))
 WHERE person_id IS NOT NULL;

UPDATE temp.asked SET reason = CASE
  WHEN member_id = '' AND named_id = '' THEN 'the source gives no id'
  WHEN NOT EXISTS (SELECT 1 FROM persons WHERE name IS NOT NULL) THEN 'people.json has not been loaded'
  WHEN person_id IS NULL AND EXISTS (
    SELECT 1 FROM people_redirects WHERE old_id IN (asked.member_id, asked.named_id) AND id IS NULL)
    THEN 'its redirect in people.json leads nowhere'
  WHEN person_id IS NULL AND member_id GLOB 'mnis/*' THEN CASE
    WHEN EXISTS (SELECT 1 FROM person_ids WHERE scheme = 'datadotparl_id' AND identifier = substr(asked.member_id, 6))
    THEN 'several persons in people.json have that number' ELSE 'no person in people.json has that number' END
  WHEN person_id IS NULL AND member_id <> '' THEN 'no such membership in people.json'
  WHEN person_id IS NULL THEN 'no such person in people.json'
  WHEN own IS NOT NULL THEN 'membership not dated to that day'
  WHEN EXISTS (
    SELECT 1 FROM memberships m
     WHERE m.person_id = asked.person_id AND m.house = asked.house AND asked.date BETWEEN m.first AND m.last)
    THEN 'several memberships of that house on that day'
  ELSE 'no membership of that house on that day' END
 WHERE membership_id IS NULL AND reason IS NULL;

UPDATE speeches
   SET source_person_id = a.named_id, person_id = coalesce(a.person_id, nullif(a.named_id, '')),
       membership_id = a.membership_id, party = a.party, constituency = a.constituency, offices = a.offices,
       unresolved = a.reason
  FROM temp.asked a
 WHERE (speeches.speaker IS NOT NULL OR speeches.member_id IS NOT NULL OR speeches.person_id IS NOT NULL)
   AND a.member_id = coalesce(speeches.member_id, '')
   AND a.named_id = coalesce(speeches.source_person_id, speeches.person_id, '')
   AND a.house = speeches.house AND a.date = speeches.date
   AND (speeches.source_person_id, speeches.person_id, speeches.membership_id, speeches.party, speeches.constituency,
        speeches.offices, speeches.unresolved)
       IS NOT (a.named_id, coalesce(a.person_id, nullif(a.named_id, '')), a.membership_id, a.party, a.constituency,
               a.offices, a.reason);

UPDATE votes SET source_person_id = a.named_id, person_id = coalesce(a.person_id, nullif(a.named_id, ''))
  FROM temp.asked a, speeches s
 WHERE s.id = votes.division_id
   AND a.member_id = coalesce(votes.member_id, '')
   AND a.named_id = coalesce(votes.source_person_id, votes.person_id, '')
   AND a.house = s.house AND a.date = s.date
   AND (votes.source_person_id, votes.person_id) IS NOT (a.named_id, coalesce(a.person_id, nullif(a.named_id, '')))
