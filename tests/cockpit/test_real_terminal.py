"""The real program in a pseudo-terminal: hostile bytes, signals, what is left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable

import pytest
from conftest_cockpit import PLAN

OPEN = """
import sys
from pathlib import Path
from orch_tui.cockpit import run_cockpit
from orch_tui.config import Config
from orch_tui.store.layout import RunDir
from orch_tui.client import send
send.ensure_runner = lambda run: None  # the run is staged: nobody is to carry it on
raise SystemExit(run_cockpit(RunDir(Path(sys.argv[1])), Config()))
"""
EVIL = "\x1b]52;c;ZXZpbA==\x07\x1b]0;EVIL\x07\x1b[31mred\x1b[2J\x9b31m\x90q\x9c[/nope] [bold \u202eevil\u2066 \x07\x08"

LIMIT = 60.0  # seconds until a test gives up waiting


class Terminal:
    def __init__(self, run, env=None) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-c", OPEN, str(run.path)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**given, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TZ": "UTC", **(env or {})},
            start_new_session=True,
        )
        os.close(slave)
        self.drawn = b""

    def until(self, true: Callable[[bytes], object], what: str) -> None:
        end = time.monotonic() + LIMIT
        while not true(self.drawn):
            assert time.monotonic() < end, f"never came: {what}: {self.drawn[-2000:]!r}"
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.drawn += os.read(self.master, 1 << 16)
                except OSError:
                    break
        assert true(self.drawn), f"it ended before {what}: {self.drawn[-2000:]!r}"

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def ended(self) -> int:
        end = time.monotonic() + LIMIT
        while self.process.poll() is None:
            assert time.monotonic() < end
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.drawn += os.read(self.master, 1 << 16)
                except OSError:
                    break
        while select.select([self.master], [], [], 0.1)[0]:
            try:
                self.drawn += os.read(self.master, 1 << 16)
            except OSError:
                break
        return self.process.wait(LIMIT)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal():
    made: list[Terminal] = []

    def make(run, **env) -> Terminal:
        made.append(Terminal(run, env))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_hostile_titles_and_output_neither_break_the_screen_nor_reach_the_terminal(lay, terminal):
    table = lay(PLAN.replace("Boil water", f"Boil {EVIL} water").replace("# Tea", f"# Tea {EVIL}"))
    table.stage.approve()
    writer = table.stage.start("A", model=EVIL)
    writer.append("text", text=f"before {EVIL} after\n")
    writer.append("tool", name=EVIL, input=EVIL, id="1")
    writer.append("tool_result", text=EVIL, id="1")
    writer.append("notice", notice=EVIL, text=EVIL, until=0)
    for _ in range(20):
        writer.append("text", text="x" * (1 << 20))
    writer.append("text", text="\nTHE END\n")
    table.ask("A")
    screen = terminal(table.stage.run)
    screen.until(lambda drawn: b"THE END" in drawn and b"asking" in drawn, "the stream")
    screen.press("o")
    screen.until(lambda drawn: b"Permission" in drawn, "the dialog")
    time_to_leave = b"\x1b"
    os.write(screen.master, time_to_leave)
    screen.until(lambda drawn: drawn.rstrip().endswith(b"") and b"later" in drawn, "the dialog's keys")
    screen.process.send_signal(signal.SIGTERM)
    screen.ended()
    assert b"]52;" not in screen.drawn
    assert b"\x1b]0;EVIL" not in screen.drawn
    assert b"\x1b[31m" not in screen.drawn
    assert "\u202e".encode() not in screen.drawn
    assert "\u2066".encode() not in screen.drawn
    assert not re.search(rb"(?<![\xc2-\xf4\x80-\xbf])[\x80-\x9f]", screen.drawn.replace(b"\xc2\x9b", b""))
    assert b"\xc2\x9b" not in screen.drawn
    assert b"[/nope] [bold" in screen.drawn
    assert b"Traceback" not in screen.drawn


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_puts_the_terminal_back(running, terminal, number):
    screen = terminal(running.stage.run)
    screen.until(lambda drawn: b"A says 59" in drawn, "the stream")
    screen.process.send_signal(number)
    screen.ended()
    assert b"\x1b[?1049l" in screen.drawn  # the alternate screen is left
    assert b"\x1b[?25h" in screen.drawn  # the cursor is back
    assert screen.drawn.rindex(b"\x1b[?1049l") > screen.drawn.rindex(b"\x1b[?1049h")


def test_it_ends_when_the_terminal_is_gone_without_a_signal(running, terminal):
    screen = terminal(running.stage.run)
    screen.until(lambda drawn: b"A says 59" in drawn, "the stream")
    os.close(screen.master)
    screen.master = os.open(os.devnull, os.O_RDWR)
    assert screen.process.wait(LIMIT) is not None


def test_leaving_says_where_things_stand_in_ten_lines(running, terminal):
    screen = terminal(running.stage.run)
    screen.until(lambda drawn: b"A says 59" in drawn, "the stream")
    screen.press("q")
    assert screen.ended() == 0
    left = screen.drawn.rpartition(b"\x1b[?1049l")[2].decode()
    words = re.sub(r"\x1b[^a-zA-Z]*[a-zA-Z]", "", left)
    assert "Tea: running" in words
    assert "the run goes on without the cockpit" in words
    assert f"orch-tui {running.stage.plan}" in words
    assert len([line for line in words.splitlines() if line.strip()]) <= 10


def test_without_colour_statuses_are_still_told_apart(running, terminal):
    screen = terminal(running.stage.run, NO_COLOR="1")
    screen.until(lambda drawn: b"A says 59" in drawn, "the stream")
    assert "▶ ".encode() in screen.drawn
    assert "· ".encode() in screen.drawn
    assert coloured(screen.drawn) == []


def coloured(drawn: bytes) -> list[tuple[int, ...]]:
    """The colours that are no grey; of one that what was read so far ends in is not known what it is."""
    found = re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)(?=[;m])", drawn)
    return [colour for colour in (tuple(map(int, one)) for one in found) if len(set(colour)) > 1]


def test_a_colour_that_has_come_in_part_only_is_none():
    assert coloured(b"\x1b[38;2;120;120;12") == []
    assert coloured(b"\x1b[38;2;120;120;12m") == [(120, 120, 12)]


def test_the_title_of_the_terminal_says_how_far_it_is(running, terminal):
    screen = terminal(running.stage.run)
    screen.until(lambda drawn: b"\x1b]0;0/5 Tea\x07" in drawn, "the title")
