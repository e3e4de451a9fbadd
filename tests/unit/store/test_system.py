import errno
import os
from pathlib import Path

import pytest

from orch_tui.errors import StateError
from orch_tui.store import files, inbox, system
from orch_tui.store.layout import private_dir
from orch_tui.store.system import Calls


class Failing(Calls):
    """Fails one call by its name."""

    def __init__(self, call: str) -> None:
        setattr(self, call, self._fail)

    def _fail(self, *_: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("call", ["open", "write", "fsync", "rename", "close"])
def test_a_fault_layer_meets_every_call_that_replaces_a_file_and_the_old_one_stays(tmp_path: Path, call: str) -> None:
    files.replace(tmp_path / "file", b"old")
    with system.replaced(Failing(call)), pytest.raises(OSError, match=os.strerror(errno.EIO)):
        files.replace(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize("call", ["open", "write", "fsync", "rename"])
def test_a_command_that_cannot_be_left_is_not_there_and_its_sender_is_told(tmp_path: Path, call: str) -> None:
    for name in ("tmp", "new"):
        private_dir(tmp_path / name)
    with system.replaced(Failing(call)), pytest.raises(StateError, match="cannot leave a command"):
        inbox.drop(tmp_path, {"op": "pause", "args": {}, "actor": "you"})
    assert not inbox.take(tmp_path)


def test_behind_a_fault_layer_everything_is_as_before(tmp_path: Path) -> None:
    with system.replaced(Failing("mkdir")), pytest.raises(StateError):
        private_dir(tmp_path / "new")
    assert private_dir(tmp_path / "new").is_dir()
