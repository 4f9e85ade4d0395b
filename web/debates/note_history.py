"""What a debate’s page tells of its notes besides what they say: what people did with them, and which are lost."""

import sqlite3
from typing import NamedTuple

from db.rows import Row, rows
from db.statements.debates import ANNOTATION, grouped

HISTORY = """
SELECT h.* FROM speeches s JOIN annotations a ON a.speech_id = s.id JOIN annotation_history h ON h.annotation_id = a.id
 WHERE s.debate_id = ? ORDER BY h.id
"""
LOST = f"""
{ANNOTATION} WHERE s.debate_id = ? AND a.status = 'active' AND a.anchor = 'lost' ORDER BY s.position, a.id
"""


class Told(NamedTuple):
    """Entries of the journal by annotation, oldest first, and the annotations whose words are no longer found."""

    history: dict[str, list[Row]]
    lost: list[Row]


def of_debate(conn: sqlite3.Connection, id: str) -> Told:
    """What is told of the notes of a debate, by one query each."""
    return Told(grouped(rows(conn, HISTORY, (id,)), "annotation_id"), rows(conn, LOST, (id,)))
