"""Options that several verbs share."""

from datetime import timedelta
from pathlib import Path

import click

from scrapers.reports.health import parse_age
from scrapers.scope.topics import TOPICS_FILE

json_option = click.option("--json", "as_json", is_flag=True, help="Write everything as JSON, one object a line.")
topic_option = click.option("--topic", "ids", multiple=True, help="Only this topic; repeatable. Default: all.")
topics_option = click.option(
    "--topics",
    "file",
    envvar="TOPICS",
    default=TOPICS_FILE,
    type=click.Path(path_type=Path),
    help="File of topics (or TOPICS). Default: that of the program, scrapers/topics.toml.",
)
everything_option = click.option(
    "--everything", is_flag=True, envvar="EVERYTHING", help="Keep all debates, not only those that mention a topic."
)


def parse_age_option(_: click.Context, parameter: click.Parameter, text: str | None) -> timedelta | None:
    """Parse a length of time (36h, 90m, 2d) as a click callback."""
    try:
        return parse_age(text) if text is not None else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
