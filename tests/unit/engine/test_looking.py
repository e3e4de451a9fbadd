"""Looks at the user's checkout that several attempts share."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from orch_tui.engine.looking import LATELY, Looking


class Checkout:
    """A checkout that changes when the test says so; every look waits for the test to let it go on."""

    def __init__(self) -> None:
        self.now = 0.0
        self.state = "first"
        self.looks = 0
        self.looked = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)

    def look(self) -> str:
        self.looks += 1
        seen = self.state
        self.looked.release()
        self.go_on.acquire()
        return seen


@pytest.fixture
def checkout() -> Checkout:
    return Checkout()


@pytest.fixture
def looking(checkout: Checkout) -> Looking:
    return Looking(checkout.look, lambda: checkout.now)


def test_who_asks_while_somebody_looks_is_told_of_a_look_that_began_later(checkout, looking):
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(looking.after)
        checkout.looked.acquire()
        checkout.state = "changed"
        others = [threads.submit(looking.after) for _ in range(6)]
        checkout.go_on.release()
        assert first.result() == "first"
        checkout.looked.acquire()
        for _ in range(6):
            checkout.go_on.release()
        assert {other.result() for other in others} == {"changed"}


def test_how_it_was_lately_is_known_without_a_look(checkout, looking):
    for _ in range(4):
        checkout.go_on.release()
    assert looking.before() == "first"
    checkout.state = "changed"
    assert looking.before() == "first"
    checkout.now = LATELY
    assert looking.before() == "changed"
    checkout.state = "again"
    assert looking.after() == "again"
    assert looking.before() == "again"
    assert checkout.looks == 3


def test_a_look_that_fails_is_no_look(checkout):
    words = iter(["", "seen"])
    looking = Looking(lambda: next(words), lambda: checkout.now)
    assert looking.before() == ""
    assert looking.before() == "seen"


def test_a_look_that_raises_keeps_nobody_from_looking(checkout):
    answers = iter([OSError("gone"), "seen"])

    def look() -> str:
        if isinstance(answer := next(answers), OSError):
            raise answer
        return answer

    looking = Looking(look, lambda: checkout.now)
    with pytest.raises(OSError, match="gone"):
        looking.after()
    assert looking.after() == "seen"
