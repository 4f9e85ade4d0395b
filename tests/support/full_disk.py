"""The command line on a disk that holds so many pages of each database: `python -m tests.full_disk PAGES ...`."""

import sqlite3
import sys

from scrapers.__main__ import main

if __name__ == "__main__":
    pages = int(sys.argv.pop(1))
    connect = sqlite3.connect

    def narrow(*arguments: object, **options: object) -> sqlite3.Connection:
        conn = connect(*arguments, **options)
        conn.execute(f"PRAGMA max_page_count = {pages}")
        return conn

    sqlite3.connect = narrow
    main()
