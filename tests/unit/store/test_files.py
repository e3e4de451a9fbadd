"""Files replaced whole, JSON read back, artifacts by content, directories that are ours."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orch_tui.errors import DamageError, StateError
from orch_tui.store import artifacts, files
from orch_tui.store.layout import private_dir, run_dir


def failing(*_: object, **__: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_a_file_is_replaced_and_private(tmp_path: Path) -> None:
    path = tmp_path / "status.json"
    path.write_text("old")
    path.chmod(0o644)
    for durable in (True, False):
        files.replace(path, b"new", durable=durable)
        assert path.read_bytes() == b"new"
        assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["status.json"]


def test_it_is_synced_before_the_rename_and_its_directory_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            is_dir = name == "fsync" and os.path.isdir(f"/proc/self/fd/{args[0]}")
            steps.append(name + " directory" * is_dir)
            return real(*args)

        return call

    monkeypatch.setattr(os, "fsync", noted("fsync", os.fsync))
    monkeypatch.setattr(Path, "rename", noted("rename", Path.rename))
    files.replace(tmp_path / "a", b"x")
    assert steps == ["fsync", "rename", "fsync directory"]
    steps.clear()
    files.replace(tmp_path / "a", b"x", durable=False)
    assert steps == ["rename"]
    steps.clear()
    artifacts.put(tmp_path / "artifacts", b"x")
    assert steps == ["fsync", "rename", "fsync directory"]


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    files.replace(tmp_path / "a", b"old")
    monkeypatch.setattr(Path if step == "rename" else os, step, failing)
    with pytest.raises(OSError, match="Input/output"):
        files.replace(tmp_path / "a", b"new")
    monkeypatch.undo()
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("a", b"old")]


def test_writing_goes_on_after_a_short_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, bytes(data)[:3]))
    files.replace(tmp_path / "a", b"0123456789")
    assert (tmp_path / "a").read_bytes() == b"0123456789"


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_what_is_no_json_object_is_told_with_its_name(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(DamageError, match=r"a\.json"):
        files.read_json(tmp_path / "a.json")


def test_json_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"n": 1}')
    assert files.read_json(tmp_path / "a.json") == {"n": 1}
    assert files.read_json(tmp_path / "b.json") is None
    with pytest.raises(StateError, match="cannot read"):
        files.read_json(tmp_path)


def test_an_artifact_is_named_by_what_it_holds(tmp_path: Path) -> None:
    sink = artifacts.Sink(tmp_path / "artifacts")
    for piece in (b"ab", b"", b"c" * 100_000):
        sink.write(piece)
    name = sink.close()
    assert name == artifacts.put(tmp_path / "artifacts", b"ab" + b"c" * 100_000)
    assert name == hashlib.sha256(b"ab" + b"c" * 100_000).hexdigest()
    assert sink.size == 100_002
    assert [entry.name for entry in (tmp_path / "artifacts").iterdir()] == [name]
    assert artifacts.get(tmp_path / "artifacts", name) == b"ab" + b"c" * 100_000


@pytest.mark.parametrize("step", ["write", "fsync"])
def test_an_artifact_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(os, step, failing)
    with pytest.raises(OSError, match="Input/output"):
        artifacts.put(tmp_path / "artifacts", b"x")
    assert list((tmp_path / "artifacts").iterdir()) == []


def test_a_changed_artifact_is_not_used(tmp_path: Path) -> None:
    name = artifacts.put(tmp_path, b"x")
    (tmp_path / name).write_bytes(b"y")
    with pytest.raises(DamageError, match="changed"):
        artifacts.get(tmp_path, name)
    (tmp_path / "other").write_text("z")
    for wrong in ("other", "../x", "", "0" * 64):
        with pytest.raises(FileNotFoundError):
            artifacts.get(tmp_path, wrong)


def test_a_state_directory_is_private_with_all_that_was_made_for_it(tmp_path: Path) -> None:
    path = run_dir(tmp_path, "r").journal
    assert private_dir(path) == path
    for made in (path, path.parent, path.parents[1], tmp_path / ".orch"):
        assert made.stat().st_mode & 0o777 == 0o700
    path.chmod(0o755)
    private_dir(path)
    assert path.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("depth", range(4))
def test_a_link_in_the_state_directory_is_refused(tmp_path: Path, depth: int) -> None:
    """A repository may come with `.orch` as a link to somewhere else."""
    path = run_dir(tmp_path, "r").journal
    linked = (path, *path.parents)[depth]
    linked.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "elsewhere").mkdir()
    for target in (tmp_path / "elsewhere", tmp_path / "nowhere"):
        linked.symlink_to(target)
        with pytest.raises(StateError, match="is a link"):
            private_dir(path)
        linked.unlink()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / ".orch").write_text("")
    with pytest.raises(StateError, match=r"\.orch.*not a directory"):
        private_dir(run_dir(tmp_path, "r").path)
    (tmp_path / "a").write_text("")
    with pytest.raises(StateError, match="cannot make"):
        private_dir(tmp_path / "a" / "b")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give directories away")
def test_a_directory_of_another_user_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".orch").mkdir()
    os.chown(tmp_path / ".orch", 12345, 12345)
    with pytest.raises(StateError, match="uid 12345"):
        private_dir(run_dir(tmp_path, "r").path)


@pytest.mark.parametrize("step", ["mkdir", "chmod"])
def test_a_disk_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    path = tmp_path / "state"
    if step == "chmod":
        path.mkdir(mode=0o755)
    monkeypatch.setattr(Path, step, read_only)
    with pytest.raises(StateError, match="Read-only file system"):
        private_dir(path)
