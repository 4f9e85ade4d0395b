"""Cells that a spreadsheet takes for text."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: object) -> object:
    """A cell that a spreadsheet takes for text, whatever it begins with.

    >>> safe("=1+1")
    "'=1+1"
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
