"""The verb `verify`: check a quotation against the archive."""

import json
import sys
from contextlib import closing
from pathlib import Path

import click

from annotations.verification.verdict import Verdict, is_faithful, make_verdict_data
from annotations.verification.verify import verify_quotation
from db.cli import existing_db_dir_option
from db.exit_codes import EXIT_FAILED, EXIT_SET_UP
from db.records.source import Unavailable
from db.statements.store import open_store

EXAMPLES = """\b
Examples:
  dispatch-box verify "civil servants must of course" --date 2008-06-18
  dispatch-box verify "clear guidance" --speaker "A. Name" --json
"""


@click.command("verify", epilog=EXAMPLES)
@click.argument("quotation")
@click.option("--speaker", help="Speaker: a name, an office or a party.")
@click.option("--date", metavar="YYYY-MM-DD", help="Date of the speech.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
@existing_db_dir_option
def verify_command(quotation: str, speaker: str | None, date: str | None, as_json: bool, db_dir: Path) -> None:
    """Check whether a quotation is what was said.

    QUOTATION is searched for in the archive. The answer is verbatim, typography, altered (with every difference, and
    its grade: surface, edited, marked or substance), recast, other speaker, withdrawn, not found, not held, too short
    or cannot tell. The exit code is 0 where it is verbatim, differs only in typography, or is shortened or explained by
    dots and brackets that hide no negation, figure, name, unit, condition or modal verb; else 1.
    """
    path = db_dir / "statements.db"
    if not path.exists():
        raise Unavailable(f"{path} does not exist yet: run dispatch-box scrape, or make demo", EXIT_SET_UP)
    with closing(open_store(path)) as conn:
        try:
            verdict = verify_quotation(conn, quotation, speaker, date)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    click.echo(
        json.dumps(make_verdict_data(verdict), ensure_ascii=False, indent=2) if as_json else _describe_verdict(verdict)
    )
    sys.exit(0 if is_faithful(verdict) else EXIT_FAILED)


def _describe_verdict(verdict: Verdict) -> str:
    lines = [verdict.sentence]
    for kind, quoted, said, _ in verdict.differences:
        lines.append(
            f"  {kind}: {_quote_words(quoted)} for {_quote_words(said)}"
            if kind != "joined"
            else f"  joined: {_quote_words(quoted)}: {said}"
        )
    for passage in verdict.passages:
        lines += [f"  record: {_quote_words(passage.words)}", f"    {passage.speech_id}  {passage.address}"]
        lines += [f"    {address}" for address in (passage.fragment, passage.hansard_url) if address]
    return "\n".join(lines)


def _quote_words(words: str) -> str:
    return f"“{' '.join(words.split())}”" if words else "nothing"
