"""The speakers of the speeches, as far as the register of people knows them."""

import sqlite3
from collections.abc import Iterator

from db.sqlite import Row, read_rows

COUNTS = """
SELECT (SELECT count(*) FROM persons) AS persons, (SELECT count(*) FROM memberships) AS memberships,
       (SELECT count(*) FROM offices) AS offices, count(*) AS spoken, count(person_id) AS persons_known,
       count(membership_id) AS memberships_known
  FROM speeches WHERE speaker IS NOT NULL
"""
UNRESOLVED_REASONS = """
SELECT reason, count(*) AS speeches, count(DISTINCT coalesce(named_id, speaker)) AS speakers
  FROM unresolved GROUP BY 1 ORDER BY 2 DESC, 1
"""
UNREGISTERED = "SELECT EXISTS (SELECT 1 FROM speeches WHERE speaker IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM persons)"
NO_REGISTER = (
    "Speakers are not identified: no register of people (people.json) has been fetched. "
    "dispatch-box scrape --source people fetches it from TheyWorkForYou, unless PARLDATA names another place; "
    "or put people.json and ministers.json into the folder above scrapedxml"
)
UNRESOLVED = "SELECT * FROM unresolved ORDER BY date, speech_id"


def describe_register(conn: sqlite3.Connection) -> Iterator[str]:
    """Yield lines with the numbers of people, of speakers known, and of others by reason."""
    (counts,) = read_rows(conn, COUNTS)
    yield f"persons {counts['persons']:,}, memberships {counts['memberships']:,}, offices {counts['offices']:,}"
    yield (
        f"speeches with a speaker {counts['spoken']:,}, person known {counts['persons_known']:,}, "
        f"membership of the day known {counts['memberships_known']:,}"
    )
    for row in read_rows(conn, UNRESOLVED_REASONS):
        yield f"unresolved {row['speeches']:,} (speakers {row['speakers']:,}): {row['reason']}"


def lacks_register(conn: sqlite3.Connection) -> bool:
    """Return True if speakers cannot be identified, since the archive has speeches and no register of people."""
    return bool(conn.execute(UNREGISTERED).fetchone()[0])


def list_unresolved(conn: sqlite3.Connection) -> list[Row]:
    """List the speeches whose speaker's membership is not known, with the id in the source and the reason."""
    return read_rows(conn, UNRESOLVED)
