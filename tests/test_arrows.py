"""Hold the arrows of the design: which package may import which, over every module of the project."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from tests.support.sources import PACKAGES, ROOT, parse

# Each package of the project, with the packages that it may import besides itself.
MAY_IMPORT = {
    "db": set(),
    "accounts": {"db"},
    "scrapers": {"db"},
    "annotations": {"db"},
    "web": {"db", "scrapers", "annotations", "accounts"},
    "export": {"db", "annotations", "web"},
    "dispatch_box": {"db", "scrapers", "annotations", "accounts", "web", "export"},
}

# Folders of scrapers and annotations, with the folders of the same package that each may import.
WITHIN_SCRAPERS = {
    "scope": set(),
    "parsing": set(),
    "sources": {"parsing", "scope"},
    "fetch": {"sources", "scope"},
    "audit": set(),  # it shares nothing with what it audits
    "load": {"audit", "sources", "parsing", "scope"},
    "reports": {"audit", "sources", "scope", "load"},
    "cli": None,  # all of them
}
WITHIN_ANNOTATIONS = {
    "text": set(),
    "state": set(),
    "curated": set(),
    "anchoring": {"text"},
    "verification": {"anchoring", "text"},
    "suggesters": {"anchoring", "curated", "text"},
    "projection": {"anchoring", "state", "text"},
    "agreement": {"projection", "state", "text"},
    "exchange": {"projection", "state", "text"},
    "commands": {"curated", "projection", "state", "suggesters"},
    "cli": None,  # all of them
}
# What parsers may know of db: records and addresses, no database.
WITHOUT_A_DATABASE = ("db.records", "db.gid", "db.citation", "db.kinds", "db.exit_codes", "db.toml")
PURE = ("annotations.state", "annotations.text", "annotations.agreement.measure", "annotations.agreement.alpha")
# Modules of scrapers/load that put parsed documents together, and know no database.
ASSEMBLERS = ("assemble_day", "redirects", "match_speeches", "merge_sources", "other_sources", "apply_corrections")
IMPURE = {"sqlite3", "time", "datetime", "random", "pathlib", "subprocess"}
REACHING_OUT = {"subprocess", "socket", "http", "urllib.request", "asyncio", "httpx", "requests"}
# Besides scrapers/fetch: a scrape starts `python -m annotations`, and a suggester may be a program that the user names.
MAY_REACH_OUT = ("scrapers.fetch.", "scrapers.run", "annotations.suggesters.external_program")


@cache
def modules() -> Mapping[str, Path]:
    """Return every module of the project by its dotted name."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return {dotted(path.relative_to(ROOT)): path for path in files}


def dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(module: str) -> frozenset[str]:
    """Return the dotted names of all modules that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(parse(modules()[module])):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            base = node.module or ""
            full = (f"{base}.{alias.name}" for alias in node.names)
            found.update(name if name in modules() else base for name in full)
    return frozenset(found)


def ours(module: str) -> Iterator[str]:
    return (name for name in imports(module) if name.partition(".")[0] in (*PACKAGES, "tests"))


def folder(module: str) -> str:
    """Return the dotted folder of a module: web.debates for web.debates.routes, and for web.debates itself.

    web.urls counts as a folder: it is below the folders of web/, and the other modules beside it are above them.
    """
    if module == "web.urls":
        return module
    return ".".join(modules()[module].relative_to(ROOT).parts[:-1])


def test_the_modules_are_found():
    assert {name.partition(".")[0] for name in modules()} == set(PACKAGES)


def test_packages_import_only_what_they_may():
    wrong = [
        f"{module} imports {name}"
        for module in modules()
        if (package := module.partition(".")[0]) in MAY_IMPORT
        for name in ours(module)
        if name.partition(".")[0] not in MAY_IMPORT[package] | {package}
    ]
    assert wrong == []


def test_only_web_imports_datasette():
    wrong = [
        module
        for module in modules()
        if not module.startswith(("web.", "benchmarks."))
        and any(name.partition(".")[0] == "datasette" for name in imports(module))
    ]
    assert wrong == []


def test_folders_of_scrapers_import_only_what_they_may():
    assert wrong_within("scrapers", WITHIN_SCRAPERS) == []


def test_folders_of_annotations_import_only_what_they_may():
    assert wrong_within("annotations", WITHIN_ANNOTATIONS) == []


def wrong_within(package: str, rules: Mapping[str, set[str] | None]) -> list[str]:
    wrong = []
    for module in modules():
        top, _, rest = module.partition(".")
        room = rest.partition(".")[0]
        if top != package or room not in rules or rules[room] is None:
            continue
        allowed = tuple(f"{package}.{name}" for name in (room, *rules[room]))
        wrong += [
            f"{module} imports {name}"
            for name in ours(module)
            if name.startswith(f"{package}.") and not f"{name}.".startswith(tuple(f"{each}." for each in allowed))
        ]
    return wrong


def test_every_folder_of_scrapers_and_annotations_has_its_rule():
    for package, rules in (("scrapers", WITHIN_SCRAPERS), ("annotations", WITHIN_ANNOTATIONS)):
        rooms = {name.split(".")[1] for name in modules() if name.startswith(f"{package}.") and name.count(".") > 1}
        assert rooms == set(rules)


def test_parsers_know_no_database():
    parsers = ["scrapers.sources.", "scrapers.parsing.", "scrapers.scope."]
    parsers += [f"scrapers.load.{name}" for name in ASSEMBLERS]
    assert set(parsers[3:]) <= set(modules())
    wrong = [
        f"{module} imports {name}"
        for module in modules()
        if module.startswith(tuple(parsers))
        for name in imports(module)
        if name == "sqlite3" or (name.startswith("db") and not name.startswith(WITHOUT_A_DATABASE))
    ]
    assert wrong == []


def test_what_is_said_to_be_pure_reads_no_clock_and_no_file():
    assert [f"{m}: {sorted(bad)}" for m in modules() if m.startswith(PURE) and (bad := imports(m) & IMPURE)] == []


def test_the_state_knows_of_db_only_records_and_the_journal_entry():
    of_db = {
        name for m in modules() if m.startswith("annotations.state") for name in imports(m) if name.startswith("db")
    }
    assert {name for name in of_db if not name.startswith("db.records")} <= {"db.journal.entries"}


def test_only_fetching_and_running_reach_out():
    wrong = [
        module
        for module in modules()
        if module.startswith(("db", "scrapers", "annotations", "accounts"))
        and imports(module) & REACHING_OUT
        and not module.startswith(MAY_REACH_OUT)
    ]
    assert wrong == []


def test_nothing_imports_a_command_line_or_tests():
    wrong = [
        f"{module} imports {name}"
        for module in modules()
        if not module.startswith("dispatch_box.")
        for name in ours(module)
        if name.endswith("__main__")
        or name.startswith("tests")
        or (name.startswith("annotations.cli") and not module.startswith(("annotations.cli", "annotations.__main__")))
    ]
    assert wrong == []


def test_a_page_imports_no_routes_of_another_page():
    wrong = [
        f"{module} imports {name}"
        for module in modules()
        if module.startswith("web.") and module not in ("web.views", "web.plugin")
        for name in ours(module)
        if name.endswith(".routes") and folder(name) != folder(module)
    ]
    assert wrong == []


def test_no_folders_import_each_other_in_a_circle():
    graph: dict[str, set[str]] = defaultdict(set)
    for module in modules():
        graph[folder(module)] |= {folder(name) for name in ours(module) if name in modules()} - {folder(module)}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_no_modules_import_each_other_in_a_circle():
    try:
        list(TopologicalSorter({m: {name for name in ours(m) if name in modules()} for m in modules()}).static_order())
    except CycleError as error:
        raise AssertionError(" -> ".join(error.args[1])) from None


def test_a_folder_shows_at_most_fifteen_packages_and_modules():
    for package in ("db", "annotations", "scrapers"):
        shown = {name.split(".")[1] for name in modules() if name.startswith(f"{package}.")}
        shown |= {path.name for path in (ROOT / package).iterdir() if path.is_dir() and path.name != "__pycache__"}
        assert len(shown) <= 15, sorted(shown)


def test_the_picture_of_the_packages_is_that_of_the_code():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    (picture,) = re.findall(r"^```mermaid\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    drawn = set(re.findall(r"^ +(\w+)(?:\[[^]]*\])? --> (\w+)", picture, re.MULTILINE))
    lazy = {("dispatch_box", "export"), ("dispatch_box", "web"), ("dispatch_box", "accounts")}  # named as text, cli.py
    found = {
        (module.partition(".")[0], package)
        for module in modules()
        for name in ours(module)
        if (package := name.partition(".")[0]) != module.partition(".")[0]
    }
    assert drawn == {(one, other) for one, other in found if one in MAY_IMPORT} | lazy
