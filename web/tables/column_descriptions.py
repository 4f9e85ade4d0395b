"""Descriptions of columns on Datasette's pages of tables, read from the schema."""

from typing import Any

from datasette import hookimpl

from db.statements.columns import read_column_descriptions


@hookimpl
def get_metadata(key: str | None) -> dict[str, Any]:
    """Add the description of every column of statements.db to what metadata.json says of its table."""
    if key not in (None, "databases", "columns"):
        return {}
    tables = {table: {"columns": columns} for table, columns in read_column_descriptions().items()}
    return {"databases": {"statements": {"tables": tables}}}
