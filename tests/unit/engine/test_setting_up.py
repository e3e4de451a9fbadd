"""What sets up a worktree, and what is kept of it for others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orch_tui.engine import setting_up
from orch_tui.engine.checks import command_block
from orch_tui.engine.todo import Todo
from orch_tui.worktree_settings import WorktreeSettings

GIVEN = WorktreeSettings(
    setup=("npm ci", "make assets"), cache=("node_modules", "web/dist"), cache_key=("package-lock.json",)
)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def tree(tmp_path: Path, name: str, lock: str = "1") -> Path:
    made = tmp_path / name
    made.mkdir()
    (made / "package-lock.json").write_text(lock)
    return made


def made(tree: Path) -> None:
    """What the commands would do."""
    (tree / "node_modules" / ".bin").mkdir(parents=True)
    (tree / "node_modules" / "x.js").write_text("x")
    (tree / "node_modules" / "x.js").chmod(0o755)
    (tree / "node_modules" / ".bin" / "x").symlink_to("../x.js")


def blocks(tree: Path, kept: Path, given: WorktreeSettings = GIVEN) -> list[str]:
    return [block.text for block in setting_up.preparation(given, tree, kept).blocks]


def test_each_command_is_a_block_and_its_errors_are_part_of_what_it_prints(tmp_path: Path, kept: Path):
    assert blocks(tree(tmp_path, "a"), kept) == ["exec 2>&1\nnpm ci\n", "exec 2>&1\nmake assets\n"]


def test_the_next_worktree_with_the_same_key_gets_what_the_first_one_made(tmp_path: Path, kept: Path):
    first, second = tree(tmp_path, "a"), tree(tmp_path, "b")
    blocks(first, kept)
    made(first)
    assert setting_up.keep(GIVEN, first, kept) == ""
    assert setting_up.keep(GIVEN, first, kept) == "", "again changes nothing"
    [words] = blocks(second, kept)
    assert words.startswith("echo 'node_modules as an earlier worktree made it")
    assert (second / "node_modules" / ".bin" / "x").read_text() == "x"
    assert os.access(second / "node_modules" / "x.js", os.X_OK)
    (second / "node_modules" / "x.js").write_text("changed by a session")
    assert (first / "node_modules" / "x.js").read_text() == "x", "nothing is shared that can be written to"
    third = tree(tmp_path, "c")
    assert len(blocks(third, kept)) == 1
    assert (third / "node_modules" / "x.js").read_text() == "x"


def test_checks_of_a_merged_result_come_after_what_sets_its_worktree_up(tmp_path: Path, kept: Path):
    checks = (command_block("make test"),)
    todo = setting_up.then(
        setting_up.preparation(GIVEN, tree(tmp_path, "a"), kept), Todo(brief="make test\n", blocks=checks)
    )
    assert [block.text.splitlines()[-1] for block in todo.blocks] == ["npm ci", "make assets", "make test"]
    assert todo.brief.endswith("make assets\nmake test\n")


@pytest.mark.parametrize("change", ["lock", "commands", "missing", "link"])
def test_with_another_key_or_none_it_is_made_anew(tmp_path: Path, kept: Path, change: str):
    first = tree(tmp_path, "a")
    made(first)
    setting_up.keep(GIVEN, first, kept)
    given, second = GIVEN, tree(tmp_path, "b", "2" if change == "lock" else "1")
    if change == "commands":
        given = WorktreeSettings(setup=("pnpm i",), cache=given.cache, cache_key=given.cache_key)
    if change in {"missing", "link"}:
        (second / "package-lock.json").unlink()
    if change == "link":
        (second / "package-lock.json").symlink_to(first / "package-lock.json")
    assert len(blocks(second, kept, given)) == len(given.setup)
    assert not (second / "node_modules").exists()


def test_a_link_in_the_place_of_a_directory_is_not_kept(tmp_path: Path, kept: Path):
    first = tree(tmp_path, "a")
    (tmp_path / "elsewhere").mkdir()
    (first / "node_modules").symlink_to(tmp_path / "elsewhere")
    assert "not kept" in setting_up.keep(GIVEN, first, kept)
    assert list(kept.iterdir()) == []


def test_what_is_too_much_is_not_kept_and_that_is_said(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch):
    first = tree(tmp_path, "a")
    made(first)
    monkeypatch.setattr(setting_up, "MOST_FILES", 0)
    assert "more files" in setting_up.keep(GIVEN, first, kept)
    assert list(kept.iterdir()) == []


def test_what_was_not_made_is_said(tmp_path: Path, kept: Path):
    assert "not there after setup" in setting_up.keep(GIVEN, tree(tmp_path, "a"), kept)


def test_a_few_keys_are_kept_those_used_last(tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(setting_up, "MOST_KEPT", 2)
    for number in range(3):
        one = tree(tmp_path, str(number), lock=str(number))
        made(one)
        setting_up.keep(GIVEN, one, kept)
        for at, path in enumerate(sorted(kept.iterdir(), key=lambda path: path.stat().st_mtime)):
            os.utime(path, (1000 + at, 1000 + at))
    assert len(list(kept.iterdir())) == 2
    assert len(blocks(tree(tmp_path, "again", lock="0"), kept)) == 2, "the oldest is gone"
