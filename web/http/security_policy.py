"""The Content-Security-Policy: what a page may load, and the setting that widens it for other plugins."""

import re
from collections.abc import Iterable, Mapping

POLICY: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'",),
    "style-src": ("'self'",),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "media-src": ("'self'",),
    "manifest-src": ("'self'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'none'",),
    "base-uri": ("'none'",),
}
SETTING = "plugins, dispatch-box, content-security-policy"
ADDRESS = re.compile(r"/|(?:/[\w~.-]+)+", re.ASCII)
HOST = re.compile(r"https://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9](?::[0-9]{1,5})?", re.ASCII)
HASH = re.compile(r"'sha(?:256|384|512)-[A-Za-z0-9+/]{43,86}={0,2}'", re.ASCII)
# directives that the setting may widen, each with the words that it takes beside addresses of hosts
WORDS: Mapping[str, tuple[str, ...]] = {
    "script-src": ("'unsafe-eval'", "'wasm-unsafe-eval'", "'unsafe-inline'"),
    "style-src": ("'unsafe-inline'",),
    "img-src": ("blob:",),
    "font-src": ("data:",),
    "connect-src": (),
    "media-src": ("blob:",),
    "frame-src": ("'self'",),
    "worker-src": ("'self'", "blob:"),
}
HASHED = ("script-src", "style-src")
PLUGIN_PAGES = "/-/"  # below it are pages of Datasette and of other plugins, none of this site
Sources = Mapping[str, tuple[str, ...]]  # by directive


class PolicyError(ValueError):
    """A setting that widens the policy in a way that is not taken; the text is for whoever runs the site."""


def write_security_policy(*wider: Sources) -> str:
    """Write the policy that allows nothing from other hosts, with the sources that are added to its directives."""
    names = dict.fromkeys([*POLICY, *(name for sources in wider for name in sources)])
    added = {name: [source for sources in wider for source in sources.get(name, ())] for name in names}
    return "; ".join(" ".join(dict.fromkeys([name, *POLICY.get(name, ()), *added[name]])) for name in names)


def read_wider_policies(setting: object) -> Mapping[str, Sources]:
    """Read the setting: for each address, and all below it, the sources added. Raises PolicyError."""
    return {address: _read_sources(address, given) for address, given in _read_object(setting, SETTING).items()}


def find_wider_policies(policies: Mapping[str, Sources], path: str) -> list[Sources]:
    """Return the additions for an address: those of each address of the setting that it is, or is below."""
    return [sources for address, sources in policies.items() if _is_below(path, address.rstrip("/"))]


def _is_below(path: str, address: str) -> bool:
    """Return True if a path is an address, a form of it such as its JSON, or below it."""
    return not address or f"{path}/".startswith((f"{address}/", f"{address}."))


def _read_object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise PolicyError(f"{where}: {value!r} is no object")
    return value


def _read_sources(address: str, given: object) -> Sources:
    where = f"{SETTING}, {address!r}"
    if not ADDRESS.fullmatch(address):
        raise PolicyError(f"{where}: this is no address of a page, such as /-/search")
    return {name: tuple(_check_sources(address, name, each)) for name, each in _read_object(given, where).items()}


def _check_sources(address: str, name: str, sources: object) -> Iterable[str]:
    where = f"{SETTING}, {address!r}, {name!r}"
    if name not in WORDS:
        raise PolicyError(f"{where}: only these can be widened: {', '.join(WORDS)}")
    if not isinstance(sources, list):
        raise PolicyError(f"{where}: {sources!r} is no list of sources")
    for source in sources:
        if problem := _find_problem(address, name, source):
            raise PolicyError(f"{where}: {source!r} is not taken: {problem}")
        yield source


def _find_problem(address: str, name: str, source: object) -> str:
    """Return what is wrong with a source, or ""."""
    hashed = name in HASHED and isinstance(source, str) and HASH.fullmatch(source)
    if not isinstance(source, str) or not (source in WORDS[name] or hashed or HOST.fullmatch(source)):
        words = [*WORDS[name], *(["hashes such as 'sha256-...'"] if name in HASHED else [])]
        return f"it takes {', '.join(['addresses of hosts such as https://maps.example', *words])}"
    if (name, source) == ("script-src", "'unsafe-inline'") and not address.startswith(PLUGIN_PAGES):
        return f"scripts within pages can be allowed below {PLUGIN_PAGES} only; elsewhere name the script by its hash"
    return ""
