"""The modules of the project as syntax trees, each parsed once, for tests that read the code."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("db", "scrapers", "annotations", "accounts", "web", "export", "dispatch_box", "benchmarks", "demo_servers")


@cache
def parse(path: Path) -> ast.Module:
    """Parse a module, once for all tests of a process."""
    return ast.parse(path.read_text(encoding="utf-8"))
