"""Files that come with the program, and the user's own before them."""

from pathlib import Path

import pytest

from orch_tui import resources
from orch_tui.errors import ConfigError


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed wheel with one prompt."""
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "site" / "orch_tui")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "site" / "orch_tui" / "data" / "prompts"
    folder.mkdir(parents=True)
    (folder / "brief.md").write_text("packaged")
    return folder


def own(folder: Path, name: str = "brief.md", text: str = "own") -> Path:
    folder.mkdir(parents=True)
    (folder / name).write_text(text)
    return folder / name


def test_a_checkout_has_them_at_its_top():
    top = Path(__file__).parents[2]
    assert resources._packaged() == top or (resources._packaged() / "prompts").is_dir()


def test_a_wheel_has_them_inside(packaged: Path):
    assert resources.find("prompts", "brief.md") == packaged / "brief.md"
    assert resources.read("prompts", "brief.md") == "packaged"


def test_the_user_comes_before_the_package_and_the_project_before_the_user(packaged: Path, tmp_path: Path):
    users = own(tmp_path / "config" / "orch-tui" / "prompts")
    assert resources.find("prompts", "brief.md", root=tmp_path) == users
    projects = own(tmp_path / ".orch" / "prompts")
    assert resources.find("prompts", "brief.md", root=tmp_path) == projects
    assert resources.find("prompts", "brief.md") == users


def test_names_are_listed_once_from_everywhere(packaged: Path, tmp_path: Path):
    own(tmp_path / ".orch" / "prompts").with_name("mine.md").touch()
    (packaged / ".gitkeep").touch()
    assert resources.names("prompts", root=tmp_path) == ["brief.md", "mine.md"]
    assert resources.names("themes") == []


def test_a_missing_one_is_named_with_those_there_are(packaged: Path):
    with pytest.raises(ConfigError) as missing:
        resources.find("prompts", "brif.md")
    assert missing.value.line() == "there is no 'brif.md' in prompts (there are: brief.md)"


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", "..", "a/b"])
def test_no_path_leads_out(packaged: Path, name: str):
    with pytest.raises(ConfigError, match="is not the name of a file"):
        resources.find("prompts", name)


def test_what_is_no_text_is_refused(packaged: Path):
    (packaged / "brief.md").write_bytes(b"a\xff")
    with pytest.raises(ConfigError, match=r"is not UTF-8 text \(byte 1\)"):
        resources.read("prompts", "brief.md")
