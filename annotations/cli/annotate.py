"""The verbs that make and change annotations: `annotate`, `reply`, `withdraw`, `restore` and `undo`."""

from collections.abc import Mapping
from typing import Any, get_args

import click

from annotations.cli.options import VerbFunction, add_actor_option, add_folder_options, read_archive_paths
from annotations.cli.verb_steps import add_word_options, enter_and_report, find_words
from annotations.commands.archive_paths import ArchivePaths
from annotations.commands.journal_reader import open_journal_view, read_state_of
from annotations.curated.toml_files import read_guidance
from annotations.state.model import make_selector_fields
from db.archive.responses import format_now
from db.journal.entries import EntryDraft, JournalError, make_new_id
from db.records.annotation import Annotation, Moment, NoteStatus, Reply, Stance
from db.records.guidance import Reading


def _add_author_options(verb: VerbFunction) -> VerbFunction:
    """Give a verb the options of an author: id, creator, date and place of publication."""
    for option in (
        click.option("--via", help="The address or name of the publication it comes from."),
        click.option("--created", help="When it was written: 2026, 2026-11, 2026-11-24, or with a time. Default: now."),
        click.option("--creator", help="The name of its author. Default: the actor."),
        click.option("--id", help="The id to give it. Default: a new one."),
    ):
        verb = option(verb)
    return add_actor_option(add_folder_options(verb))


def _make_author(actor: str, given: dict[str, Any]) -> dict[str, object]:
    created = given["created"] or format_now()
    return {
        "id": given["id"] or make_new_id(),
        "creator": given["creator"] or actor,
        "created": created,
        "via": given["via"],
    }


EXAMPLES = """\b
Examples:
  dispatch-box notes annotate d-2008-06-18d-930-5 --actor ada --reading said \\
    --exact "civil servants must" --point participation-online/be-civil
"""


@click.command("annotate", epilog=EXAMPLES)
@click.argument("target")
@add_word_options
@click.option("--point", required=True, help="The guidance point: document/point.")
@click.option(
    "--reading", required=True, type=click.Choice(get_args(Reading)), help="How the words relate to the point."
)
@click.option("--note", default="", help="The reason for this reading.")
@_add_author_options
def annotate(target: str, point: str, reading: str, note: str, actor: str, **given: Any) -> None:
    """Annotate words of a speech.

    TARGET is the speech: its gid, id or address. The note says how the words relate to a point of guidance.
    """
    paths = read_archive_paths(given)
    if point not in {each.id for document in read_guidance(paths.guidance) for each in document.points}:
        listed = f"the files in {paths.guidance} list them, as document/point"
        raise JournalError(f"there is no point of guidance {point}: {listed}; nothing was saved")
    captured = find_words(paths, target, given)
    words = {"target": captured.target, "selector": make_selector_fields(captured.selector), "point": point}
    payload = {**_make_author(actor, given), **words, "reading": reading, "note": note}
    enter_and_report(EntryDraft(actor, "annotate", payload), paths)


@click.command("reply")
@click.argument("annotation", metavar="NOTE")
@click.option("--stance", required=True, type=click.Choice(get_args(Stance)), help="Agree or dispute.")
@click.option("--text", required=True, help="The text of the reply.")
@_add_author_options
def reply(annotation: str, stance: str, text: str, actor: str, **given: Any) -> None:
    """Reply to a note: agree with it, or dispute it.

    NOTE is the id of the note.
    """
    payload = {**_make_author(actor, given), "annotation": annotation, "stance": stance, "text": text}
    enter_and_report(EntryDraft(actor, "reply", payload), read_archive_paths(given))


def _add_reason_options(verb: VerbFunction) -> VerbFunction:
    """Give a verb the options for the actor and the reason."""
    return click.option("--reason", default="", help="The reason, which is recorded.")(
        add_actor_option(add_folder_options(verb))
    )


def _add_id_argument(verb: VerbFunction) -> VerbFunction:
    """Give a verb the argument ID, and options that say that it is the id of a reply or a moment."""
    for kind in ("moment", "reply"):
        verb = click.option(
            f"--{kind}", "kind", flag_value=kind, default=None, help=f"ID is the id of a {kind}, not of a note."
        )(verb)
    return click.argument("id")(verb)


def _refuse_repetition(paths: ArchivePaths, kind: str | None, id: str, status: NoteStatus, what: str) -> None:
    """Refuse to enter again what is so already. Raises JournalError."""
    state = read_state_of(paths, id)
    replies = {reply.id: reply for each in state.annotations.values() for reply in each.replies}
    of_kind: dict[str, Mapping[str, Annotation | Reply | Moment]] = {"moment": state.moments, "reply": replies}
    found = of_kind.get(kind or "", state.annotations).get(id)
    if found and found.status == status:
        raise JournalError(f"{id} {what}; nothing was saved")


@click.command("withdraw")
@_add_id_argument
@_add_reason_options
def withdraw(id: str, kind: str | None, reason: str, actor: str, **given: Any) -> None:
    """Withdraw a note: it is no longer shown.

    ID is the id of the note. Its history is kept.
    """
    paths = read_archive_paths(given)
    _refuse_repetition(paths, kind, id, "withdrawn", "is withdrawn already")
    enter_and_report(EntryDraft(actor, "withdraw", {kind or "annotation": id, "reason": reason}), paths)


@click.command("restore")
@_add_id_argument
@_add_reason_options
def restore(id: str, kind: str | None, reason: str, actor: str, **given: Any) -> None:
    """Restore a note that was withdrawn.

    ID is the id of the note.
    """
    paths = read_archive_paths(given)
    _refuse_repetition(paths, kind, id, "active", "is not withdrawn")
    enter_and_report(EntryDraft(actor, "restore", {kind or "annotation": id, "reason": reason}), paths)


@click.command("undo")
@click.argument("entry")
@_add_reason_options
def undo(entry: str, reason: str, actor: str, **given: Any) -> None:
    """Undo an entry of your own in the journal.

    ENTRY is the id of the entry, as `journal log` shows it. To bring something back, undo the undo.
    """
    paths = read_archive_paths(given)
    with open_journal_view(paths) as view:
        events = [event for event in view.read_history([entry]) if event.id == entry]
    if not events:
        raise JournalError(f"there is no entry {entry}: dispatch-box journal log lists them; nothing was saved")
    if events[0].undone:
        raise JournalError(f"{entry} has already been undone; to bring it back, undo the entry that undid it")
    enter_and_report(EntryDraft(actor, "undo", {"entry": entry, "reason": reason}), paths)
