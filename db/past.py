"""statements.db as it stood at a date, in TEMP tables: guidance published, debates held and words received by then."""

import sqlite3

GUIDANCE = """
CREATE TEMP TABLE guidance_documents AS
 SELECT * FROM main.guidance_documents WHERE substr(published, 1, length(:until)) <= :until;
CREATE TEMP TABLE guidance_points AS
 SELECT p.* FROM main.guidance_points p JOIN guidance_documents d ON d.id = p.document_id;
CREATE TEMP TABLE point_readings AS
 SELECT r.* FROM main.point_readings r JOIN guidance_points p ON p.id = r.point_id
  JOIN guidance_points q ON q.id = r.reads_id;
CREATE TEMP TABLE suggestions AS SELECT * FROM main.suggestions WHERE 0;
CREATE TEMP TABLE named AS SELECT * FROM main.named WHERE substr(date, 1, length(:until)) <= :until;
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
SPEECHES = """
CREATE TEMP VIEW speeches AS
 SELECT s.rowid AS rowid, {columns}, o.id IS NOT NULL AS older FROM main.speeches s LEFT JOIN older o ON o.id = s.id
"""
MENTIONS = """
CREATE TEMP TABLE mentions AS
 SELECT * FROM main.mentions WHERE speech_id IS NULL OR speech_id NOT IN (SELECT id FROM older)
"""
WORDED = ("text", "source", "edition", "response_id", "received", "speaker", "office", "column")
LATER = (
    "DELETE FROM annotations WHERE point_id NOT IN (SELECT id FROM guidance_points) OR speech_id IN"
    " (SELECT id FROM main.speeches WHERE substr(date, 1, length(:until)) > :until)",
    "DELETE FROM repair_list WHERE annotation_id NOT IN (SELECT id FROM annotations)",
    "DELETE FROM counted WHERE annotation_id NOT IN (SELECT id FROM annotations)",
    "DELETE FROM replies WHERE annotation_id NOT IN (SELECT id FROM annotations)",
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
    """Put guidance published by a date (YYYY, YYYY-MM or YYYY-MM-DD) and debates held by then before today's."""
    for statement in GUIDANCE.split(";\n"):
        if statement.strip():
            conn.execute(statement, {"until": until})


def worded(conn: sqlite3.Connection, until: str) -> set[str]:
    """Put the words of then before today's, unmarked; the ids of the annotations of those speeches."""
    conn.execute(OLDER, {"until": until})
    conn.execute("CREATE UNIQUE INDEX temp.older_by_id ON older (id)")
    if not conn.execute("SELECT 1 FROM older LIMIT 1").fetchone():
        return set()
    columns = [name for _, name, *_ in conn.execute("PRAGMA main.table_info(speeches)")]
    conn.execute(SPEECHES.format(columns=", ".join(map(_column, columns))))
    conn.execute(MENTIONS)
    return {id for (id,) in conn.execute("SELECT a.id FROM main.annotations a JOIN older o ON o.id = a.speech_id")}


def _column(name: str) -> str:
    """A column of a speech in SQL: that of its older edition, where it has one; markup is of today's words alone."""
    if name == "markup":
        return "iif(o.id IS NULL, s.markup, NULL) AS markup"
    return f"iif(o.id IS NULL, s.{name}, o.{name}) AS {name}" if name in WORDED else f"s.{name} AS {name}"


def without_later(conn: sqlite3.Connection, until: str) -> None:
    """Take away what is about guidance or debates of later, from the TEMP tables of what people said."""
    for statement in LATER:
        conn.execute(statement, {"until": until})


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
