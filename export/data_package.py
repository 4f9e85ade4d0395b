"""A Frictionless data package: every table as CSV, and a description of each."""

import csv
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from db.records.source import LICENCE_URL
from db.statements.columns import read_column_descriptions
from export.output_folder import OutputFolder

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_fts%' ESCAPE '\\' ORDER BY rowid"
MISSING_VALUE = "\\N"  # cell for NULL; an empty cell is an empty text
TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
DESCRIPTION = (
    "What was said in Parliament on a topic, what guidance says, and which quotes are about which point. Offsets count"
    " Unicode code points of speeches.text, end exclusive. An empty cell is an empty text; a cell without a value"
    " holds what missingValues says. The licence covers Parliament's words only, not the notes and summaries."
)
LICENCE = {"name": "OPL-UK-3.0", "path": LICENCE_URL, "title": "Open Parliament Licence v3.0"}
Metadata = Mapping[str, Mapping[str, Any]]


def write_tables(conn: sqlite3.Connection, folder: OutputFolder, metadata: Metadata) -> list[dict[str, Any]]:
    """Write data/TABLE.csv of every table; return the resources of a data package."""
    resources = []
    for (table,) in conn.execute(TABLES).fetchall():
        name = f"data/{table}.csv"
        rows = _write_csv(conn, table, folder.reserve_path(name))
        folder.record_file(name)
        resources.append(_describe_resource(conn, table, folder, metadata.get(table, {})) | {"x-rows": rows})
    return resources


def make_descriptor(
    resources: Sequence[dict[str, Any]], stamp: str, base: str, sources: Sequence[dict[str, str]]
) -> Any:
    """Make the descriptor of the package; `stamp` is the time of the newest data."""
    return {
        "profile": "tabular-data-package",
        "name": "dispatch-box",
        "title": "Dispatch Box",
        "description": DESCRIPTION,
        **({"homepage": f"{base}/"} if base else {}),
        "created": stamp,
        "licenses": [LICENCE],
        "sources": list(sources),
        "resources": list(resources),
    }


def _write_csv(conn: sqlite3.Connection, table: str, path: Path) -> int:
    none = _choose_missing_value(conn, table)
    rows = conn.execute(f'SELECT * FROM "{table}" ORDER BY {_choose_order(conn, table)}')
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\r\n")
        out.writerow([column[0] for column in rows.description])
        for row in rows:
            out.writerow([none if value is None else value for value in row])
    return int(conn.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])


def _choose_missing_value(conn: sqlite3.Connection, table: str) -> str:
    """Choose the text that stands for NULL in a table: one that no cell has."""
    columns = ", ".join(
        f'"{name}"' for _, name, kind, *_ in conn.execute(f'PRAGMA table_info("{table}")') if kind == "TEXT"
    )
    none = MISSING_VALUE
    while columns and conn.execute(f'SELECT 1 FROM "{table}" WHERE ? IN ({columns}) LIMIT 1', (none,)).fetchone():
        none += "N"
    return none


def _choose_order(conn: sqlite3.Connection, table: str) -> str:
    """Return the ORDER BY of a table: rowid, or its key where it has no rowid."""
    keys = [name for _, name, _, _, _, key in conn.execute(f'PRAGMA table_info("{table}")') if key]
    without = conn.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (table,)).fetchone()[0]
    return ", ".join(f'"{key}"' for key in keys) if without else "rowid"


def _describe_resource(
    conn: sqlite3.Connection, table: str, folder: OutputFolder, about: Mapping[str, Any]
) -> dict[str, Any]:
    name = f"data/{table}.csv"
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "path": name,
        "title": table.replace("_", " ").capitalize(),
        **({"description": about["description"]} if about.get("description") else {}),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": folder.files[name].size,
        "hash": f"sha256:{folder.files[name].sum}",
        "schema": _describe_schema(conn, table, read_column_descriptions().get(table, {})),
    }


def _describe_schema(conn: sqlite3.Connection, table: str, columns: Mapping[str, str]) -> dict[str, Any]:
    info = conn.execute(f'PRAGMA table_info("{table}")').fetchall()
    keys = [name for _, name, _, _, _, key in sorted(info, key=lambda column: column[5]) if key]
    fields = [
        {
            "name": name,
            "type": TYPES[kind],
            **({"description": columns[name]} if name in columns else {}),
            **({"constraints": {"required": True}} if needed or key else {}),
        }
        for _, name, kind, needed, _, key in info
    ]
    foreign = [
        {"fields": [here], "reference": {"resource": "" if other == table else other, "fields": [there]}}
        for _, _, other, here, there, *_ in conn.execute(f'PRAGMA foreign_key_list("{table}")')
    ]
    return {
        "fields": fields,
        "missingValues": [_choose_missing_value(conn, table)],
        **({"primaryKey": keys} if keys else {}),
        **({"foreignKeys": foreign} if foreign else {}),
    }
