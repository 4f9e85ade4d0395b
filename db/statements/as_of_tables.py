"""statements.db as it stood on a date, in TEMP tables and views that shadow those of the file.

Guidance counts from its publication, a debate from its day, words from their receipt. Columns are read from the schema
of the connection, so that shadows have new columns too.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable

from db.statements.annotations import ANNOTATION_TABLES, GUIDANCE_TABLES

BY_THEN = "substr({0}, 1, (SELECT length(until) FROM asked_day)) <= (SELECT until FROM asked_day)"
GUIDANCE_BY_THEN = f"""
CREATE TEMP TABLE asked_day AS SELECT :until AS until;
CREATE TEMP TABLE guidance_documents AS SELECT * FROM main.guidance_documents WHERE {BY_THEN.format("published")};
CREATE TEMP TABLE guidance_points AS
 SELECT p.* FROM main.guidance_points p JOIN guidance_documents d ON d.id = p.document_id;
CREATE TEMP TABLE point_readings AS
 SELECT r.* FROM main.point_readings r JOIN guidance_points p ON p.id = r.point_id
  JOIN guidance_points q ON q.id = r.reads_id;
CREATE TEMP TABLE suggestions AS SELECT * FROM main.suggestions WHERE 0;
CREATE TEMP VIEW person_names AS SELECT * FROM main.person_names WHERE {BY_THEN.format("first")};
"""
# How speeches were held at the end of the date, where that is not as today: of before the first day, as on that day
PAST_NOW = """
CREATE TEMP TABLE past_now AS
 WITH firsts AS (SELECT speech_id, min(from_day) AS day FROM main.past_speeches GROUP BY speech_id)
 SELECT p.* FROM firsts f JOIN main.past_speeches p ON p.speech_id = f.speech_id
  WHERE iif(substr(f.day, 1, length(:until)) <= :until,
            substr(p.from_day, 1, length(:until)) <= :until AND substr(p.to_day, 1, length(:until)) > :until,
            p.from_day = f.day AND NOT EXISTS (SELECT 1 FROM main.wordings w WHERE w.speech_id = p.speech_id
                                                  AND substr(w.received, 1, length(:until)) <= :until))
"""
# For others the newest edition received by the date; if there was none, the newest of the day when the first came
OLDER_WORDINGS = """
CREATE TEMP TABLE older AS
 WITH first AS (SELECT s.id, s.text AS now, s.since, substr(min(s.since, min(w.received)), 1, 10) AS day
                  FROM main.wordings w JOIN main.speeches s ON s.id = w.speech_id
                 WHERE s.id NOT IN (SELECT speech_id FROM past_now) GROUP BY s.id),
      asked AS (SELECT id, now, since, iif(substr(day, 1, length(:until)) <= :until, :until, day) AS last FROM first),
      newest AS (SELECT w.*, max(w.received || printf('%012d', w.response_id)) AS newest
                   FROM asked a JOIN main.wordings w ON w.speech_id = a.id
                  WHERE substr(a.since, 1, length(a.last)) > a.last AND substr(w.received, 1, length(a.last)) <= a.last
                    AND w.text <> a.now GROUP BY a.id)
 SELECT s.rowid AS place, {worded}, 0 AS same_text, w.other_speaker AS renamed
   FROM newest w JOIN main.speeches s ON s.id = w.speech_id
  UNION ALL
 SELECT s.rowid, {held}, p.text = s.text, p.speaker IS NOT s.speaker AND
        coalesce(p.person_id, p.member_id, p.speaker) IS NOT coalesce(s.person_id, s.member_id, s.speaker)
   FROM past_now p JOIN main.speeches s ON s.id = p.speech_id WHERE p.held
"""
WITHDRAWN_SINCE = """
CREATE TEMP TABLE withdrawn_since AS
 SELECT d.rowid - d.position + p.position AS place, {columns}
   FROM past_now p JOIN main.debates d ON d.id = p.debate_id
  WHERE p.held AND p.speech_id NOT IN (SELECT id FROM main.speeches)
"""
# Without a join, so that a LEFT JOIN with this view reads one row instead of all; with a union only where it is needed
SPEECHES_VIEW = """
CREATE TEMP VIEW speeches AS
 SELECT s.rowid AS rowid, {columns}, s.id IN (SELECT id FROM older) AS older,
        (SELECT same_text FROM older WHERE id = s.id) AS same_text,
        (SELECT renamed FROM older WHERE id = s.id) AS renamed FROM main.speeches s
  WHERE s.id NOT IN (SELECT speech_id FROM past_now WHERE NOT held) {by_then}
"""
WITH_WITHDRAWN = " UNION ALL SELECT s.place, {columns}, 2, NULL, NULL FROM withdrawn_since s WHERE 1 {by_then}"
WITHDRAWN_VIEW = f"""
CREATE TEMP VIEW withdrawn_speeches AS
 SELECT {{columns}} FROM main.withdrawn_speeches w
  WHERE {BY_THEN.format("w.withdrawn")} AND w.gid NOT IN (SELECT gid FROM withdrawn_since)
  UNION ALL
 SELECT {{then}} FROM past_now n JOIN main.past_speeches p
     ON p.speech_id = n.speech_id AND p.to_day = n.from_day AND p.held AND NOT n.held
"""
OTHER_WORDS = "SELECT id FROM older WHERE NOT same_text UNION ALL SELECT speech_id FROM past_now WHERE NOT held"
MENTIONS_BY_THEN = f"""
CREATE TEMP VIEW mentions AS
 SELECT * FROM main.mentions WHERE speech_id IS NULL OR speech_id NOT IN ({OTHER_WORDS});
CREATE TEMP TABLE named AS
 SELECT * FROM main.named
  WHERE {BY_THEN.format("date")} AND (speech_id IS NULL OR speech_id NOT IN ({OTHER_WORDS}));
"""
# Without the wording that was the speech's own then; the speaker of each is compared with the one named then
WORDINGS_VIEW = f"""
CREATE TEMP VIEW wordings AS
 SELECT {{columns}} FROM main.wordings w
  WHERE ({BY_THEN.format("w.received")} OR substr(w.received, 1, 10) <=
         (SELECT substr(min(s.since, (SELECT min(received) FROM main.wordings WHERE speech_id = s.id)), 1, 10)
            FROM main.speeches s WHERE s.id = w.speech_id))
    AND NOT EXISTS (SELECT 1 FROM older o WHERE o.id = w.speech_id AND o.source = w.source AND o.text = w.text
                       AND o.speaker IS w.speaker)
"""
OTHER_SPEAKER = (
    "coalesce((SELECT o.speaker IS NOT w.speaker AND (o.renamed OR w.other_speaker) FROM older o"
    " WHERE o.id = w.speech_id), w.other_speaker) AS other_speaker"
)
RECEIVED_FIRST = {"received": "since", "edition": "since_edition", "response_id": "since_response_id"}
INDEXED_COLUMNS = ("debate_id", "person_id", "gid", "date")  # of speeches, by which pages find them
HIDE_LATER_END = {
    "end": f"iif({BY_THEN.format('last')}, end, '')",
    "last": f"iif({BY_THEN.format('last')}, last, '9999-12-31')",
}
# The register did not know yet what came after the date: later memberships and offices, and later ends
REGISTER_COLUMNS = {
    "persons": {
        "name": "coalesce((SELECT name FROM person_names WHERE person_id = persons.id"
        " ORDER BY note = 'Main' DESC, last DESC, first DESC LIMIT 1), persons.name)"
    },
    "memberships": HIDE_LATER_END,
    "offices": HIDE_LATER_END,
}
DELETE_LATER = (
    "DELETE FROM annotations WHERE point_id NOT IN (SELECT id FROM guidance_points) OR speech_id IN"
    f" (SELECT id FROM main.speeches WHERE NOT {BY_THEN.format('date')})",
    "DELETE FROM repair_list WHERE annotation_id NOT IN (SELECT id FROM annotations)",
    "DELETE FROM quote_counts WHERE annotation_id NOT IN (SELECT id FROM annotations)",
    "DELETE FROM replies WHERE annotation_id NOT IN (SELECT id FROM annotations)",
    "DROP VIEW temp.speeches",
)
INDEXES = (
    "CREATE UNIQUE INDEX temp.then_by_id ON annotations (id)",
    "CREATE INDEX temp.then_by_speech ON annotations (speech_id)",
    "CREATE INDEX temp.then_by_point ON annotations (point_id)",
    "CREATE INDEX temp.then_replies ON replies (annotation_id)",
    "CREATE UNIQUE INDEX temp.then_repairs ON repair_list (annotation_id)",
    "CREATE INDEX temp.then_named ON named (debate_id)",
)
VIEWS = """
SELECT name, sql FROM main.sqlite_schema
 WHERE type = 'view' AND name NOT IN (SELECT name FROM temp.sqlite_schema) ORDER BY rowid
"""
SHADOWS = "SELECT type, name FROM temp.sqlite_schema WHERE type IN ('table', 'view') ORDER BY type DESC"


ANNOTATIONS_OF_THEN = """
SELECT id FROM main.annotations WHERE speech_id IN (SELECT id FROM older UNION SELECT speech_id FROM past_now)
    OR speech_id IS NULL AND EXISTS (SELECT 1 FROM withdrawn_since)
"""


# Those whose speech or annotation may be another on the date
MOMENTS_OF_THEN = """
SELECT id FROM moments WHERE speech_id IS NULL OR speech_id IN (SELECT speech_id FROM past_now)
    OR annotation_id IN (SELECT id FROM annotations WHERE point_id NOT IN (SELECT id FROM guidance_points))
"""
PASSES = "SELECT person, debate_id FROM passes WHERE person IN (SELECT value FROM json_each(?))"


def shadow_guidance_and_register(conn: sqlite3.Connection, until: str) -> None:
    """Shadow guidance by what was published by a date (YYYY, YYYY-MM or YYYY-MM-DD), and the register as known then."""
    _run_script(conn, GUIDANCE_BY_THEN, until)
    for table, replaced in REGISTER_COLUMNS.items():
        names = _list_columns(conn, table)
        columns = ", ".join(f"{replaced[name]} AS {name}" if name in replaced else name for name in names)
        where = f"WHERE {BY_THEN.format('first')}" if "first" in names else ""
        conn.execute(f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table} {where}")


def copy_annotations(conn: sqlite3.Connection) -> None:
    """Shadow all annotation tables with copies that can be changed, and the views that read them or guidance."""
    for table in ANNOTATION_TABLES:
        conn.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table}")
    recreate_views(conn, (*ANNOTATION_TABLES, *GUIDANCE_TABLES))


def recreate_views(conn: sqlite3.Connection, tables: Iterable[str]) -> None:
    """Create the views that read these tables again in temp, where they read the TEMP tables instead."""
    shadowed = set(tables)
    for name, sql in conn.execute(VIEWS).fetchall():
        if shadowed & set(re.findall(r"\w+", re.sub(r"--.*", "", sql))):
            conn.execute(f"CREATE TEMP VIEW {sql.removeprefix('CREATE VIEW ')}")
            shadowed.add(name)


def shadow_wordings(conn: sqlite3.Connection, until: str) -> set[str]:
    """Shadow speeches, wordings and mentions with the words and speakers of a date; return ids of annotations of those.

    Words that have changed since have no markup and no mentions. A speech that was withdrawn later is there again, and
    one that came later is not there.
    """
    speech, wording, past = (_list_columns(conn, table) for table in ("speeches", "wordings", "past_speeches"))
    conn.execute(PAST_NOW, {"until": until})
    worded = ", ".join(f"{'w' if name in wording and name != 'id' else 's'}.{name}" for name in speech)
    held = ", ".join(_build_held_column(name, past) for name in speech)
    conn.execute(OLDER_WORDINGS.format(worded=worded, held=held), {"until": until})
    conn.execute(WITHDRAWN_SINCE.format(columns=", ".join(_build_withdrawn_column(name, past) for name in speech)))
    for table in ("older", "withdrawn_since"):
        conn.execute(f"CREATE UNIQUE INDEX temp.{table}_by_id ON {table} (id)")
    conn.execute("CREATE INDEX temp.withdrawn_since_by_debate ON withdrawn_since (debate_id)")
    _run_script(conn, MENTIONS_BY_THEN, until)
    compared = (OTHER_SPEAKER if name == "other_speaker" else f"w.{name}" for name in wording)
    conn.execute(WORDINGS_VIEW.format(columns=", ".join(compared)))
    _shadow_withdrawn_speeches(conn, past)
    _shadow_speeches(conn, "")
    recreate_views(conn, ("speeches", "wordings"))
    return {id for (id,) in conn.execute(ANNOTATIONS_OF_THEN)}


def list_moments_of_then(conn: sqlite3.Connection) -> list[str]:
    """List the ids of moments that may be shown elsewhere on the date, because speeches or guidance were others."""
    return [id for (id,) in conn.execute(MOMENTS_OF_THEN)]


def list_passes(conn: sqlite3.Connection, people: Collection[str]) -> set[tuple[str, str]]:
    """List the passes of some people: pairs of the person and the id of the debate."""
    return {(person, debate) for person, debate in conn.execute(PASSES, (json.dumps(sorted(people)),))}


def _shadow_withdrawn_speeches(conn: sqlite3.Connection, past: Iterable[str]) -> None:
    """Shadow the withdrawn speeches with those that were gone by then, also if they have come back since."""
    names = _list_columns(conn, "withdrawn_speeches")
    then = {"id": "n.id", "withdrawn": "n.from_day || 'T00:00:00Z'", "evidence": "'it was in no file of that day'"}
    then |= {"kind": "(SELECT kind FROM main.debates WHERE id = p.debate_id)"}
    built = (f"{then.get(name) or (f'p.{name}' if name in past else 'NULL')} AS {name}" for name in names)
    conn.execute(WITHDRAWN_VIEW.format(columns=", ".join(f"w.{name}" for name in names), then=", ".join(built)))


def _run_script(conn: sqlite3.Connection, script: str, until: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            conn.execute(statement, {"until": until} if ":until" in statement else {})


def _list_columns(conn: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in conn.execute("SELECT name FROM pragma_table_info(?, 'main')", (table,))]


def _build_held_column(name: str, past: Iterable[str]) -> str:
    """Return the SQL of a column of a speech that is there today too, as it was held."""
    if name == "markup":
        return "iif(p.text = s.text, s.markup, NULL) AS markup"
    return f"p.{name}" if name in past and name != "id" else f"s.{name}"


def _build_withdrawn_column(name: str, past: Iterable[str]) -> str:
    """Return the SQL of a column of a speech that is not there today."""
    given = {"id": "p.speech_id", "damage": "''", "since": "p.received", "since_edition": "p.edition"}
    given |= {"since_response_id": "p.response_id"}
    return f"{given.get(name) or (f'p.{name}' if name in past else 'NULL')} AS {name}"


def _shadow_speeches(conn: sqlite3.Connection, by_then: str) -> None:
    names, same = _list_columns(conn, "speeches"), _list_unmoved_columns(conn)
    columns = (f"s.{name}" if name in same else _build_speech_column(name) for name in names)
    view = SPEECHES_VIEW.format(columns=", ".join(columns), by_then=by_then)
    if conn.execute("SELECT 1 FROM withdrawn_since").fetchone():
        view += WITH_WITHDRAWN.format(columns=", ".join(f"s.{name}" for name in names), by_then=by_then)
    conn.execute(view)


def _list_unmoved_columns(conn: sqlite3.Connection) -> list[str]:
    """List the columns in which no speech was held otherwise then: an index answers questions about them."""
    moved = ", ".join(f"max(o.{name} IS NOT s.{name})" for name in INDEXED_COLUMNS)
    query = f"SELECT {moved} FROM older o JOIN main.speeches s ON s.id = o.id"
    found = conn.execute(query).fetchone()
    return ["id", *(name for name, differs in zip(INDEXED_COLUMNS, found, strict=True) if not differs)]


def _build_speech_column(name: str) -> str:
    """Return the SQL of a column of speeches: as it was held then, or today's, which came before today's file."""
    older, now = f"(SELECT {name} FROM older WHERE id = s.id)", f"s.{RECEIVED_FIRST.get(name, name)}"
    return f"iif(s.id IN (SELECT id FROM older), {older}, {now}) AS {name}"


def delete_later_rows(conn: sqlite3.Connection) -> None:
    """Delete later speeches, and annotations of later guidance or debates."""
    for statement in DELETE_LATER:
        conn.execute(statement)
    _shadow_speeches(conn, f"AND {BY_THEN.format('s.date')}")


def index_shadows(conn: sqlite3.Connection, state: str) -> None:
    """Index the TEMP tables, and store the state of the archive that they were made for."""
    for statement in INDEXES:
        conn.execute(statement)
    conn.execute("CREATE TEMP TABLE made_for AS SELECT ? AS state", (state,))


def read_shadow_state(conn: sqlite3.Connection) -> str | None:
    """Return the state that a connection's TEMP tables were made for; None if it has none."""
    if not conn.execute("SELECT 1 FROM temp.sqlite_schema WHERE name = 'made_for'").fetchone():
        return None
    return str(conn.execute("SELECT state FROM temp.made_for").fetchone()[0])


def drop_shadows(conn: sqlite3.Connection) -> None:
    """Drop every TEMP table and view of a connection."""
    for kind, name in conn.execute(SHADOWS).fetchall():
        conn.execute(f"DROP {kind} temp.{name}")
