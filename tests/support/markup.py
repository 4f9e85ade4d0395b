"""Words that would be markup, and rows that are full of them."""

import json

from db.statements import store

HOSTILE = [
    "'",
    '"',
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%00",
    "\0",
    "🎉",
    "-1",
    "9" * 30,
    "x" * 9_000,
    "{{7*7}}",
    "%",
    "a/b",
]
SCRIPT = '"><script>alert(1)</script>'


def insert_hostile_rows(conn):
    """One row a table, hostile wherever the schema allows text; ids, dates and what is checked stay as they must."""
    fixed = {
        *(("kind", "debates"), ("house", "commons"), ("date", "2008-01-01"), ("reading", "said"), ("anchor", "exact")),
        *(
            ("stance", "agrees"),
            ("status", "proposed"),
            ("start", 0),
            ("end", 5),
            ("created", "2008-01-01"),
            ("time", None),
        ),
        *(
            ("published", "2008"),
            ("debate_id", "d-2008-01-01a-1-1"),
            ("speech_id", "d-2008-01-01a-1-2"),
            ("parent_id", None),
        ),
        *(
            ("point_id", "doc/point"),
            ("document_id", "doc"),
            ("triggers", json.dumps([SCRIPT])),
            ("url", "javascript:alert(1)"),
        ),
        *(("via", SCRIPT), ("received", "2008-01-01T00:00:00Z"), ("annotation_id", "a"), ("markup", f"<p>{SCRIPT}")),
    }
    own = {
        "debates": {"id": "d-2008-01-01a-1-1"},
        "speeches": {"id": "d-2008-01-01a-1-2", "kind": "speech"},
        "guidance_documents": {"id": "doc"},
        "guidance_points": {"id": "doc/point"},
        "annotations": {"id": "a", "status": "active", "confirmed": "2008-01-02"},
        "replies": {"status": "active"},
        "mentions": {"debate_id": None, "topic": SCRIPT},
        "topics": {"id": SCRIPT},
    }
    for table in ("topics", "debates", "speeches", "mentions", "quarantine", "guidance_documents", "guidance_points"):
        insert(conn, table, dict(fixed) | own.get(table, {}))
    for table in ("annotations", "replies", "suggestions"):
        insert(conn, table, dict(fixed) | own.get(table, {}))
    conn.execute("INSERT INTO speeches_fts (rowid, text) SELECT rowid, text FROM speeches")
    conn.execute("INSERT INTO debates_fts (rowid, title) SELECT rowid, title FROM debates")


def insert(conn, table, values):
    columns = conn.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
    row = {name: values.get(name, SCRIPT if type == "TEXT" else 1) for name, type in columns}
    names = ", ".join(f'"{name}"' for name in row)
    rowid = store.compute_first_rowid("debates", "2008-01-01") if table in ("debates", "speeches") else 1
    conn.execute(f"INSERT INTO {table} (rowid, {names}) VALUES (?{', ?' * len(row)})", (rowid, *row.values()))
