"""The inbox: commands arrive whole and in order, and nothing that is put there can hurt or stop the reader."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from orch_tui.errors import CommandError, StateError
from orch_tui.store import inbox


@pytest.fixture
def box(tmp_path: Path) -> Path:
    for part in ("tmp", "new"):
        (tmp_path / "inbox" / part).mkdir(parents=True)
    return tmp_path / "inbox"


def body(**more: Any) -> dict[str, Any]:
    return {"op": "pause", "args": {"section": "A"}, "actor": "me", **more}


def put(box: Path, name: str, data: bytes) -> None:
    (box / "new" / name).write_bytes(data)


def reason(box: Path) -> str:
    (found,) = inbox.take(box)
    assert found.op == ""
    assert found.id
    inbox.done(found)
    assert inbox.take(box) == []
    return found.reason


def test_a_command_comes_as_it_was_left(box: Path) -> None:
    name = inbox.drop(box, body(if_seq=7))
    (found,) = inbox.take(box)
    assert (found.id, found.op, found.args, found.actor, found.if_seq) == (name, "pause", {"section": "A"}, "me", 7)
    assert found.reason == ""
    assert found.path.stat().st_mode & 0o777 == 0o600
    assert list((box / "tmp").iterdir()) == []
    assert inbox.take(box) == [found]
    inbox.done(found)
    inbox.done(found)
    assert inbox.take(box) == []


def test_a_thousand_commands_come_in_the_order_they_were_left(box: Path) -> None:
    names = [inbox.drop(box, body()) for _ in range(1000)]
    assert names == sorted(names)
    assert len(set(names)) == 1000
    assert [found.id for found in inbox.take(box)] == names


def test_the_same_id_twice_is_one_command(box: Path) -> None:
    for _ in range(2):
        inbox.drop(box, body(id="end-1"))
    assert [found.id for found in inbox.take(box)] == ["end-1"]


def test_what_is_left_in_tmp_is_no_command(box: Path) -> None:
    (box / "tmp" / "half").write_bytes(b'{"id":')
    assert inbox.take(box) == []


@pytest.mark.parametrize("name", ["../../x", "a/b", "", ".", "x" * 65, "a\n", "é"])
def test_an_id_that_is_no_file_name_is_refused(box: Path, name: str) -> None:
    if name:
        with pytest.raises(CommandError):
            inbox.drop(box, body(id=name))
    put(box, "01A.json", json.dumps(body(id=name)).encode())
    assert reason(box) == "has no usable id"


def test_a_command_too_long_is_refused_on_both_sides(box: Path) -> None:
    with pytest.raises(StateError, match="at most"):
        inbox.drop(box, body(args={"text": "x" * inbox.LIMIT}))
    put(box, "01A.json", json.dumps(body(id="01A", args={"text": "x" * inbox.LIMIT})).encode())
    assert "at most" in reason(box)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a":' * 40_000, "is not JSON"),
        (b'{"id":"a","op":"x","args":{"n":NaN}}', "is not JSON"),
        (b'{"id":"a","if_seq":' + b"9" * 5000 + b"}", "is not JSON"),
        (b"[1]", "is not a JSON object"),
        (b"{}", "has no usable id"),
        (b'{"id":7}', "has no usable id"),
        (b'{"id":"a"}', "needs op"),
        (b'{"id":"a","op":"x","args":[]}', "needs op"),
        (b'{"id":"a","op":"x","actor":1}', "needs op"),
        (b'{"id":"a","op":"x","more":1}', "unknown field 'more'"),
        (b'{"id":"a","op":"x","if_seq":true}', "if_seq"),
        (b'{"id":"a","op":"x","if_seq":"1"}', "if_seq"),
    ],
)
def test_what_is_no_command_is_told(box: Path, data: bytes, words: str) -> None:
    put(box, "01A.json", data)
    assert words in reason(box)


def test_a_link_is_not_followed(box: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(json.dumps(body(id="01A")))
    (box / "new" / "01A.json").symlink_to(tmp_path / "secret")
    assert "link" in reason(box)
    assert (tmp_path / "secret").exists()


def test_a_file_with_two_names_is_not_read(box: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_text(json.dumps(body(id="01A")))
    os.link(tmp_path / "other", box / "new" / "01A.json")
    assert "hard link" in reason(box)


def test_pipes_sockets_and_directories_do_not_stop_the_reader(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(box / "new" / "01A.json")
    assert "regular" in reason(box)
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(box / "new")
        listener.bind("01B.json")
        assert reason(box)
    folder = box / "new" / ("d" * 250)
    folder.mkdir()
    (folder / "inside").write_text("kept")
    assert "regular" in reason(box)
    (bad,) = (box / "bad").iterdir()
    assert (bad / "inside").read_text() == "kept"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_file_of_another_user_is_not_read(box: Path) -> None:
    put(box, "01A.json", json.dumps(body(id="01A")).encode())
    os.chown(box / "new" / "01A.json", 12345, 12345)
    assert "another user" in reason(box)


def test_what_cannot_be_removed_keeps_its_id_and_breaks_nothing(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (box / "new" / "odd name").mkdir()
    (box / "bad").write_text("in the way")
    (first,) = inbox.take(box)
    inbox.done(first)
    (second,) = inbox.take(box)
    assert first.id == second.id
    assert first.id.startswith("bad-")


def test_a_file_that_vanishes_while_it_is_taken_is_no_command(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.drop(box, body(id="a"))
    inbox.drop(box, body(id="b"))
    real = os.open

    def late(path: Any, *args: Any, **more: Any) -> int:
        if str(path).endswith("a.json"):
            Path(path).unlink()
            inbox.drop(box, body(id="c"))
        return real(path, *args, **more)

    monkeypatch.setattr(os, "open", late)
    assert [found.id for found in inbox.take(box)] == ["b"]
    assert [found.id for found in inbox.take(box)] == ["b", "c"]


def test_a_file_is_read_whole_however_little_comes_at_once(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = inbox.drop(box, body())
    real = os.read
    monkeypatch.setattr(os, "read", lambda file, size: real(file, min(size, 3)))
    assert [(found.id, found.reason) for found in inbox.take(box)] == [(name, "")]


def test_an_inbox_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    assert inbox.take(tmp_path) == []
    with pytest.raises(StateError, match="cannot leave a command"):
        inbox.drop(tmp_path, body())
    (tmp_path / "new").write_text("a file")
    with pytest.raises(StateError, match="cannot read the inbox"):
        inbox.take(tmp_path)


def test_a_command_that_could_not_be_made_safe_leaves_nothing(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(StateError, match="No space"):
        inbox.drop(box, body())
    assert list((box / "tmp").iterdir()) == list((box / "new").iterdir()) == []
