"""Further points suggested for a sentence, written to a database."""

from contextlib import closing

from datasette.utils.sqlite import sqlite3


def suggest_more(folder, key, **scores):
    """Suggest further points for the sentence of a suggestion, with these scores; return the points' ids."""
    with closing(sqlite3.connect(folder / "statements.db")) as conn, conn:
        taken = "SELECT point_id FROM suggestions WHERE exact = (SELECT exact FROM suggestions WHERE key = ?)"
        free = conn.execute(f"SELECT id FROM guidance_points WHERE id NOT IN ({taken}) ORDER BY id", (key,)).fetchall()
        points = dict(zip(scores, (id for (id,) in free), strict=False))
        columns = (
            "speech_id, suggester, version, rule, evidence, triggers, start, end, exact, prefix, suffix, told, status"
        )
        for name, point in points.items():
            conn.execute(
                f"INSERT INTO suggestions (id, key, point_id, score, {columns})"
                f" SELECT id || ?, ?, ?, ?, {columns} FROM suggestions WHERE key = ? LIMIT 1",
                (name, name * 64, point, scores[name], key),
            )
    return points
