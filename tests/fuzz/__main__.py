"""Try mutated documents and files on every parser, the loader and every import; exit code 1 if one crashes."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from scrapers.fetch.progress import Progress
from scrapers.run import DatabaseFolder, RunRequest, update_statements
from tests.fuzz.campaign import Campaign
from tests.fuzz.documents import Loader


@click.command(help=__doc__)
@click.option("--count", default=10_000, show_default=True, help="Number of mutated documents and files.")
@click.option("--seed", type=int, help="Seed of the cases. Default: the time.")
@click.option("--folder", default="fuzz-crashes", show_default=True, type=click.Path(path_type=Path))
def main(count: int, seed: int | None, folder: Path) -> None:
    """Run a campaign, and print what it found."""
    seed = int(time.time()) if seed is None else seed
    click.echo(f"seed {seed}, {count:,} cases")
    campaign = Campaign(seed, folder, click.echo)
    with TemporaryDirectory(prefix="fuzz-") as name:
        Loader([each for each in campaign.specimens if each.is_good], Path(name))
        update_statements(DatabaseFolder(Path(name)), RunRequest([], [], True), Progress(None), lambda _: None)
        campaign.run(count, Path(name) / "statements.db")
    campaign.save_crashes(click.echo)
    counts = ", ".join(f"{name} {number:,}" for name, number in sorted(campaign.counts.items()))
    click.echo(f"{counts}, crashes {len(campaign.crashes):,}" + (f"; see {folder}" if campaign.crashes else ""))
    sys.exit(bool(campaign.crashes))


if __name__ == "__main__":
    main()
