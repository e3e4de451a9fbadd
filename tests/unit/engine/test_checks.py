"""What checks a section's work: its own words, else the settings, else what the project's files say."""

from pathlib import Path

import pytest

from orch_tui.engine.checks import checks


def found(tree: Path, **files: str) -> list[str]:
    """The commands that a project with these files is checked by; in their names a dot is two underscores."""
    for name, text in files.items():
        path = tree / name.replace("__", ".").replace("SLASH", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return [block.text.strip() for block in checks((), tree)]


def test_commands_that_are_stated_come_before_those_of_the_project(tmp_path: Path):
    (tmp_path / "Makefile").write_text("test:\n\ttrue\n")
    assert [block.text for block in checks(("a", "b"), tmp_path)] == ["a\n", "b\n"]
    assert [block.text for block in checks((), tmp_path)] == ["make test\n"]


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        ({}, []),
        ({"Makefile": "all:\n\ncheck: all\n"}, ["make check"]),
        ({"Makefile": "check:\n\ntest : check\n"}, ["make test"]),
        ({"Makefile": "test := 1\n\ttest:\n"}, []),
        ({"package__json": '{"scripts": {"test": "jest"}}'}, ["npm test"]),
        ({"package__json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'}, []),
        ({"package__json": '{"scripts": []}'}, []),
        ({"package__json": "{"}, []),
        ({"package__json": "[" * 100_000}, []),
        ({"pyproject__toml": "[tool.pytest.ini_options]\n"}, ["python3 -m pytest"]),
        ({"pyproject__toml": '[project]\nname = "x"\n', "testsSLASHtest_x__py": ""}, ["python3 -m pytest"]),
        ({"pyproject__toml": '[project]\nname = "x"\n'}, []),
        ({"pyproject__toml": "[["}, []),
        ({"pytest__ini": "[pytest]\n"}, ["python3 -m pytest"]),
        ({"Cargo__toml": "[package]\n"}, ["cargo test"]),
        ({"go__mod": "module x\n"}, ["go test ./..."]),
    ],
)
def test_a_project_says_by_its_files_how_it_is_tested(tmp_path: Path, files, commands):
    assert found(tmp_path, **files) == commands


def test_a_build_file_that_is_no_file_or_no_text_says_nothing(tmp_path: Path):
    (tmp_path / "Makefile").mkdir()
    (tmp_path / "package.json").write_bytes(b"\xff\xfe{}")
    assert found(tmp_path) == []
