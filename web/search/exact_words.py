"""The check for exact words, after the index: it finds every form of a word, and quotation marks ask for one."""

import json
import re
import sqlite3
from collections.abc import Mapping
from functools import lru_cache

from web.rendering.folding import fold_text
from web.search.query_parser import Node, SearchTerm, write_expression

BY_INDEX = """
SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ? AND +rowid IN (SELECT value FROM json_each(?))
"""


def keep_exact(conn: sqlite3.Connection, table: str, node: Node, texts: Mapping[int, str]) -> set[int]:
    """Return which of the texts, by rowid, match a tree with its exact words; the index has found all of them."""
    folded = {rowid: fold_text(text) for rowid, text in texts.items()}
    return _evaluate(conn, table, node, folded, sure=True)


def _find_first_word(words: str) -> str:
    return str((re.findall(r"[^\W_]+", fold_text(words)) or [""])[0])


@lru_cache(maxsize=256)
def compile_exact(words: str) -> re.Pattern[str]:
    """Compile a pattern that finds exactly these words in a folded text.

    >>> bool(compile_exact("blog").search("he blogs")), bool(compile_exact("e mail").search("an e-mail"))
    (False, True)
    """
    found = r"[\W_]+".join(map(re.escape, re.findall(r"[^\W_]+", fold_text(words))))
    return re.compile(rf"(?<![^\W_]){found}(?![^\W_])")


def _evaluate(
    conn: sqlite3.Connection, table: str, node: Node, texts: Mapping[int, str], *, sure: bool = False
) -> set[int]:
    """Return the rowids that match a tree; `sure`: what the index found matches every term that need not be exact."""
    if isinstance(node, SearchTerm):
        if node.exact:
            pattern, start = compile_exact(node.words), _find_first_word(node.words)
            return {rowid for rowid, text in texts.items() if start in text and pattern.search(text)}
        if sure:
            return set(texts)
        asked = (write_expression(node), json.dumps(list(texts)))
        return {rowid for (rowid,) in conn.execute(BY_INDEX.format(table=table), asked)}
    sets = [_evaluate(conn, table, each, texts, sure=sure and not node.either) for each in node.wanted]
    found = set.union(*sets) if node.either else set.intersection(*sets)
    return found.difference(*(_evaluate(conn, table, each, texts) for each in node.without))
