"""A speech as it was when words of it were quoted, where that is not today's: withdrawn, or since corrected."""

import sqlite3

from db.records.annotation import OTHER_SPEAKER_EVIDENCE
from db.sqlite import Row, read_first_row
from db.statements.withdrawn_speeches import find_withdrawn_speech

CORRECTED_SPEAKER = """
SELECT w.speaker, w.office, s.date, s.citation, d.title, '' AS withdrawal, '/speech/' || s.id AS address
  FROM wordings w JOIN speeches s ON s.id = w.speech_id JOIN debates d ON d.id = s.debate_id
 WHERE w.speech_id = ? AND w.source_gid = ? AND w.other_speaker ORDER BY w.received DESC, w.id DESC LIMIT 1
"""


def find_quoted_speech(conn: sqlite3.Connection, annotation: Row) -> Row | None:
    """Find the speech that the words of an annotation (a row) were quoted from; None where that is today's.

    The row has speaker, office, date, citation, title and address, and `withdrawal` in words, which is empty where only
    the speaker was corrected.
    """
    if annotation["speech_id"] is None:
        return find_withdrawn_speech(conn, annotation["target"])
    if annotation["anchor"] != "changed" or not annotation["evidence"].endswith(OTHER_SPEAKER_EVIDENCE):
        return None
    return read_first_row(conn, CORRECTED_SPEAKER, (annotation["speech_id"], annotation["target"]))
