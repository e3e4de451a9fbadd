"""The terminal around the cockpit: its title, and leaving it as it was when the cockpit is told to end."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Generator

from textual.app import App
from textual.driver import Driver

from orch_tui.clean import one_line

_LAST_WORD = 3.0  # seconds the screen may take to go when nobody sees it any more
_HANGUP = 128 + signal.SIGHUP
_SAVE, _RESTORE = "\x1b[22;0t", "\x1b[23;0t"


class Title:
    """The terminal's window title; the one before is put back."""

    def __init__(self, driver: Driver | None) -> None:
        self._driver = None if driver is None or driver.is_headless else driver
        self._shown = ""
        self._write(_SAVE)

    def show(self, words: str) -> None:
        """Set the title."""
        words = one_line(words, 100)
        if words != self._shown:
            self._shown = words
            self._write(f"\x1b]0;{words}\x07")

    def restore(self) -> None:
        """Put back what was there."""
        self._write(_RESTORE)

    def _write(self, sequence: str) -> None:
        if self._driver is not None:
            self._driver.write(sequence)


@contextlib.contextmanager
def lent(app: App[None], words: str) -> Generator[None]:
    """The terminal as it was before the cockpit, for a program that may ask for a passphrase; ctrl+c ends that.

    Nothing is drawn meanwhile. What is raised inside has to be caught inside: the screen comes back afterwards.
    """
    if app.is_headless:
        yield
        return
    with app.suspend():
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            if sys.__stdout__ is not None:
                sys.__stdout__.write(f"{words}\n")
                sys.__stdout__.flush()
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def hung_up(driver: Driver | None) -> bool:
    """Whether the terminal is gone: its other end was closed, which not everywhere comes with a SIGHUP.

    The screen library would read its end-of-file over and over, at the cost of a whole processor.
    """
    if driver is None or driver.is_headless or sys.__stdin__ is None:
        return False
    looked = select.poll()
    looked.register(sys.__stdin__.fileno(), 0)
    return any(found & (select.POLLHUP | select.POLLNVAL) for _, found in looked.poll(0))


def leave_for_good() -> None:
    """End the process shortly even if taking down the screen waits for a terminal that is gone; state is on disk."""
    last = threading.Timer(_LAST_WORD, os._exit, [_HANGUP])
    last.daemon = True
    last.start()


def leave_on_signals(leave: Callable[[], None]) -> None:
    """Call `leave` on SIGTERM and SIGHUP, so that the terminal is restored."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # not in the main thread: tests
            loop.add_signal_handler(number, leave)
