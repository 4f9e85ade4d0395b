"""Locations of files at rsync:// or file:// addresses, with one interface for both."""

import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import translate
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from db.archive.responses import format_now
from db.exit_codes import EXIT_SET_UP, EXIT_TRY_LATER
from db.records.source import FileEntry, Response, Unavailable
from scrapers.scope.interfaces import Location

TIMEOUT = 120  # seconds without a byte
BATCH = 100  # files in one rsync
LISTING_LINE = re.compile(
    r"(?P<mode>[-dlbcps])\S{9,10}\s+(?P<size>[\d,.]+)\s+(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) (?P<name>.+)"
)
RSYNC_ADVICE = {  # rsync's exit codes, for people
    5: (
        EXIT_SET_UP,
        "it has no such module or refuses it; the part after the host must be a module that `rsync HOST::` lists",
    ),
    10: (EXIT_TRY_LATER, "it cannot be reached; check the network and the host's name, or try again later"),
    11: (EXIT_TRY_LATER, "a file could not be written; make room on the disk and run the same command again"),
    12: (EXIT_TRY_LATER, "the connection broke off; run the same command again"),
    23: (EXIT_SET_UP, "part of it is not there or may not be read; the location must be the folder above scrapedxml/"),
    30: (EXIT_TRY_LATER, f"it fell silent for {TIMEOUT} seconds; try again later"),
    35: (EXIT_TRY_LATER, f"it did not answer within {TIMEOUT} seconds; try again later"),
}


def open_location(source: str, url: str, incoming: Path) -> Location:
    """Open a location of a source's files: rsync://host[:port]/module[/path] or file:///folder.

    `incoming` is the folder into which rsync fetches a batch; it is removed afterwards. Raises Unavailable.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        folder = Path(unquote(parts.path))
        if not folder.is_dir():
            raise Unavailable(f"{url} has no folder scrapedxml, nor is it a folder: mend the location", EXIT_SET_UP)
        return Location(url, partial(_list_folder, url, folder), partial(_read_folder, source, url, folder))
    if parts.scheme == "rsync" and parts.hostname and parts.path.strip("/"):
        if not shutil.which("rsync"):
            raise Unavailable(
                "the program rsync is missing: install it (Debian: apt install rsync; macOS: brew install rsync)",
                EXIT_SET_UP,
            )
        return Location(url, partial(_list_rsync, url), partial(_read_rsync, source, url, incoming))
    raise Unavailable(f"{url!r} is no location: write rsync://host/module or file:///folder", EXIT_SET_UP)


def compile_patterns(patterns: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Compile one pattern of the wanted file names for each folder ("" is the location itself)."""
    folders = defaultdict(list)
    for pattern in patterns:
        folder, _, name = pattern.rpartition("/")
        folders[folder].append(translate(name))
    return {folder: re.compile("|".join(names)) for folder, names in folders.items()}


def _check_scrapedxml(url: str, patterns: Iterable[str], exists: bool) -> None:
    """Raise Unavailable if scrapedxml is wanted but missing; a location may have only the register of people."""
    if not exists and any(pattern.startswith("scrapedxml/") for pattern in patterns):
        raise Unavailable(f"{url} has no folder scrapedxml: the location must be the folder above it", EXIT_SET_UP)


def _list_folder(url: str, folder: Path, patterns: Sequence[str]) -> Iterator[FileEntry]:
    _check_scrapedxml(url, patterns, (folder / "scrapedxml").is_dir())
    for inside, wanted in compile_patterns(patterns).items():
        if not (folder / inside).is_dir():
            continue
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                if wanted.match(entry.name) and entry.is_file():
                    stat = entry.stat()
                    name = f"{inside}/{entry.name}" if inside else entry.name
                    yield FileEntry(name, stat.st_size, stat.st_mtime_ns)


def _read_folder(source: str, url: str, folder: Path, files: Sequence[FileEntry]) -> Iterator[Response]:
    for file in files:
        try:
            body = (folder / file.name).read_bytes()
        except OSError as error:
            raise Unavailable(f"{file.name} in {url} cannot be read: {error.strerror}", EXIT_TRY_LATER) from error
        yield _make_response(source, url, file, body, datetime.fromtimestamp(file.modified / 1e9, UTC))


def _make_response(source: str, url: str, file: FileEntry, body: bytes, modified: datetime) -> Response:
    headers = {"Content-Length": str(len(body)), "Last-Modified": f"{modified:%a, %d %b %Y %H:%M:%S GMT}"}
    return Response(
        source=source,
        name=file.name,
        url=f"{url.rstrip('/')}/{file.name}",
        fetched_at=format_now(),
        status=200,
        headers=headers,
        body=body,
    )


def _list_rsync(url: str, patterns: Sequence[str]) -> Iterator[FileEntry]:
    folders = {parent for pattern in patterns for parent in PurePosixPath(pattern).parents if parent.name}
    filters = [f"+ /{folder}/" for folder in sorted(folders)]  # rsync enters only the folders that are listed
    filters += [f"+ /{pattern}" for pattern in patterns]
    output = _run_rsync(
        url, ["--recursive", "--list-only", "--no-human-readable", "--filter=merge -"], [*filters, "- *"]
    )
    lines = [match for line in output.splitlines() if (match := LISTING_LINE.fullmatch(line))]
    _check_scrapedxml(url, patterns, any(line["mode"] == "d" and line["name"] == "scrapedxml" for line in lines))
    wanted = compile_patterns(patterns)
    for line in lines:
        folder, _, name = line["name"].rpartition("/")
        if line["mode"] == "-" and folder in wanted and wanted[folder].match(name):
            when = datetime.strptime(line["time"], "%Y/%m/%d %H:%M:%S").replace(tzinfo=UTC)
            yield FileEntry(line["name"], int(re.sub(r"\D", "", line["size"])), int(when.timestamp()))


def _read_rsync(source: str, url: str, incoming: Path, files: Sequence[FileEntry]) -> Iterator[Response]:
    try:
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            incoming.mkdir(parents=True, exist_ok=True)
            _run_rsync(url, ["--times", "--compress", "--files-from=-"], [file.name for file in batch], incoming)
            for file in batch:
                path = incoming / file.name
                if path.is_symlink() or not path.is_file():
                    continue  # removed by the source since it was listed
                body = path.read_bytes()
                yield _make_response(source, url, file, body, datetime.fromtimestamp(file.modified, UTC))
                path.unlink()
    except OSError as error:
        raise Unavailable(
            f"{incoming}: {error.strerror}; mend that and run the same command again", EXIT_TRY_LATER
        ) from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _run_rsync(url: str, options: list[str], lines: list[str], target: Path | None = None) -> str:
    """Run rsync with lines on its standard input; return its output. Raises Unavailable with advice."""
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
    if done.returncode not in (0, 24):  # 24: a file vanished during the transfer
        errors = done.stderr.strip().splitlines()
        code, advice = RSYNC_ADVICE.get(
            done.returncode, (EXIT_TRY_LATER, "run the same command again, or see what rsync says")
        )
        if "No space left on device" in done.stderr:
            code, advice = RSYNC_ADVICE[11]
        raise Unavailable(f"{url}: {advice} (rsync {done.returncode}: {errors[0] if errors else 'no message'})", code)
    return done.stdout
