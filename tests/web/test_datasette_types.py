"""The types at the edge: what they describe is there in Datasette, and the rest that is not typed grows no more."""

import ast
import inspect
import re
from pathlib import Path

import pytest
from datasette.app import Datasette
from datasette.utils import MultiParams
from datasette.utils.asgi import Request, Response

from web.http import datasette_types

WEB = Path(__file__).resolve().parents[2] / "web"
CLASSES = {"Datasette": Datasette, "HttpRequest": Request, "HttpResponse": Response, "Arguments": MultiParams}
TREE = ast.parse(inspect.getsource(datasette_types))
ANY = re.compile(r"\bAny\b")


@pytest.mark.parametrize("name", CLASSES)
def test_what_a_type_describes_is_there_in_datasette(name, site):
    (described,) = [each for each in ast.walk(TREE) if isinstance(each, ast.ClassDef) and each.name == name]
    real = site if name == "Datasette" else CLASSES[name]
    source = inspect.getsource(CLASSES[name])
    for each in described.body:
        if isinstance(each, ast.AnnAssign):
            assert hasattr(real, each.target.id) or f"self.{each.target.id} = " in source, each.target.id
        elif isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
            method = inspect.getattr_static(CLASSES[name], each.name)
            given = [one.arg for one in each.args.args if one.arg not in ("self", "cls")]
            if not isinstance(method, property) and not each.name.startswith("__"):
                taken = inspect.signature(getattr(CLASSES[name], each.name)).parameters
                assert set(given) <= set(taken), each.name
                assert inspect.iscoroutinefunction(method) == isinstance(each, ast.AsyncFunctionDef), each.name


def test_the_site_answers_with_datasettes_own_classes():
    assert (datasette_types.Request, datasette_types.Response) == (Request, Response)
