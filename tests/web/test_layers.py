"""The arrows within web/: pages above, what they share below; one way into blind mode, one order of middleware."""

import ast
from pathlib import Path

import web
from web import plugin
from web.http.visibility import start_without_viewer
from web.middleware import (
    allowed_methods,
    csrf_tokens,
    etags,
    missed_entries,
    page_cache,
    request_guard,
    security_headers,
    trailing_slash,
    url_prefix,
)

WEB = Path(__file__).resolve().parents[2] / "web"
FILES = sorted(WEB.rglob("*.py"))
BELOW = {
    "urls.py": set(),
    "http": {"http", "urls"},
    "rendering": {"rendering", "urls"},
    "middleware": {"middleware", "http", "urls"},
}


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path):
    """The modules of web/ that a file imports, with the names that it takes from each."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("web."):
            for alias in node.names:
                yield node.module, alias.name


def folder(path):
    return path.relative_to(WEB).parts[0]


def test_shared_packages_import_no_page():
    for path in FILES:
        if folder(path) in BELOW:
            wrong = [module for module, _ in imports(path) if module.split(".")[1] not in BELOW[folder(path)]]
            assert wrong == [], path


def test_a_page_imports_no_other_pages_routes():
    for path in FILES:
        if folder(path) in ("plugin.py", "views.py"):
            continue
        modules = {f"{module}.{name}" for module, name in imports(path)} | {module for module, _ in imports(path)}
        routes = {module for module in modules if ".routes" in module and module.split(".")[1] != folder(path)}
        assert routes == set(), path


def test_blind_mode_is_reached_through_one_module_only():
    for path in FILES:
        where = path.relative_to(WEB).as_posix()
        if where == "http/visibility.py":
            continue
        source = path.read_text(encoding="utf-8")
        assert "unseen_" not in source, where
        assert "recreate_views" not in source, where
        if where != "http/reading.py":
            names = {name for module, name in imports(path) if module == "web.http.visibility"}
            assert not names & {"VIEWER", "hide_notes"}, where


def test_a_date_in_the_past_is_read_through_one_function_only():
    for path in FILES:
        if path.relative_to(WEB).as_posix() not in ("http/reading.py", "http/as_of_tables.py"):
            assert "web.http.as_of_tables" not in {module for module, _ in imports(path)}, path


def test_one_tuple_defines_the_order_of_middleware():
    makers = [
        path.relative_to(WEB).as_posix()
        for path in FILES
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name == "asgi_wrapper"
    ]
    assert makers == ["plugin.py"]
    order = plugin.list_middleware()
    assert (
        url_prefix.strip_prefix,
        security_headers.add_security_headers,
        start_without_viewer,
        request_guard.guard_requests,
        order[4],  # made for the routes by allowed_methods.limit_methods
        csrf_tokens.bind_csrf_tokens,
        etags.add_etags,
        missed_entries.show_missed_entries,
        page_cache.cache_pages,
        trailing_slash.redirect_final_slashes,
    ) == order
    assert order[4].func is allowed_methods._limit_methods


def test_every_hook_is_in_the_plugin_and_the_package_gives_each_to_datasette():
    elsewhere = [path for path in FILES if "hookimpl" in path.read_text(encoding="utf-8") and path.name != "plugin.py"]
    assert elsewhere == []
    hooks = {name for name, value in vars(plugin).items() if hasattr(value, "datasette_impl")}
    assert hooks == set(web.__all__)
