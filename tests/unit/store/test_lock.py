"""Locks: one holder, gone with it, not disturbed by those who only look."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from orch_tui.errors import StateError
from orch_tui.store.lock import Lock, held, holder

HOLD = """
import sys
from pathlib import Path
from orch_tui.store.lock import Lock
assert Lock(Path(sys.argv[1])).acquire({"pid": 1})
sys.stdout.write("held\\n")
sys.stdout.flush()
sys.stdin.read()
"""


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert not held(tmp_path / "lock")
    assert first.acquire({"pid": 1, "host": "here"})
    assert held(tmp_path / "lock")
    assert not second.acquire({"pid": 2})
    assert holder(tmp_path / "lock") == {"pid": 1, "host": "here"}
    first.release()
    first.release()
    assert not held(tmp_path / "lock")
    assert second.acquire({"pid": 2})
    assert holder(tmp_path / "lock") == {"pid": 2}
    second.describe({"pid": 2, "epoch": 12})
    assert holder(tmp_path / "lock") == {"pid": 2, "epoch": 12}
    second.release()


def test_it_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    argv = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        assert held(path)
        assert not Lock(path).acquire({})
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert not held(path)
    mine = Lock(path)
    assert mine.acquire({})
    mine.release()


def test_those_who_look_do_not_keep_a_holder_out(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            held(path)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(50):
            mine = Lock(path)
            assert mine.acquire({})
            mine.release()
    finally:
        stop.set()
        for looker in lookers:
            looker.join()


def test_a_replaced_file_is_no_longer_ours(tmp_path: Path) -> None:
    mine = Lock(tmp_path / "lock")
    assert not mine.owned()
    assert mine.acquire({})
    assert mine.owned()
    (tmp_path / "other").touch()
    (tmp_path / "other").rename(tmp_path / "lock")
    assert not mine.owned()
    (tmp_path / "lock").unlink()
    assert not mine.owned()
    mine.release()


def test_a_link_or_a_missing_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StateError, match="cannot open the lock"):
        Lock(tmp_path / "lock").acquire({})
    with pytest.raises(StateError, match="cannot tell"):
        held(tmp_path / "lock")
    assert not (tmp_path / "elsewhere").exists()
    assert not held(tmp_path / "nowhere" / "lock")
    with pytest.raises(StateError):
        Lock(tmp_path / "nowhere" / "lock").acquire({})


def test_not_being_able_to_look_is_not_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Out of file descriptors, a living host used to pass for a dead one."""

    def none_left(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "open", none_left)
    with pytest.raises(StateError, match="Too many open files"):
        held(tmp_path / "lock")


def test_a_full_disk_leaves_the_lock_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    mine = Lock(tmp_path / "lock")
    assert mine.acquire({})
    assert held(tmp_path / "lock")
    mine.release()


def test_a_body_that_nobody_can_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("{")
    assert holder(tmp_path / "lock") is None
    assert holder(tmp_path / "nowhere") is None
    (tmp_path / "lock").write_text(json.dumps([1]))
    assert holder(tmp_path / "lock") is None
