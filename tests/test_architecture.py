"""The arrows of the design and the limits of the house, held by reading the sources."""

import ast
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OURS = ("db", "scrapers", "annotations", "accounts", "web", "plugins", "export", "benchmarks", "demo_servers")
FILES = [path for package in OURS for path in sorted((ROOT / package).rglob("*.py"))]
MAY_IMPORT = {"db": {"db"}, "scrapers": {"db", "scrapers"}, "annotations": {"db", "annotations"}}
MAY_IMPORT |= {"accounts": {"db", "accounts"}, "export": {"db", "annotations", "web", "export"}}
PURE = {"db.gid", "db.citation"}  # besides records: what a parser may know of the databases
PARSERS = {"markup.py", "headings.py", "date_globs.py", "kinds.py", "assemble_day.py", "topics.py", "people.py"}
PARSERS |= {"match_speeches.py", "merge_sources.py", "other_sources.py", "apply_corrections.py", "redirects.py"}
SOURCES = {"hansard", "publications", "theyworkforyou", "theyworkforyou_api"}
REDUCED = {"reducer.py", "model.py", "history.py", "measure.py", "alpha.py"}  # pure: of entries and of words alone
REACHING = {"subprocess", "socket", "http", "urllib.request", "asyncio", "httpx", "requests"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it; what is imported from a package of ours counts as a module."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            module = node.module or ""
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names if module in OURS)


def of_ours(path: Path) -> set[str]:
    return {module for module in imports(path) if module.partition(".")[0] in OURS}


def of_databases(path: Path) -> set[str]:
    return {module for module in of_ours(path) if module.startswith("db.")}


def is_record(module: str) -> bool:
    return module.startswith("db.records.")


def package(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def named(*names: str) -> Iterator[Path]:
    return (path for path in FILES if package(path) in names)


# --- the arrows


def test_there_is_something_to_read():
    assert {package(path) for path in FILES} >= {"db", "scrapers"}


def test_db_imports_nothing_of_ours():
    for path in named("db"):
        assert {module.partition(".")[0] for module in of_ours(path)} <= MAY_IMPORT["db"], path


def test_scrapers_annotations_accounts_and_export_import_only_what_they_may():
    for path in named("scrapers", "annotations", "accounts", "export"):
        assert {module.partition(".")[0] for module in of_ours(path)} <= MAY_IMPORT[package(path)], path


def test_nobody_imports_plugins_benchmarks_or_tests():
    for path in named("db", "scrapers", "annotations", "accounts", "plugins", "export"):
        assert not {module.partition(".")[0] for module in imports(path)} & {"benchmarks", "demo_servers", "tests"}, (
            path
        )
        assert package(path) == "export" or not any(module.startswith("export") for module in of_ours(path)), path
        assert package(path) == "plugins" or not any(module.startswith("plugins") for module in imports(path)), path


def test_nobody_imports_a_command_line():
    for path in FILES:
        assert not [module for module in imports(path) if module.endswith("__main__")], path


def test_parsers_know_records_and_addresses_and_no_database():
    for path in named("scrapers"):
        if path.name in PARSERS or path.parent.name in SOURCES:
            assert {module for module in of_databases(path) if not is_record(module)} <= PURE, path
            assert "sqlite3" not in set(imports(path)), path


def test_what_the_journal_amounts_to_is_worked_out_without_a_database():
    for path in named("annotations"):
        if path.name in REDUCED and path.parent.name in ("state", "agreement"):
            assert not {"sqlite3", "time", "datetime", "random", "pathlib"} & set(imports(path)), path
            ours = {module for module in of_databases(path) if not is_record(module)}
            assert ours <= {"db.journal", "db.journal.entries", "db.journal.entries.JournalEntry"}, path


def test_nobody_but_the_command_line_imports_its_verbs():
    for path in FILES:
        if path.parent.name != "cli" and path.name != "__main__.py":
            assert not [module for module in imports(path) if module.startswith("annotations.cli")], path


def test_only_fetching_and_running_reach_out():
    packages = ("db", "scrapers", "annotations", "accounts")
    reaching = {path.name for path in named(*packages) if set(imports(path)) & REACHING}
    # two ask sources, the third starts `python -m annotations`, the last a suggester that the user names
    assert reaching <= {"locations.py", "transport.py", "run.py", "external_program.py"}


def test_the_future_does_not_shadow_our_annotations():
    assert [path for path in FILES if "__future__" in set(imports(path))] == []


# --- the limits


def test_a_function_has_at_most_50_lines():
    assert [f"{path}: {f.name}" for path in FILES for f in functions(path) if length(f) > 50] == []


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_a_file_has_at_most_400_lines():
    assert [path for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_nothing_catches_everything():
    handlers = [(path, n) for path in FILES for n in ast.walk(tree(path)) if isinstance(n, ast.ExceptHandler)]
    caught = [(path, ast.unparse(handler.type) if handler.type else "everything") for path, handler in handlers]
    assert [one for one in caught if one[1] in ("everything", "Exception", "BaseException")] == []


def test_only_command_lines_and_benchmarks_print():
    quiet = [path for path in FILES if path.name != "__main__.py" and package(path) != "benchmarks"]
    called = [(path, node.func) for path in quiet for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    assert [path for path, func in called if isinstance(func, ast.Name) and func.id == "print"] == []


def test_no_work_is_done_at_import():
    lines = [(path, node.value) for path in FILES for node in tree(path).body if isinstance(node, ast.Expr)]
    calls = [(path, ast.unparse(value)) for path, value in lines if isinstance(value, ast.Call)]
    assert [one for one in calls if one[0].name != "__main__.py"] == []


def test_a_file_is_utf_8_and_says_what_it_is_for():
    for path in FILES:
        with tokenize.open(path) as file:
            assert file.encoding == "utf-8", path
    assert [path for path in FILES if not ast.get_docstring(tree(path))] == []
