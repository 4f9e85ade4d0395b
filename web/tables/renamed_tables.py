"""Addresses of rows of renamed tables: the old names are views, and a view has no pages of rows."""

from typing import Any

from web.http.pages import redirect_permanently

RENAMED = {"about": "relevant_debates", "counted": "quote_counts", "heard": "speaker_counts"}


async def redirect_row(request: Any) -> Any:
    """Redirect the address of a row to that under the table's name of today."""
    query = f"?{request.query_string}" if request.query_string else ""
    row = request.path.rpartition("/")[2]
    return redirect_permanently(f"/statements/{RENAMED[request.url_vars['table']]}/{row}{query}")
