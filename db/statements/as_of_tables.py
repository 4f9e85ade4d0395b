"""statements.db as it stood on a date, in TEMP tables and views that shadow those of the file.

Guidance counts from its publication, a debate from its day, words from their receipt. Columns are read from the schema
of the connection, so that shadows have new columns too.
"""

import re
import sqlite3
from collections.abc import Iterable

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
# The newest edition received by the date; if there was none, the newest of the day when the first was received
OLDER_WORDINGS = """
CREATE TEMP TABLE older AS
 WITH first AS (SELECT s.id, s.text AS now, s.received AS since,
                       substr(min(s.received, min(w.received)), 1, 10) AS day
                  FROM main.wordings w JOIN main.speeches s ON s.id = w.speech_id GROUP BY s.id),
      asked AS (SELECT id, now, since, iif(substr(day, 1, length(:until)) <= :until, :until, day) AS last FROM first)
 SELECT a.id, {columns}, max(w.received || printf('%012d', w.response_id)) AS newest
   FROM asked a JOIN main.wordings w ON w.speech_id = a.id
  WHERE substr(a.since, 1, length(a.last)) > a.last AND substr(w.received, 1, length(a.last)) <= a.last
    AND w.text <> a.now GROUP BY a.id
"""
# Without a join, so that a LEFT JOIN with this view reads one row instead of all
SPEECHES_VIEW = """
CREATE TEMP VIEW speeches AS
 SELECT s.rowid AS rowid, {columns}, s.id IN (SELECT id FROM older) AS older FROM main.speeches s {where}
"""
MENTIONS_BY_THEN = f"""
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
    """Shadow speeches, wordings and mentions with the words of a date; return ids of annotations of changed speeches.

    An older wording has no markup and no mentions.
    """
    columns = ", ".join(f"w.{name}" for name in _list_shared_columns(conn))
    conn.execute(OLDER_WORDINGS.format(columns=columns), {"until": until})
    conn.execute("CREATE UNIQUE INDEX temp.older_by_id ON older (id)")
    _run_script(conn, MENTIONS_BY_THEN, until)
    _shadow_speeches(conn, "")
    return {id for (id,) in conn.execute("SELECT a.id FROM main.annotations a JOIN older o ON o.id = a.speech_id")}


def _run_script(conn: sqlite3.Connection, script: str, until: str) -> None:
    for statement in script.split(";\n"):
        if statement.strip():
            conn.execute(statement, {"until": until} if ":until" in statement else {})


def _list_columns(conn: sqlite3.Connection, table: str) -> list[str]:
    return [name for (name,) in conn.execute("SELECT name FROM pragma_table_info(?, 'main')", (table,))]


def _list_shared_columns(conn: sqlite3.Connection) -> list[str]:
    """List the columns that speeches and wordings share."""
    speech = _list_columns(conn, "speeches")
    return [name for name in _list_columns(conn, "wordings") if name in speech and name != "id"]


def _shadow_speeches(conn: sqlite3.Connection, where: str) -> None:
    worded = _list_shared_columns(conn)
    columns = ", ".join(_build_speech_column(name, name in worded) for name in _list_columns(conn, "speeches"))
    conn.execute(SPEECHES_VIEW.format(columns=columns, where=where))


def _build_speech_column(name: str, worded: bool) -> str:
    """Return the SQL of a column of speeches, from the older wording if there is one; older wordings have no markup."""
    if name == "markup":
        return "iif(s.id IN (SELECT id FROM older), NULL, s.markup) AS markup"
    older = f"(SELECT {name} FROM older WHERE id = s.id)"
    return f"iif(s.id IN (SELECT id FROM older), {older}, s.{name}) AS {name}" if worded else f"s.{name}"


def delete_later_rows(conn: sqlite3.Connection) -> None:
    """Delete later speeches, and annotations of later guidance or debates."""
    for statement in DELETE_LATER:
        conn.execute(statement)
    _shadow_speeches(conn, f"WHERE {BY_THEN.format('s.date')}")


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
