"""Mutations of documents: of bytes, of lines and tokens, and of the structure of JSON, XML, HTML and zip files."""

import io
import json
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

ODD_TEXTS = (
    *(
        "",
        " ",
        "\x00",
        "\x1b[31m",
        "\ud800",
        "\udfff\ud800",
        "\ufffe",
        "\u00df",
        "\u0130",
        "\u2028",
        "\u00ad",
        "\u202e",
    ),
    *("0", "-1", "007", "1e400", "99999999999999999999", "9" * 5000, "\u0663", "1\u00b2", "Ayes 9223372036854775808"),
    *("null", "<b>", "</p>", "]]>", "&nope;", "&#xD800;", "&#0;", "&#1;", "&", "<!--", "<p>" * 300, "<p class='"),
    *("2008-02-30", "9999-99-99", "25:61", "12 noon", "uk.org.publicwhip/debate/2008-06-22c.101.5", "../../x", "a\nb"),
    *("http://[", "javascript:alert(1)", "x" * 20_000, "\ud83d\ude00", "=1+1", "Ayes 99999999999999999999, Noes 1"),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**63, 2**64, -(2**70), 10**400, 1.5, float("inf"), float("nan"), [], {}, [[]], [None]),
    *({"": {}}, ["\ud800"], {"\ud800": 1}, *ODD_TEXTS),
)
ODD_TAGS = (
    "aside",
    "script",
    "table",
    "td",
    "del",
    "sup",
    "p",
    "speech",
    "division",
    "h5",
    "a",
    "col",
    "ins",
    "x:y",
    "br",
)
TOKEN = re.compile(rb"<[^<>]*>|[^<>]+|[<>]")
ATTRIBUTE = re.compile(rb"""\s([\w:-]+)=("[^"]*"|'[^']*')""")
NUMBER = re.compile(rb"\d+")
FIELD = re.compile(rb'"[^"\n]*"|[^,;\n=]+')
Found = TypeVar("Found")
Mutate = Callable[[Random, bytes], bytes]


def mutate(chance: Random, body: bytes) -> bytes:
    """Return a document with one to three mutations of kinds that suit its format."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        body = chance.choice(_list_mutations(body))(chance, body)
    return body


def _list_mutations(body: bytes) -> tuple[Mutate, ...]:
    start = body.lstrip()[:1]
    if body[:2] == b"PK":
        return (_mutate_member, _mutate_member, _mutate_member, _change_bytes)
    if start in (b"{", b"["):
        return (_mutate_json, _mutate_json, _mutate_json, _repeat_key, _change_bytes, _change_number)
    if start == b"<" or b"</" in body[:5000]:
        return (
            _change_attribute,
            _change_attribute,
            _mutate_tokens,
            _wrap,
            _insert_text,
            _change_bytes,
            _change_number,
        )
    return (_change_field, _change_field, _mutate_lines, _insert_text, _change_bytes, _change_number)


def encode(text: str) -> bytes:
    """Encode a text in UTF-8, with half surrogate pairs as they are."""
    return text.encode("utf-8", "surrogatepass")


def _change_bytes(chance: Random, body: bytes) -> bytes:
    start = chance.randrange(len(body) + 1)
    end = min(len(body), start + chance.choice((1, 1, 2, 8, 100, 5000)))
    kind = chance.randrange(6)
    if kind == 0:
        return body[:start]
    if kind == 1:
        return body[:start] + body[end:]
    if kind == 2:
        return body[:end] + body[start:]
    if kind == 3:
        return body[:start] + chance.randbytes(end - start) + body[end:]
    if kind == 4:
        return body[:start] + chance.choice((b"\x00", b"\xff\xfe", b"\xc2", b"\xed\xa0\x80", b"\r")) + body[start:]
    return b"" if chance.random() < 0.1 else body[:start] + bytes(reversed(body[start:end])) + body[end:]


def _change_number(chance: Random, body: bytes) -> bytes:
    found = list(NUMBER.finditer(body))
    if not found:
        return _change_bytes(chance, body)
    number = chance.choice(found)
    odd = chance.choice((b"99999999999999999999", b"-1", b"0", b"", b"9223372036854775808", b"1" * 5000, b"\xc2\xb2"))
    return body[: number.start()] + odd + body[number.end() :]


def _insert_text(chance: Random, body: bytes) -> bytes:
    found = [match.end() for match in TOKEN.finditer(body)]
    place = chance.choice(found) if found else 0
    return body[:place] + encode(chance.choice(ODD_TEXTS)) + body[place:]


# --- JSON


def _mutate_json(chance: Random, body: bytes) -> bytes:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return _change_bytes(chance, body)
    places = list(_list_places(document))
    if not places:
        return _change_bytes(chance, body)
    holder, key = _choose_by_name(chance, places, lambda place: str(place[1]) if isinstance(place[0], dict) else "")
    kind = chance.randrange(7)
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, list):
        holder.insert(chance.randrange(len(holder) + 1), holder[key])
    elif kind == 2 and isinstance(holder, list):
        chance.shuffle(holder)
    elif kind == 3:
        holder[key] = _nest(holder[key], chance.choice((2, 30, 200)))
    elif kind == 4 and isinstance(holder[key], str):
        place = chance.randrange(len(holder[key]) + 1)
        holder[key] = holder[key][:place] + chance.choice(ODD_TEXTS) + holder[key][place:]
    elif kind == 5:
        other, name = chance.choice(places)
        holder[key] = json.loads(json.dumps(other[name])) if name in _list_keys(other) else None
    else:
        holder[key] = chance.choice(ODD_VALUES)
    try:
        return json.dumps(document).encode()
    except (ValueError, RecursionError):
        return body


def _choose_by_name(chance: Random, found: Sequence[Found], read_name: Callable[[Found], Any]) -> Found:
    """Choose a name, then one of those that have it, so that rare fields come as often as common ones."""
    groups: dict[Any, list[Found]] = defaultdict(list)
    for each in found:
        groups[read_name(each)].append(each)
    return chance.choice(groups[chance.choice(list(groups))])


def _list_keys(holder: Any) -> Any:
    return holder if isinstance(holder, dict) else range(len(holder))


def _list_places(document: Any) -> Any:
    """Yield every object or array with each of its keys or indexes."""
    waiting = [document]
    while waiting:
        holder = waiting.pop()
        for key in list(_list_keys(holder)) if isinstance(holder, dict | list) else ():
            yield holder, key
            waiting.append(holder[key])


def _nest(value: Any, depth: int) -> Any:
    for _ in range(depth):
        value = [value]
    return value


def _repeat_key(chance: Random, body: bytes) -> bytes:
    found = list(re.finditer(rb'("[\w@:]+"): ', body))
    if not found:
        return _change_bytes(chance, body)
    key = chance.choice(found)
    odd = json.dumps(chance.choice(ODD_VALUES)).encode()
    return body[: key.start()] + key[1] + b": " + odd + b", " + body[key.start() :]


# --- XML and HTML


def _change_attribute(chance: Random, body: bytes) -> bytes:
    found = list(ATTRIBUTE.finditer(body))
    if not found:
        return _mutate_tokens(chance, body)
    one = _choose_by_name(chance, found, lambda match: match[1])
    odd = encode(chance.choice(ODD_TEXTS)).replace(b'"', b"")
    new = chance.choice(
        (
            b"",
            b" unknown" + one[0].lstrip(),
            b" " + one[1] + b'="' + odd + b'"',
            b" " + one[1] + b'="' + odd + b'"',
            one[0] * 2,
            b" " + one[1] + b"=" + chance.choice(found)[2],
        )
    )
    return body[: one.start()] + new + body[one.end() :]


def _mutate_tokens(chance: Random, body: bytes) -> bytes:
    tokens = TOKEN.findall(body)
    if len(tokens) < 3:
        return _change_bytes(chance, body)
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    kind = chance.randrange(4)
    if kind == 0:
        del tokens[one]
    elif kind == 1:
        tokens.insert(other, tokens[one])
    elif kind == 2:
        tokens[one], tokens[other] = tokens[other], tokens[one]
    else:
        start, end = sorted((one, other))
        tokens[start:start] = tokens[start : min(end, start + 50)]
    return b"".join(tokens)


def _wrap(chance: Random, body: bytes) -> bytes:
    """Put an element, perhaps an unknown one, or many inside each other, around one token."""
    tokens = TOKEN.findall(body) or [b""]
    one = chance.randrange(len(tokens))
    tag, depth = chance.choice(ODD_TAGS).encode(), chance.choice((1, 1, 1, 60, 600))
    tokens[one] = (b"<" + tag + b">") * depth + tokens[one] + (b"</" + tag + b">") * depth
    return b"".join(tokens)


# --- lines, and zip files


def _mutate_lines(chance: Random, body: bytes) -> bytes:
    lines = body.splitlines(keepends=True) or [b""]
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    kind = chance.randrange(4)
    if kind == 0:
        del lines[one]
    elif kind == 1:
        lines.insert(other, lines[one])
    elif kind == 2:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines.insert(one, encode(chance.choice(ODD_TEXTS)) + b"\n")
    return b"".join(lines)


def _change_field(chance: Random, body: bytes) -> bytes:
    """Replace one value of a line of CSV or TOML."""
    found = list(FIELD.finditer(body))
    if not found:
        return _change_bytes(chance, body)
    field = chance.choice(found)
    odd = chance.choice((json.dumps(chance.choice(ODD_VALUES)).encode(), encode(chance.choice(ODD_TEXTS))))
    return body[: field.start()] + odd + body[field.end() :]


def _mutate_member(chance: Random, body: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as zip:
            members = [(info.filename, zip.read(info)) for info in zip.infolist()]
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        EOFError,
        RuntimeError,
    ):  # damaged by a mutation before
        return _change_bytes(chance, body)
    if not members:
        return _change_bytes(chance, body)
    n = chance.randrange(len(members))
    name, content = members[n]
    kind = chance.randrange(8)
    if kind == 0:
        members[n] = chance.choice(("../../evil", "/", "a\x00b", "project.qde", "x" * 300)), content
    elif kind == 1:
        members.append(members[n])
    elif kind == 2:
        del members[n]
    else:
        members[n] = name, chance.choice(_list_mutations(content))(chance, content)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zip:
        for name, content in members:
            zip.writestr(name, content)
    return made.getvalue()
