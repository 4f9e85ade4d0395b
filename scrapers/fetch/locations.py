"""Locations of files at rsync:// or file:// addresses, with one interface for both.

A file that is odd (unreadable, no plain file, an odd name, too large, changing) is a gap; the others are read.
"""

import os
import re
import shutil
import stat
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import translate
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from db.archive.responses import format_now
from db.exit_codes import EXIT_NOT_WRITABLE, EXIT_SET_UP, EXIT_TRY_LATER
from db.records.source import FileEntry, Gap, Response, Unavailable
from scrapers.fetch.http.addresses import check_rsync_address, hide_user, read_folder_address
from scrapers.scope.interfaces import Location

TIMEOUT = 120  # seconds without a byte
BATCH = 100  # files in one rsync
MAX_SIZE = 256 << 20  # bytes of a file: the largest that is known, the register of people, has 20 million
EMPTY_FOLDER, LISTING = "scrapedxml/", "(the listing)"  # names of gaps that no file has
ODD_NAME = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\\#[0-7]{3}"
)  # the last as rsync writes the others
PARTIAL, VANISHED = 23, 24  # rsync's exit codes if it could not read some files, or they vanished meanwhile
LISTING_LINE = re.compile(
    r"(?P<mode>[-dlbcps])\S{9,10}\s+(?P<size>[\d,.]+)\s+(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) (?P<name>.+)"
)
RSYNC_ADVICE = {  # rsync's exit codes, for people
    5: (
        EXIT_SET_UP,
        "it has no such module or refuses it; the part after the host must be a module that `rsync HOST::` lists",
    ),
    10: (EXIT_TRY_LATER, "it cannot be reached; check the network and the host's name, or try again later"),
    11: (EXIT_NOT_WRITABLE, "a file could not be written; make room on the disk and run the same command again"),
    12: (EXIT_TRY_LATER, "the connection broke off; run the same command again"),
    PARTIAL: (
        EXIT_SET_UP,
        "part of it is not there or may not be read; it must be the folder above scrapedxml/",
    ),
    30: (EXIT_TRY_LATER, f"it stopped responding for {TIMEOUT} seconds; try again later"),
    35: (EXIT_TRY_LATER, f"it did not answer within {TIMEOUT} seconds; try again later"),
}


ReportGap = Callable[[Gap], None]


class FilePlace(NamedTuple):
    """A location of a source's files; `folder` is its own, or that into which rsync fetches."""

    source: str
    url: str
    folder: Path
    report_gap: ReportGap

    def skip(self, name: str, reason: str) -> None:
        """Report a file that cannot be fetched as a gap."""
        shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
        shown = ODD_NAME.sub(lambda odd: ascii(odd[0])[1:-1], shown)
        self.report_gap(Gap(source=self.source, name=shown, what=f"the file {shown}", start="", end="", reason=reason))


class OddFileError(Exception):
    """A file that cannot be read as one; the message says why."""


def open_location(source: str, url: str, incoming: Path, report_gap: ReportGap = lambda gap: None) -> Location:
    """Open a location of a source's files: rsync://host[:port]/module[/path] or file:///folder.

    `incoming` is the folder into which rsync fetches a batch; it is removed afterwards. A file that cannot be fetched
    is given to `report_gap`. Raises Unavailable.
    """
    scheme = url.partition(":")[0].lower()
    try:
        if scheme == "file":
            return _open_folder(FilePlace(source, url, read_folder_address(url), report_gap))
        check_rsync_address(url)
    except ValueError as error:
        advice = "is no location: write rsync://host/module or file:///folder"
        raise Unavailable(f"{hide_user(url)!r} {advice} ({error})", EXIT_SET_UP) from None
    if not shutil.which("rsync"):
        raise Unavailable(
            "the program rsync is missing: install it (Debian: apt install rsync; macOS: brew install rsync)",
            EXIT_SET_UP,
        )
    place = FilePlace(source, url, incoming, report_gap)
    return Location(url, partial(_list_rsync, place), partial(_read_rsync, place))


def _open_folder(place: FilePlace) -> Location:
    if not place.folder.is_dir():
        raise Unavailable(
            f"{place.url} has no folder scrapedxml, and is not a folder: correct the location", EXIT_SET_UP
        )
    return Location(place.url, partial(_list_folder, place), partial(_read_folder, place))


def compile_patterns(patterns: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Compile one pattern of the wanted file names for each folder ("" is the location itself)."""
    folders = defaultdict(list)
    for pattern in patterns:
        folder, _, name = pattern.rpartition("/")
        folders[folder].append(translate(name))
    return {folder: re.compile("|".join(names)) for folder, names in folders.items()}


def make_name_filter(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Make a function that tells whether a file's name, with its folders, matches one of the patterns."""
    wanted = compile_patterns(patterns)

    def is_wanted(name: str) -> bool:
        folder, _, last = name.rpartition("/")
        return folder in wanted and (not last or bool(wanted[folder].match(last)))

    return is_wanted


def _check_scrapedxml(place: FilePlace, patterns: Iterable[str], folders: Iterable[str] | None) -> None:
    """Raise Unavailable if scrapedxml is wanted but missing (None); report that it has none of the wanted folders.

    A location may have only the register of people.
    """
    wanted = {folder for pattern in patterns if (folder := pattern.rpartition("/")[0]).startswith("scrapedxml/")}
    if folders is None and wanted:
        raise Unavailable(
            f"{place.url} has no folder scrapedxml: the location must be the folder above it", EXIT_SET_UP
        )
    if wanted and wanted.isdisjoint(folders or ()):
        names = ", ".join(sorted(folder.partition("/")[2] for folder in wanted))
        place.skip(EMPTY_FOLDER, f"it is empty: it has nothing in any folder that was looked for ({names})")


def _list_folder(place: FilePlace, patterns: Sequence[str]) -> Iterator[FileEntry]:
    found = {inside: _list_names(place, inside) for inside in compile_patterns(patterns)}
    has_scrapedxml = (place.folder / "scrapedxml").is_dir()
    filled = [inside for inside, names in found.items() if names or names is None]
    _check_scrapedxml(place, patterns, filled if has_scrapedxml else None)
    for inside, wanted in compile_patterns(patterns).items():
        for name in sorted(found[inside] or ()):
            if wanted.match(name):
                path = f"{inside}/{name}" if inside else name
                try:
                    yield _list_file(place, path)
                except OddFileError as odd:
                    place.skip(path, str(odd))


def _list_names(place: FilePlace, inside: str) -> list[str] | None:
    """List the names in a folder of a location, none if it is not there; report one that cannot be read (None)."""
    try:
        return os.listdir(place.folder / inside)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        place.skip(f"{inside}/", f"the folder cannot be read: {error.strerror}")
        return None


def _list_file(place: FilePlace, name: str) -> FileEntry:
    """Return the entry of a file, which must be plain and within the location. Raises OddFileError."""
    _check_name(name)
    path = place.folder / name
    try:
        if path.is_symlink():
            roots = {os.path.realpath(root) for root in (place.folder, path.parent)}
            target = os.path.realpath(path, strict=True)
            if not any(os.path.commonpath([root, target]) == root for root in roots):
                raise OddFileError("it is a link that leads out of the location")
        status = path.stat()
    except OSError as error:
        raise OddFileError(f"it cannot be looked up: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise OddFileError("it is no file, only named like one")
    _check_size(status.st_size)
    return FileEntry(name, status.st_size, status.st_mtime_ns)


def _check_name(name: str) -> None:
    if ODD_NAME.search(name):
        raise OddFileError("its name holds a character that no file of the source has in its name")


def _check_size(size: int) -> None:
    if size > MAX_SIZE:
        raise OddFileError(f"it has {size:,} bytes, more than the {MAX_SIZE:,} that a file may have")


def _read_folder(place: FilePlace, files: Sequence[FileEntry]) -> Iterator[Response]:
    for file in files:
        try:
            body = _read_file(place.folder / file.name)
        except OddFileError as odd:
            place.skip(file.name, str(odd))
        except OSError as error:
            place.skip(file.name, f"it cannot be read: {error.strerror}")
        else:
            yield _make_response(place, file, body, datetime.fromtimestamp(file.modified / 1e9, UTC))


def _read_file(path: Path) -> bytes:
    """Read a plain file that does not change meanwhile. Raises OddFileError and OSError."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as opened:  # a pipe may wait
        before = os.fstat(opened.fileno())
        if not stat.S_ISREG(before.st_mode):
            raise OddFileError("it is no file, only named like one")
        body = opened.read(MAX_SIZE + 1)
        after = os.fstat(opened.fileno())
    _check_size(len(body))
    if len(body) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OddFileError("it changed while being read; the next run will read it again")
    return body


def _make_response(place: FilePlace, file: FileEntry, body: bytes, modified: datetime) -> Response:
    headers = {"Content-Length": str(len(body)), "Last-Modified": f"{modified:%a, %d %b %Y %H:%M:%S GMT}"}
    return Response(
        source=place.source,
        name=file.name,
        url=f"{place.url.rstrip('/')}/{file.name}",
        fetched_at=format_now(),
        status=200,
        headers=headers,
        body=body,
    )


def _list_rsync(place: FilePlace, patterns: Sequence[str]) -> Iterator[FileEntry]:
    folders = {parent for pattern in patterns for parent in PurePosixPath(pattern).parents if parent.name}
    filters = [f"+ /{folder}/" for folder in sorted(folders)]  # rsync enters only the folders that are listed
    filters += [f"+ /{pattern}" for pattern in patterns]
    listing = ["--recursive", "--list-only", "--no-human-readable", "--filter=merge -"]
    done = _run_rsync(place.url, listing, [*filters, "- *"])
    if done.returncode == PARTIAL:
        place.skip(LISTING, f"a part could not be listed: {_quote_error(done)}")
    lines = [match for line in done.stdout.split("\n") if (match := LISTING_LINE.fullmatch(line))]
    listed = [line["name"] for line in lines if line["mode"] == "d"]
    _check_scrapedxml(place, patterns, listed if "scrapedxml" in listed else None)
    wanted = compile_patterns(patterns)
    for line in lines:
        name = line["name"].partition(" -> ")[0] if line["mode"] == "l" else line["name"]
        folder, _, last = name.rpartition("/")
        if folder in wanted and wanted[folder].match(last):
            try:
                yield _read_listing_line(line, name)
            except OddFileError as odd:
                place.skip(name, str(odd))


def _read_listing_line(line: re.Match[str], name: str) -> FileEntry:
    """Read the entry of a file from a line of rsync's listing. Raises OddFileError."""
    if line["mode"] != "-":
        raise OddFileError("it is no file, only named like one")
    _check_name(name)
    size = int(re.sub(r"\D", "", line["size"]))
    _check_size(size)
    when = datetime.strptime(line["time"], "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
    return FileEntry(name, size, int(when.timestamp()))


def _read_rsync(place: FilePlace, files: Sequence[FileEntry]) -> Iterator[Response]:
    incoming = place.folder
    try:
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            incoming.mkdir(parents=True, exist_ok=True)
            options = ["--times", "--compress", "--files-from=-"]
            _run_rsync(place.url, options, [file.name for file in batch], incoming)
            for file in batch:
                path = incoming / file.name
                if path.is_symlink() or not path.is_file():
                    place.skip(file.name, "it was listed, and did not come: it was removed, or may not be read")
                    continue
                body = path.read_bytes()
                yield _make_response(place, file, body, datetime.fromtimestamp(file.modified, UTC))
                path.unlink()
    except OSError as error:
        raise Unavailable(
            f"{incoming}: {error.strerror}; fix that and run the same command again", EXIT_NOT_WRITABLE
        ) from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _run_rsync(
    url: str, options: list[str], lines: list[str], target: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run rsync with lines on its standard input; return how it ended, perhaps in part. Raises Unavailable."""
    command = ["rsync", f"--timeout={TIMEOUT}", f"--contimeout={TIMEOUT}", *options, f"{url.rstrip('/')}/"]
    if target:
        command.append(f"{target}/")
    done = subprocess.run(
        command,
        input="\n".join(lines) + "\n",
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C"},
    )
    partial = done.returncode == PARTIAL and (target or done.stdout.strip())
    if done.returncode not in (0, VANISHED) and not partial:
        code, advice = RSYNC_ADVICE.get(
            done.returncode, (EXIT_TRY_LATER, "run the same command again, or see what rsync says")
        )
        if "No space left on device" in done.stderr:
            code, advice = RSYNC_ADVICE[11]
        raise Unavailable(f"{url}: {advice} (rsync {done.returncode}: {_quote_error(done)})", code)
    return done


def _quote_error(done: subprocess.CompletedProcess[str]) -> str:
    return next(iter(done.stderr.strip().splitlines()), "no message")
