"""The folder of a demo: a fictional House, scraped from the specimens without a network, with an account to try."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from accounts.store import list_users, open_accounts, save_user
from db.exit_codes import EXIT_SET_UP
from db.records.source import Unavailable
from demo_servers import hansard, theyworkforyou

SPECIMENS = Path(__file__).resolve().parents[1] / "tests" / "specimens"
NOTICE = "Demo: a fictional House"
OTHER_SETTINGS = ("BASE_URL", "URL_PREFIX", "SWEEP", "QUOTES")  # of the archive of whoever runs it
NAME, PASSWORD = "ada", "a-fictional-house"  # of an account on this machine alone, which may do everything


def remove_demo(folder: Path) -> None:
    """Delete the folder of a demo. Raises Unavailable for a folder of anything else."""
    notice = folder / "notice.txt"
    if not notice.exists() or notice.read_text(encoding="utf-8").strip() != NOTICE:
        raise Unavailable(f"{folder} is not a demo, so it was not deleted: choose another DEMO folder", EXIT_SET_UP)
    shutil.rmtree(folder)


def make_demo(folder: Path) -> None:
    """Fetch and load the specimens as from their real sources, and add the notice, the quotes and the account."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "notice.txt").write_text(f"{NOTICE}\n", encoding="utf-8")
    shutil.copytree(SPECIMENS / "quotes", folder / "quotes", dirs_exist_ok=True)
    with (
        hansard.serving(hansard.HansardService()) as hansard_address,
        theyworkforyou.serving(theyworkforyou.TheyWorkForYouService()) as twfy_address,
    ):
        where = {"HANSARD": hansard_address, "TWFY_API": twfy_address, "TWFY_API_KEY": theyworkforyou.KEY}
        parldata = (SPECIMENS / "parldata").as_uri()
        run("scrapers", "scrape", "--pause", 0, "--parldata", parldata, "--db-dir", folder, **where)
    with open_accounts(folder / "accounts.db") as conn:
        if NAME not in [name for name, _, _ in list_users(conn)]:
            save_user(conn, NAME, PASSWORD, "reviewer", int(time.time()))


def run(module: str, *arguments: object, **settings: str) -> None:
    """Run a command line of ours on the demo, and end with its exit code if it fails.

    It ends when this process is interrupted or told to end.
    """
    own = {name: value for name, value in os.environ.items() if name not in OTHER_SETTINGS}
    environment = {**own, **settings}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    process = subprocess.Popen([sys.executable, "-m", module, *map(str, arguments)], env=environment)
    try:
        code = process.wait()
    except (KeyboardInterrupt, SystemExit):
        process.terminate()  # Ctrl-C may have reached it already
        process.wait(60)
        raise
    if code:
        raise SystemExit(code)
