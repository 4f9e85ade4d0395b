"""Fetch documents on topics from the sources into db/archive.db, and load them into db/statements.db."""

from db.cli.lazy_group import LazyCommand, LazyGroup
from db.cli.version import version_option

VERBS = {
    "scrape": LazyCommand("scrapers.cli.crawl:scrape_command", "Fetch and load debates, and update notes."),
    "fetch": LazyCommand("scrapers.cli.crawl:fetch_command", "Fetch what is new or changed on the topics."),
    "load": LazyCommand("scrapers.cli.load:load_command", "Bring statements.db up to date with archive.db."),
    "runs": LazyCommand("scrapers.cli.runs:runs_command", "List the runs, newest first."),
    "gaps": LazyCommand("scrapers.cli.gaps:gaps_group", "List what could not be fetched; acknowledge a gap."),
    "show": LazyCommand("scrapers.cli.show:show_command", "Show a debate, a speech, or what a parser makes of a file."),
    "audit": LazyCommand("scrapers.cli.show:audit_command", "Compare records with an independent reading."),
    "census": LazyCommand("scrapers.cli.census:census_command", "Compare which source has which mention."),
    "people": LazyCommand("scrapers.cli.people:people_command", "Count the speakers who were identified."),
}

cli = version_option(LazyGroup("scrapers", VERBS, __doc__))


def main() -> None:
    """Run the command line."""
    from db.cli import run_command_line

    run_command_line(cli, "python -m scrapers")


if __name__ == "__main__":
    main()
