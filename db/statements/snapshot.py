"""statements.db as it stood at a date, in TEMP tables: guidance published, debates held and words received by then."""

import sqlite3

BY_THEN = "substr({0}, 1, (SELECT length(until) FROM asked_day)) <= (SELECT until FROM asked_day)"
GUIDANCE = f"""
CREATE TEMP TABLE asked_day AS SELECT :until AS until;
CREATE TEMP TABLE guidance_documents AS SELECT * FROM main.guidance_documents WHERE {BY_THEN.format("published")};
CREATE TEMP TABLE guidance_points AS
 SELECT p.* FROM main.guidance_points p JOIN guidance_documents d ON d.id = p.document_id;
CREATE TEMP TABLE point_readings AS
 SELECT r.* FROM main.point_readings r JOIN guidance_points p ON p.id = r.point_id
  JOIN guidance_points q ON q.id = r.reads_id;
CREATE TEMP TABLE suggestions AS SELECT * FROM main.suggestions WHERE 0;
CREATE TEMP VIEW passages AS
 SELECT * FROM annotations WHERE status = 'active' AND anchor IN ('exact', 'moved');
"""
# The newest edition received by then; where none was, the newest of the day on which the first was received
OLDER = """
CREATE TEMP TABLE older AS
 WITH first AS (SELECT s.id, s.text AS now, s.received AS since,
                       substr(min(s.received, min(w.received)), 1, 10) AS day
                  FROM main.wordings w JOIN main.speeches s ON s.id = w.speech_id GROUP BY s.id),
      asked AS (SELECT id, now, since, iif(substr(day, 1, length(:until)) <= :until, :until, day) AS last FROM first)
 SELECT a.id, w.text, w.source, w.edition, w.response_id, w.received, w.speaker, w.office, w.column,
        max(w.received || printf('%012d', w.response_id)) AS newest
   FROM asked a JOIN main.wordings w ON w.speech_id = a.id
  WHERE substr(a.since, 1, length(a.last)) > a.last AND substr(w.received, 1, length(a.last)) <= a.last
    AND w.text <> a.now GROUP BY a.id
"""
# Of no join, so that a LEFT JOIN with it reads one row, and not all
SPEECHES = """
CREATE TEMP VIEW speeches AS
 SELECT s.rowid AS rowid, {columns}, s.id IN (SELECT id FROM older) AS older FROM main.speeches s {where}
"""
WORDED = ("text", "source", "edition", "response_id", "received", "speaker", "office", "column")
MENTIONED = f"""
CREATE TEMP VIEW mentions AS
 SELECT * FROM main.mentions WHERE speech_id IS NULL OR speech_id NOT IN (SELECT id FROM older);
CREATE TEMP TABLE named AS
 SELECT * FROM main.named
  WHERE {BY_THEN.format("date")} AND (speech_id IS NULL OR speech_id NOT IN (SELECT id FROM older));
CREATE TEMP VIEW wordings AS
 SELECT w.* FROM main.wordings w
  WHERE {BY_THEN.format("w.received")} OR substr(w.received, 1, 10) <=
        (SELECT substr(min(s.received, (SELECT min(received) FROM main.wordings WHERE speech_id = s.id)), 1, 10)
           FROM main.speeches s WHERE s.id = w.speech_id);
"""
# What the register tells of the time after that day is not known yet: what begins, and when what lasts will end
REGISTER = f"""
CREATE TEMP VIEW person_names AS SELECT * FROM main.person_names WHERE {BY_THEN.format("first")};
CREATE TEMP VIEW persons AS
 SELECT p.id, coalesce((SELECT name FROM person_names WHERE person_id = p.id
                         ORDER BY note = 'Main' DESC, last DESC, first DESC LIMIT 1), p.name) AS name
   FROM main.persons p;
"""
SPELLS = {
    "memberships": "id, person_id, house, party, constituency, start",
    "offices": "id, person_id, role, department, start",
}
SPELL = f"""
CREATE TEMP VIEW {{table}} AS
 SELECT {{told}}, first, iif({BY_THEN.format("last")}, end, '') AS end,
        iif({BY_THEN.format("last")}, last, '9999-12-31') AS last
   FROM main.{{table}} WHERE {BY_THEN.format("first")}
"""
LATER = (
    "DELETE FROM annotations WHERE point_id NOT IN (SELECT id FROM guidance_points) OR speech_id IN"
    f" (SELECT id FROM main.speeches WHERE NOT {BY_THEN.format('date')})",
    "DELETE FROM repair_list WHERE annotation_id NOT IN (SELECT id FROM annotations)",
    "DELETE FROM counted WHERE annotation_id NOT IN (SELECT id FROM annotations)",
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
MADE = "SELECT type, name FROM temp.sqlite_schema WHERE type IN ('table', 'view') ORDER BY type DESC"


def published(conn: sqlite3.Connection, until: str) -> None:
    """Put guidance published by a date (YYYY, YYYY-MM or YYYY-MM-DD) before today's, and people as they were known."""
    _each(conn, GUIDANCE + REGISTER, until)
    for table, told in SPELLS.items():
        conn.execute(SPELL.format(table=table, told=told))


def worded(conn: sqlite3.Connection, until: str) -> set[str]:
    """Put the words of then before today's, unmarked; the ids of the annotations of those speeches."""
    conn.execute(OLDER, {"until": until})
    conn.execute("CREATE UNIQUE INDEX temp.older_by_id ON older (id)")
    _each(conn, MENTIONED, until)
    _speeches(conn, "")
    return {id for (id,) in conn.execute("SELECT a.id FROM main.annotations a JOIN older o ON o.id = a.speech_id")}


def _each(conn: sqlite3.Connection, statements: str, until: str) -> None:
    for statement in statements.split(";\n"):
        if statement.strip():
            conn.execute(statement, {"until": until} if ":until" in statement else {})


def _speeches(conn: sqlite3.Connection, where: str) -> None:
    columns = [name for _, name, *_ in conn.execute("PRAGMA main.table_info(speeches)")]
    conn.execute(SPEECHES.format(columns=", ".join(map(_column, columns)), where=where))


def _column(name: str) -> str:
    """A column of a speech in SQL: that of its older edition, where it has one; markup is of today's words alone."""
    if name == "markup":
        return "iif(s.id IN (SELECT id FROM older), NULL, s.markup) AS markup"
    older = f"(SELECT {name} FROM older WHERE id = s.id)"
    return f"iif(s.id IN (SELECT id FROM older), {older}, s.{name}) AS {name}" if name in WORDED else f"s.{name}"


def without_later(conn: sqlite3.Connection) -> None:
    """Take away what was said later, and what is about guidance or debates of later."""
    for statement in LATER:
        conn.execute(statement)
    _speeches(conn, f"WHERE {BY_THEN.format('s.date')}")


def kept(conn: sqlite3.Connection, state: str) -> None:
    """Index what was made, and say for which state of everything it was."""
    for statement in INDEXES:
        conn.execute(statement)
    conn.execute("CREATE TEMP TABLE made_for AS SELECT ? AS state", (state,))


def made_for(conn: sqlite3.Connection) -> str | None:
    """The state that a connection's TEMP tables were made for; None where it has none."""
    if not conn.execute("SELECT 1 FROM temp.sqlite_schema WHERE name = 'made_for'").fetchone():
        return None
    return str(conn.execute("SELECT state FROM temp.made_for").fetchone()[0])


def forgotten(conn: sqlite3.Connection) -> None:
    """Take every TEMP table and view of a connection away."""
    for kind, name in conn.execute(MADE).fetchall():
        conn.execute(f"DROP {kind} temp.{name}")
