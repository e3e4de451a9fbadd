"""What is installed is what a person needs: the wheel holds the files for users, and finds them."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import orch_tui
from orch_tui import resources

TOP = Path(__file__).parents[1]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
PROGRAM: str = PROJECT["project"]["scripts"]["orch-tui"]
KINDS = ("themes", "workflows", "prompts", "examples")


def build(target: str, folder: Path) -> Path:
    """The file that hatchling makes of the checkout, without a network."""
    argv = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(argv, cwd=TOP, capture_output=True, check=True)
    return next(folder.iterdir())


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(build("wheel", tmp_path_factory.mktemp("wheel"))) as wheel:
        wheel.extractall(folder)
    return folder


def python(installed: Path, home: Path, code: str) -> str:
    """What `code` prints where only the unpacked wheel is this project, away from the checkout."""
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(installed), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_an_installed_wheel_finds_its_files(installed: Path, tmp_path: Path, kind: str):
    code = f"from orch_tui import resources; print(resources.__file__, *resources.names({kind!r}), sep='\\n')"
    where, *names = python(installed, tmp_path, code).splitlines()
    assert Path(where).is_relative_to(installed)
    assert names == sorted(path.name for path in (TOP / kind).iterdir() if path.is_file() and path.name[0] != ".")
    assert names


@pytest.mark.parametrize("kind", KINDS)
def test_an_editable_checkout_finds_its_files(kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    names = resources.names(kind)  # pyright: ignore[reportArgumentType]
    assert names
    assert all((TOP / kind / name).is_file() for name in names)


def test_an_installed_wheel_reads_a_prompt_and_starts(installed: Path, tmp_path: Path):
    code = "from orch_tui import resources; print(resources.read('prompts', 'brief.md'), end='')"
    assert python(installed, tmp_path, code) == (TOP / "prompts" / "brief.md").read_text(encoding="utf-8")
    module, _, function = PROGRAM.partition(":")
    code = f"import sys; sys.argv = ['orch-tui', '--version']; from {module} import {function}; {function}()"
    assert python(installed, tmp_path, code) == f"orch-tui, version {orch_tui.__version__}\n"


def test_the_wheel_has_the_screens_styles_the_types_and_the_licence(installed: Path):
    styles = {path.relative_to(TOP / "src") for path in (TOP / "src").rglob("*.tcss")}
    assert styles
    assert all((installed / style).is_file() for style in styles)
    assert (installed / "orch_tui" / "py.typed").is_file()
    assert list(installed.glob("*.dist-info/licenses/LICENSE"))
    assert not list(installed.rglob("test_*.py"))


def test_the_wheel_declares_its_program_and_its_agents(installed: Path):
    (points,) = installed.glob("*.dist-info/entry_points.txt")
    words = points.read_text(encoding="utf-8")
    assert f"orch-tui = {PROGRAM}\n" in words
    for agent in PROJECT["project"]["entry-points"]["orch_tui.agents"]:
        assert f"\n{agent} = " in words


def test_the_source_distribution_can_be_worked_on(tmp_path: Path):
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "constraints.txt", "README.md", "CHANGELOG.md", "LICENSE", "prompts/brief.md"} <= names
    assert "tests/test_packaging.py" in names


def test_there_is_one_version():
    assert PROJECT["project"]["version"] == orch_tui.__version__
    assert f"## [{orch_tui.__version__}]" in (TOP / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_dependency_has_an_exact_version():
    lines = (TOP / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(pin.count("==") == 1 and "://" not in pin and " " not in pin for pin in pins)
    pinned = {pin.partition("==")[0].lower().replace("_", "-") for pin in pins}
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"], *PROJECT["build-system"]["requires"]]
    named = {requirement.partition(";")[0].split("[")[0] for requirement in wanted}
    named = {"".join(c for c in name.split(">")[0].split("=")[0] if c not in " <~!").lower() for name in named}
    assert named <= pinned
