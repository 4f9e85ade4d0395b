"""Descriptions of columns on Datasette's pages of tables, read from the schema, and the licence on those of rows."""

from typing import Any

from datasette import hookimpl

from db.statements.columns import read_column_descriptions

INHERITED = ("license", "license_url", "source", "source_url")


@hookimpl
def get_metadata(datasette: Any, key: str | None) -> dict[str, Any]:
    """Add the columns of statements.db and the site's licence and source to what metadata.json says of each table.

    Datasette looks for the licence of a row at its table alone.
    """
    if key not in (None, "databases", "columns"):
        return {}
    licence = {name: value for name in INHERITED if (value := datasette.metadata(name))}
    tables = {table: {**licence, "columns": dict(columns)} for table, columns in read_column_descriptions().items()}
    return {"databases": {"statements": {"tables": tables}}}
