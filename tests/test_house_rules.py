"""Hold the rules of the house over every module: length, names, docstrings, and what code may not do."""

import ast
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.support.sources import PACKAGES, ROOT, parse

FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
RIDDLE = re.compile(r"(What|Whether|Where|Who|Whose|Whom|How|Which|When)\b")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def package(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def nodes(kind: type | object) -> Iterator[tuple[Path, ast.AST]]:
    return ((path, node) for path in FILES for node in ast.walk(parse(path)) if isinstance(node, kind))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


# --- length


def test_a_function_has_at_most_50_lines():
    assert [place(path, f) for path, f in nodes(Function) if f.end_lineno - f.lineno + 1 > 50] == []


def test_a_file_has_at_most_400_lines():
    assert [path for path in FILES if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


# --- names and docstrings


def test_a_class_name_has_one_meaning():
    modules = defaultdict(set)
    for path, node in nodes(ast.ClassDef):
        modules[node.name].add(path)
    assert {name: paths for name, paths in modules.items() if len(paths) > 1} == {}


def test_a_file_is_utf_8_and_has_a_docstring():
    for path in FILES:
        with tokenize.open(path) as file:
            assert file.encoding == "utf-8", path
    assert [path for path in FILES if not ast.get_docstring(parse(path))] == []


def test_no_docstring_begins_as_a_riddle():
    documented = ast.Module | ast.ClassDef | Function
    found = ((path, ast.get_docstring(node) or "") for path, node in nodes(documented))
    assert [f"{path}: {text.splitlines()[0]}" for path, text in found if RIDDLE.match(text)] == []


def test_records_of_more_than_four_fields_are_built_by_keyword():
    records = {
        node.name
        for _, node in nodes(ast.ClassDef)
        if "NamedTuple" in map(ast.unparse, node.bases) and sum(isinstance(n, ast.AnnAssign) for n in node.body) > 4
    }
    built = ((path, node) for path, node in nodes(ast.Call) if isinstance(node.func, ast.Name) and node.args)
    wrong = [(path, c) for path, c in built if c.func.id in records and c.func.id not in foreign_names(path)]
    assert [place(*one) for one in wrong] == []


def foreign_names(path: Path) -> set[str]:
    """Return the names that a module imports from other projects, such as Datasette's Response."""
    imported = (node for node in ast.walk(parse(path)) if isinstance(node, ast.ImportFrom))
    foreign = [
        n for n in imported if n.module.partition(".")[0] not in PACKAGES or n.module.endswith("datasette_types")
    ]
    return {alias.name for node in foreign for alias in node.names}


# --- what code may not do


def test_nothing_catches_everything():
    last = (
        ROOT / "db" / "cli" / "__init__.py",  # which tells of every error, and ends with its exit code
        ROOT / "scrapers" / "load" / "isolation.py",  # which quarantines a document, so that the others are loaded
    )
    caught = ((place(*one), one[1].type) for one in nodes(ast.ExceptHandler) if one[0] not in last)
    wrong = {"Exception", "BaseException", ""}
    assert [where for where, kind in caught if (ast.unparse(kind) if kind else "") in wrong] == []


def test_only_command_lines_and_benchmarks_print():
    quiet = ((p, n) for p, n in nodes(ast.Call) if p.name != "__main__.py" and package(p) != "benchmarks")
    assert [place(p, n) for p, n in quiet if isinstance(n.func, ast.Name) and n.func.id == "print"] == []


def test_no_work_is_done_at_import():
    lines = ((path, node) for path in FILES if path.name != "__main__.py" for node in parse(path).body)
    calls = ((p, n) for p, n in lines if isinstance(n, ast.Expr) and isinstance(n.value, ast.Call))
    assert [place(path, node) for path, node in calls] == []


def test_no_future_annotations_shadow_ours():
    assert [place(p, n) for p, n in nodes(ast.ImportFrom) if n.module == "__future__"] == []


# --- the two SQLite libraries


def test_error_classes_of_sqlite_come_from_one_module():
    """With pysqlite3 installed, `except sqlite3.Error` does not catch its errors; raising a class is no catching."""
    raised = {id(each) for _, node in nodes(ast.Raise) for each in ast.walk(node)}
    found = [(path, node) for path, node in nodes(ast.Attribute) if node.attr.endswith(("Error", "Warning"))]
    caught = [(path, node) for path, node in found if "sqlite" in ast.unparse(node.value) and id(node) not in raised]
    assert [place(path, node) for path, node in caught if path != ROOT / "db/sqlite.py"] == []


# --- tests in a browser wait

BROWSER_TESTS = [path for path in (ROOT / "tests").rglob("*.py") if "new_page" in path.read_text(encoding="utf-8")]
ACTIONS = {"click", "dblclick", "tap", "press"}  # a page or a script may be at work when they return
INPUTS = ACTIONS | {"check", "down", "fill", "focus", "move", "select_option", "set_checked", "type", "uncheck", "up"}
WAITS = ("expect", "wait_for")


def called(node: ast.AST) -> set[str]:
    """Return the names of the functions that a piece of code calls."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in calls}


def does_act(node: ast.AST) -> bool:
    """Tell whether a piece of code acts on a page; the Tab key moves the focus alone, and at once."""
    calls = [each for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)]
    keys = {each: each.args[-1].value for each in calls if each.args and isinstance(each.args[-1], ast.Constant)}
    return any(each.func.attr in ACTIONS and not str(keys.get(each)).endswith("Tab") for each in calls)


def does_wait(node: ast.AST, helpers: set[str]) -> bool:
    """Tell whether a piece of code waits for something named, not for a time or for the page that is there already."""
    names = called(node) - {"wait_for_load_state", "wait_for_timeout"}
    return any(name.startswith(WAITS) or name in helpers for name in names)


def does_read(node: ast.AST) -> bool:
    """Tell whether a piece of code asks for a state: the address, or what no input and no name of an element is."""
    names = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    asked = {name for name in called(node) - INPUTS - {"locator", "nth"} if not name.startswith("get_by")}
    return bool(asked) or "url" in names


def find_hasty(body: list[ast.stmt], helpers: set[str], acted: bool, found: list[ast.stmt]) -> bool:
    """Gather the statements that read straight after an action; returns whether the last one is an action."""
    for one in body:
        inner = getattr(one, "body", None)
        if isinstance(one, ast.FunctionDef):
            continue
        if inner and isinstance(one, ast.With) and any(does_wait(item, helpers) for item in one.items):
            find_hasty(inner, helpers, False, found)
            acted = False
        elif inner:
            head = getattr(one, "iter", getattr(one, "test", ast.Pass()))
            found += [one] if acted and does_read(head) else []
            for _ in range(2):  # the end of a loop comes before its beginning
                acted = find_hasty(inner, helpers, acted, found)
            acted = find_hasty(getattr(one, "orelse", []), helpers, acted, found)
        elif does_wait(one, helpers):
            acted = False
        elif does_act(one):
            acted = True
        elif acted and does_read(one):
            found.append(one)
    return acted


def test_what_follows_an_action_in_a_browser_waits_for_what_it_leads_to():
    """Read after `expect` or `wait_for`, or act within `expect_navigation`: a click ends before the next page comes."""
    hasty = []
    for path in BROWSER_TESTS:
        functions = [each for each in ast.walk(parse(path)) if isinstance(each, ast.FunctionDef)]
        ours = [each for each in functions if not each.name.startswith("test_")]
        helpers = {"sign_in"} | {each.name for each in ours if not each.decorator_list and does_wait(each, set())}
        for function in functions:
            found: list[ast.stmt] = []
            ends = find_hasty(function.body, helpers, False, found)
            hasty += [place(path, each) for each in (*found, *([function] if ends and function in ours else []))]
    assert sorted(set(hasty)) == []
