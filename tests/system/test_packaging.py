"""The package: its only list of dependencies, the lock made from it, and what its wheel holds."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.support.cli import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = re.compile(r"^([\w.-]+)==([\w.]+)", re.M)
MOST_BYTES = 5_000_000


def normalize_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def list_pins() -> dict[str, str]:
    project = PROJECT["project"]
    named = [*project["dependencies"], *(each for extra in project["optional-dependencies"].values() for each in extra)]
    pairs = (each.split(";")[0].strip().split("==") for each in named)
    return {normalize_name(name): version for name, version in pairs}


def test_the_lock_has_every_dependency_in_the_version_that_the_project_names():
    locked = {(normalize_name(name), version) for name, version in LOCKED.findall(LOCK)}
    assert list_pins().items() <= locked


def test_every_locked_version_has_hashes_and_no_index_is_named():
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) > 100
    assert [each.split()[0] for each in entries if "--hash=sha256:" not in each] == []
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_dependencies_are_listed_in_one_place():
    lists = sorted(path.name for path in ROOT.glob("*requirements*"))
    assert lists == ["requirements-schemas.txt", "requirements.lock"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel of this folder, without a network."""
    to = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)], cwd=ROOT, check=True)
    (built,) = to.glob("*.whl")
    assert built.stat().st_size < MOST_BYTES
    return zipfile.ZipFile(built)


def test_the_wheel_holds_every_file_of_its_packages_that_git_has(wheel: zipfile.ZipFile):
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    listed = subprocess.run(["git", "ls-files", *packages], cwd=ROOT, capture_output=True, text=True, check=True)
    expected = {name for name in listed.stdout.splitlines() if (ROOT / name).exists()} | {"web/metadata.json"}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert expected <= held
    assert not [name for name in held if Path(name).suffix in {".db", ".lock", ".pyc"}]


def test_the_wheel_has_no_package_of_the_tests(wheel: zipfile.ZipFile):
    assert {name.split("/")[0] for name in wheel.namelist()} & {"tests", "benchmarks", "demo_servers"} == set()


def test_the_version_is_the_same_wherever_it_is_named():
    version = PROJECT["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_decision_is_listed_with_its_title():
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    for path in (ROOT / "docs/decisions").glob("0*.md"):
        title = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"- [{title}]({path.name})\n" in index


def test_workflows_are_yaml_and_call_what_there_is():
    for path in (ROOT / ".github/workflows").iterdir():
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
        commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
        assert any(each.startswith((".ci/run", ".venv/bin/python -m scrapers scrape")) for each in commands), path.name


def test_contributing_names_files_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./-]+/[\w.-]*\.(?:py|md|toml))`|\]\(([^)]+)\)", text)
    assert len(named) > 8
    assert [path or link for path, link in named if not (ROOT / (path or link)).exists()] == []
