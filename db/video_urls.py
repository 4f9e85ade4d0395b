"""Addresses of videos and the times in them: parse a pasted address, and build the address to watch from."""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

MAX_ADDRESS_LENGTH = 300  # characters of an address: the limit of the journal
MAX_SECONDS = 100 * 3600  # seconds: no sitting is longer
HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}|\[[0-9a-f:.]{2,45}\]", re.ASCII)
PLAYABLE_ENDINGS = (".mp4", ".webm", ".ogv")  # that browsers can play
TIME_WITH_COLONS = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]?\d(?:\.\d{1,3})?)", re.ASCII)
TIME_WITH_LETTERS = re.compile(
    r"(?=.)(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6}(?:\.\d{1,3})?)s?)?", re.ASCII | re.IGNORECASE
)
SAFE_CHARACTERS = "%/:=&?~#+!$,;'@()*[]|"
TIME_PARAMETERS = {"parliamentlive.tv": ("in", "out"), "youtube.com": ("t", "start", "end"), "youtu.be": ("t",)}
TIME_PARAMETERS |= {"archive.org": ("start", "end")}  # parameters that hold a time; vimeo.com and others use #t=


class VideoError(ValueError):
    """An address or a time that cannot be used; the message says what is wrong and what can be written instead."""


class VideoAddress(NamedTuple):
    """The address of a video without a time in it, and the seconds that it gave (None without one)."""

    source: str
    start: float | None
    end: float | None


def parse_seconds(time: str) -> float:
    """Return the seconds of a time in any of its forms. Raises VideoError.

    >>> [parse_seconds(time) for time in ("1:02:03", "62.5", "1h2m3s", "2:03", "90s", "2m")]
    [3723.0, 62.5, 3723.0, 123.0, 90.0, 120.0]
    """
    match = TIME_WITH_COLONS.fullmatch(time.strip()) or TIME_WITH_LETTERS.fullmatch(time.strip())
    if not match:
        raise VideoError(f"{time.strip()[:40]!r} is no time: write it as 1:02:03, 62.5 or 1h2m3s")
    hours, minutes, rest = (float(part or 0) for part in match.groups())
    seconds = round(hours * 3600 + minutes * 60 + rest, 3)
    if seconds >= MAX_SECONDS or (":" in time and match[1] and minutes >= 60):
        raise VideoError(f"{time.strip()[:40]!r} is no time: minutes run to 59, and hours to 99")
    return seconds


def format_time(seconds: float) -> str:
    """Format seconds for readers; `parse_seconds` reads the result back.

    >>> format_time(3723.0), format_time(62.5), format_time(3)
    ('1:02:03', '1:02.5', '0:03')
    """
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    whole = f"{rest // 1000:02}" + (f".{rest % 1000:03}".rstrip("0") if rest % 1000 else "")
    return f"{minutes // 60}:{minutes % 60:02}:{whole}" if minutes >= 60 else f"{minutes}:{whole}"


def format_seconds(seconds: float) -> str:
    """Format seconds as a number, to the millisecond.

    >>> format_seconds(36123.25), format_seconds(90.0)
    ('36123.25', '90')
    """
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def format_fragment(start: float, end: float | None) -> str:
    """Format seconds as a W3C media fragment.

    >>> format_fragment(90, 95.5), format_fragment(90, None)
    ('t=90,95.5', 't=90')
    """
    return f"t={format_seconds(start)}" + ("" if end is None else f",{format_seconds(end)}")


def parse_video_address(address: str) -> VideoAddress:
    """Split an address as people paste it; it must be http or https, without name or password. Raises VideoError.

    >>> parse_video_address("https://www.youtube.com/watch?v=a1&t=1m2s")
    VideoAddress(source='https://www.youtube.com/watch?v=a1', start=62.0, end=None)
    >>> parse_video_address("https://media.example/1.webm#t=62,70.5")
    VideoAddress(source='https://media.example/1.webm', start=62.0, end=70.5)
    """
    address = address.strip()
    base, _, fragment = address.partition("#")
    base = _normalize_address(base)
    if fragment.startswith(("!", "/")):
        raise VideoError("What follows the # in this address is a page of its own: give the address of the video")
    path, mark, query = base.partition("?")
    names = () if is_playable(base) else TIME_PARAMETERS.get(read_site(base), ())
    pairs = query.split("&") if mark else []
    times = {name: unquote(value) for name, _, value in (pair.partition("=") for pair in pairs) if name in names}
    others = [pair for pair in pairs if pair.partition("=")[0] not in names]
    source = f"{path}?{'&'.join(others)}" if others else path
    if len(source) > MAX_ADDRESS_LENGTH:
        raise VideoError(
            f"This address is longer than {MAX_ADDRESS_LENGTH} characters: give a shorter one of the same video"
        )
    start, end = (_parse_first_time(times, keys) for keys in (("in", "t", "start"), ("out", "end")))
    from_fragment = _parse_fragment(fragment)
    return VideoAddress(source, *((start, end) if start is not None else from_fragment))


def build_watch_address(source: str, start: float, end: float | None = None) -> str:
    """Return the address that opens a video at a time, in its site's form; empty if the source is no web address.

    >>> build_watch_address("https://parliamentlive.tv/event/index/1b57", 36000)
    'https://parliamentlive.tv/event/index/1b57?in=10:00:00'
    >>> build_watch_address("https://media.example/1.webm", 62, 70.5)
    'https://media.example/1.webm#t=62,70.5'
    """
    try:
        site, whole = read_site(_normalize_address(source)), int(start)
    except VideoError:
        return ""
    if is_playable(source) or site not in (*TIME_PARAMETERS, "vimeo.com"):
        return f"{source}#{format_fragment(start, end)}"
    if site == "vimeo.com":
        return f"{source}#t={whole}s"
    if site == "parliamentlive.tv":
        return _add_query(source, f"in={whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}")
    return _add_query(source, f"start={whole}" if site == "archive.org" or "/embed/" in source else f"t={whole}s")


def is_playable(source: str) -> bool:
    """Return True if browsers can play the source themselves, by the end of its path."""
    return urlsplit(source).path.lower().endswith(PLAYABLE_ENDINGS)


def is_secure(source: str) -> bool:
    """Return True if the source comes by TLS or from this machine, so that it cannot be replaced on the way."""
    split = urlsplit(source)
    return split.scheme.lower() == "https" or (split.hostname or "") in ("127.0.0.1", "localhost", "::1")


def read_origin(source: str) -> str:
    """Return the scheme, host and port of an address, for a Content-Security-Policy. Raises VideoError."""
    split = urlsplit(_normalize_address(source))
    return f"{split.scheme.lower()}://{split.netloc.lower().rstrip(':')}"


def read_site(source: str) -> str:
    """Return the host of an address without the prefixes of large sites: www, m, player."""
    host = urlsplit(source).hostname or ""
    return re.sub(r"^(?:www|m|player)\.(?=[^.]+\.)", "", host)


def _normalize_address(address: str) -> str:
    """Return a web address in ASCII, as browsers send it. Raises VideoError."""
    try:
        split = urlsplit(address)
        netloc = split.netloc if split.netloc.isascii() else split.netloc.encode("idna").decode()
        address = address.replace(split.netloc, netloc, 1)
        host = netloc.lower().rpartition(":")[0] if split.port is not None else netloc.lower().rstrip(":")
        written = quote(address, safe=SAFE_CHARACTERS)
    except ValueError:
        raise VideoError("This is no address that a browser could open") from None
    if split.scheme.lower() not in ("http", "https"):
        raise VideoError("The address of a video begins with https:// or http://")
    if "@" in split.netloc:
        raise VideoError("This address holds a name or a password: leave out what comes before the @")
    if not HOST.fullmatch(host) or re.search(r"[\s\\\"<>`{}^\x00-\x1f\x7f]", address):
        raise VideoError("This is no address that a browser could open: it holds what no address holds")
    return written


def _parse_first_time(times: dict[str, str], names: tuple[str, ...]) -> float | None:
    """Return the first time of these names that can be read; None if there is none."""
    for name in names:
        try:
            return parse_seconds(times[name])
        except (KeyError, VideoError):
            continue
    return None


def _parse_fragment(fragment: str) -> tuple[float | None, float | None]:
    """Return the seconds of a media fragment, t=start,end."""
    value = next((part[2:] for part in unquote(fragment).split("&") if part.startswith("t=")), "").removeprefix("npt:")
    start, _, end = value.partition(",")
    times = {"start": start or ("0" if end else ""), "end": end}
    return _parse_first_time(times, ("start",)), _parse_first_time(times, ("end",))


def _add_query(source: str, parameter: str) -> str:
    return f"{source}{'&' if '?' in source else '?'}{parameter}"
