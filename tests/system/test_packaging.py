"""The package: its only list of dependencies, the lock made from it, and what its wheel holds."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
import urllib.request
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from db.archive.responses import format_now
from tests.support.cli import ROOT, await_port, free_port

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
TO_RUN = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = re.compile(r"^([\w.-]+)==([\w.]+)", re.M)
MOST_BYTES = 5_000_000
ORDINARY_USER = 65534
OWN_GUIDANCE = """id = "mine"
title = "My guidance"
author = "Me"
published = "2009"
url = "https://guidance.example/"
note = "Made up."
[[point]]
id = "one"
title = "One"
paraphrase = "Be good."
"""


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
    needed = {normalize_name(each.partition("==")[0]) for each in PROJECT["project"]["dependencies"]}
    assert needed <= {normalize_name(name) for name, _ in LOCKED.findall(TO_RUN)}
    assert set(LOCKED.findall(TO_RUN)) <= set(LOCKED.findall(LOCK))


@pytest.mark.parametrize("lock", [LOCK, TO_RUN], ids=["to develop", "to run"])
def test_every_locked_version_has_hashes_and_no_index_is_named(lock):
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 50
    assert [each.split()[0] for each in entries if "--hash=sha256:" not in each] == []
    assert "://" not in lock
    assert "--index" not in lock


def test_dependencies_are_listed_in_one_place():
    lists = sorted(path.name for path in ROOT.glob("*requirements*"))
    assert lists == ["requirements-dev.lock", "requirements-schemas.txt", "requirements.lock"]


@pytest.fixture(scope="module")
def wheel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel of this folder, without a network."""
    to = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(to)], cwd=ROOT, check=True)
    (built,) = to.glob("*.whl")
    assert built.stat().st_size < MOST_BYTES
    return built


@pytest.fixture
def wheel(wheel_file: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(wheel_file)


def test_the_wheel_holds_every_file_of_its_packages_that_git_has(wheel: zipfile.ZipFile):
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    listed = subprocess.run(["git", "ls-files", *packages], cwd=ROOT, capture_output=True, text=True, check=True)
    expected = {name for name in listed.stdout.splitlines() if (ROOT / name).exists()} | {"web/metadata.json"}
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert expected <= held
    assert not [name for name in held if Path(name).suffix in {".db", ".lock", ".pyc"}]


def test_the_wheel_has_no_package_of_the_tests(wheel: zipfile.ZipFile):
    assert {name.split("/")[0] for name in wheel.namelist()} & {"tests", "benchmarks", "demo_servers"} == set()


def test_installed_it_takes_ones_own_files_and_databases_from_any_folder(wheel, site_db, tmp_path):
    installed, folder = tmp_path / "installed", tmp_path / "elsewhere"
    wheel.extractall(installed)
    for name in ("db", "guidance", "quotes", "rules"):
        (folder / name).mkdir(parents=True)
    shutil.copy(site_db, folder / "db")
    (folder / "guidance" / "mine.toml").write_text(OWN_GUIDANCE, encoding="utf-8")
    env = {"PYTHONPATH": f"{installed}{os.pathsep}{sysconfig.get_path('purelib')}", "PATH": os.environ["PATH"]}
    env |= {"PYTHONDONTWRITEBYTECODE": "1", "GUIDANCE": "guidance", "QUOTES": "quotes", "RULES": "rules"}
    command = [sys.executable, "-P", "-m", "annotations", "load"]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(folder / "db" / "statements.db") as conn:
        assert conn.execute("SELECT id FROM guidance_points").fetchall() == [("mine/one",)]
    assert [path for path in installed.rglob("*.db*") if path.suffix != ".pyc"] == []


def test_the_version_is_the_same_wherever_it_is_named():
    version = PROJECT["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_decision_is_listed_with_its_title():
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    decisions = sorted((ROOT / "docs/decisions").glob("0*.md"))
    titles = [path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") for path in decisions]
    listed = [f"- [{title}]({path.name})" for title, path in zip(titles, decisions, strict=True)]
    assert listed
    assert [line for line in index.splitlines() if line.startswith("- ")] == listed


def test_workflows_are_yaml_and_call_what_there_is():
    for path in (ROOT / ".github/workflows").iterdir():
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
        commands = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
        assert any(each.startswith((".ci/run", ".venv/bin/dispatch-box scrape")) for each in commands), path.name


def test_contributing_names_files_that_exist():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./-]+/[\w.-]*\.(?:py|md|toml))`|\]\(([^)]+)\)", text)
    assert len(named) > 8
    assert [path or link for path, link in named if not (ROOT / (path or link)).exists()] == []


def find_python_for(user: dict[str, int]) -> str | None:
    """Find a Python of this version that an ordinary user may run; root's own may be hidden in root's home."""
    code = f"import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    for path in (str(Path(sys.executable).resolve()), shutil.which("python3", path="/usr/local/bin:/usr/bin")):
        try:
            if path and subprocess.run([path, "-c", code], check=False, **user).returncode == 0:
                return path
        except PermissionError:
            continue
    return None


def enter_good_run(path: Path) -> None:
    """Enter a run that has just ended well, so that the site is healthy."""
    with closing(sqlite3.connect(path)) as conn, conn:
        columns = [(name, kind) for _, name, kind, *_ in conn.execute("PRAGMA table_info(runs)")]
        run = {name: 0 if kind == "INTEGER" else "" for name, kind in columns}
        run |= {"id": 1, "started": format_now(), "finished": format_now()}
        names = ", ".join(run)
        conn.execute("DELETE FROM runs")
        conn.execute(f"INSERT INTO runs ({names}) VALUES ({', '.join('?' * len(run))})", tuple(run.values()))


@pytest.mark.nightly  # and in .ci/run: installing takes longest of all tests
def test_the_image_runs_as_an_ordinary_user_with_the_code_read_only(wheel_file, site_db):
    """Run the script of the Dockerfile on the wheel alone, then what the container runs, its health check too."""
    with tempfile.TemporaryDirectory(prefix="image-") as made:
        folder, prefix, data = Path(made), Path(made) / "installed", Path(made) / "data"
        user = {"user": ORDINARY_USER, "group": ORDINARY_USER} if os.geteuid() == 0 else {}
        python = find_python_for(user)
        if not python:
            pytest.skip(
                f"an ordinary user can run no Python {sys.version_info[0]}.{sys.version_info[1]} with venv here"
            )
        install = [ROOT / "deploy/install.sh", str(prefix), str(wheel_file)]
        subprocess.run(install, env={**os.environ, "PYTHON": python}, check=True)
        shutil.copy(ROOT / "deploy/healthcheck.py", prefix)
        data.mkdir()
        shutil.copy(site_db, data / "statements.db")
        enter_good_run(data / "statements.db")
        for path in (folder, data, data / "statements.db") if user else ():
            os.chown(path, ORDINARY_USER, ORDINARY_USER)
        port, packages = free_port(), sysconfig.get_path("purelib")
        env = {"PATH": f"{prefix}/bin:{os.environ['PATH']}", "DB_DIR": str(data), "PORT": str(port), "HOME": made}
        env |= {"PYTHONPATH": packages, "PYTHONDONTWRITEBYTECODE": "1", "BASE_URL": "https://archive.example"}
        code = [*prefix.rglob("web/*.py")]
        assert code
        assert not [path for path in code if path.stat().st_mode & 0o222]
        options = {"env": env, "cwd": data, "stderr": subprocess.PIPE, "text": True, **user}
        command = [prefix / "bin/dispatch-box", "serve", "--workers", "1"]
        server = subprocess.Popen(command, start_new_session=True, **options)
        try:
            await_port(port)
            check = [prefix / "bin/python", prefix / "healthcheck.py"]
            health = subprocess.run(check, stdout=subprocess.PIPE, check=False, **options)
            options["env"] = {**env, "PORT": str(free_port())}
            down = subprocess.run(check, stdout=subprocess.PIPE, check=False, **options)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/static/dispatchbox.css", timeout=30) as answer:
                assert answer.status == 200
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            _, errors = server.communicate(timeout=60)
        assert (health.returncode, health.stdout.partition(":")[0]) == (0, "ok"), (health.stdout, errors)
        assert (down.returncode, down.stdout.partition(":")[0]) == (1, "no answer")
        assert sorted(path.name for path in data.iterdir() if path.suffix == ".db") == ["statements.db"]


def test_the_dockerfile_runs_that_script_and_no_other_installation():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "RUN /src/deploy/install.sh /opt/dispatch-box" in text
    assert "pip" not in text
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert services["scraper"]["command"] == ["dispatch-box", "scrape", "--every", "24h"]
    assert {tuple(each["volumes"]) for each in services.values()} == {("data:/data",)}
