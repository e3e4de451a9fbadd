"""A host and its agent: what goes wrong between them is told and ends nothing that could go on."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from orch_tui import process
from orch_tui.agents import registry
from orch_tui.agents.base import Decision, Ended, SessionEvent, SessionSpec, Started, Tool, Usage
from orch_tui.agents.spec import decode_spec, encode_spec
from orch_tui.host.clocks import Clocks
from orch_tui.host.session import host
from orch_tui.store import inbox, system
from orch_tui.store.layout import AttemptDir, private_dir
from orch_tui.store.system import Calls


class _Deaf:
    """A session that hears nothing and ends well once it was spoken to."""

    def __init__(self) -> None:
        self._spoken = asyncio.Event()

    async def events(self) -> AsyncIterator[SessionEvent]:
        await self._spoken.wait()
        await asyncio.sleep(0)
        yield Ended(outcome="succeeded", summary="did it")

    async def send(self, text: str) -> None:
        del text
        self._spoken.set()
        raise ConnectionError("its pipe is closed")

    async def answer(self, request_id: str, decision: Decision) -> bool:
        del request_id, decision
        return False

    async def interrupt(self) -> None: ...

    async def close(self) -> None: ...


class _Provider:
    async def open(self, spec: SessionSpec) -> _Deaf:
        del spec
        return _Deaf()


@pytest.fixture
def attempt(tmp_path: Path) -> AttemptDir:
    """An attempt that is ready to be hosted."""
    made = AttemptDir(private_dir(tmp_path / "attempt"))
    for part in ("tmp", "new"):
        private_dir(made.inbox / part)
    spec = SessionSpec(
        provider="deaf",
        run="r",
        section="A",
        attempt=1,
        title="One",
        cwd=str(tmp_path),
        brief="Do it.",
        session_id="s",
        env={},
        scratch=str(tmp_path),
    )
    made.spec.write_bytes(encode_spec(spec, written=frozenset()))
    return made


def test_a_word_that_does_not_reach_the_agent_is_told_and_does_not_end_its_work(
    attempt: AttemptDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(registry, "load", lambda _name: _Provider())
    inbox.drop(attempt.inbox, {"op": "steer", "args": {"text": "hello", "by": "me"}, "actor": "runner"})
    assert host(attempt, private_dir(tmp_path / "artifacts")) == 0
    assert json.loads(attempt.exit.read_text())["outcome"] == "succeeded"
    assert "'steer' did not reach the agent: ConnectionError: its pipe is closed" in attempt.transcript.read_text()


class _Asking(_Deaf):
    """One that goes on once it was answered."""

    async def answer(self, request_id: str, decision: Decision) -> bool:
        del decision
        self._spoken.set()
        return request_id == "r1"


def test_who_answered_what_stands_in_the_stream(attempt: AttemptDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class _Asks:
        async def open(self, spec: SessionSpec) -> _Deaf:
            del spec
            return _Asking()

    monkeypatch.setattr(registry, "load", lambda _name: _Asks())
    for request, choice, text in (("other", "allow", ""), ("r1", "deny", "not today")):
        args = {"request_id": request, "choice": choice, "text": text, "by": "kim@pts/2"}
        inbox.drop(attempt.inbox, {"op": "answer", "args": args, "actor": "runner"})
    assert host(attempt, private_dir(tmp_path / "artifacts")) == 0
    records = [json.loads(line) for line in attempt.transcript.read_text().splitlines()]
    told = [record["text"] for record in records if record["kind"] == "notice"]
    assert told == ["kim@pts/2: deny: not today"]


class _Opening:
    """A provider whose program never gets ready; `meanwhile` happens once it is being opened."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile = meanwhile

    async def open(self, spec: SessionSpec) -> _Deaf:
        del spec
        self._meanwhile()
        await asyncio.Event().wait()
        raise AssertionError("it never got ready")


@pytest.mark.parametrize("how", ["signal", "control"])
def test_a_host_ends_when_asked_to_while_its_agent_is_being_opened(
    how: str, attempt: AttemptDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It used to hang until it was killed, and then counted as lost."""
    asking = {
        "signal": lambda: os.kill(os.getpid(), signal.SIGTERM),
        "control": lambda: inbox.drop(attempt.inbox, {"op": "end", "args": {}, "actor": "runner"}),
    }
    monkeypatch.setattr(registry, "load", lambda _name: _Opening(asking[how]))
    assert host(attempt, private_dir(tmp_path / "artifacts")) == 0
    told = json.loads(attempt.exit.read_text())
    assert (told["outcome"], told["message"]) == ("interrupted", "ended before the agent was there")


class _Dear(_Deaf):
    """One that tells what it costs, and goes on until it is told to stop."""

    def __init__(self, *costs: float | None) -> None:
        super().__init__()
        self._costs = costs

    async def events(self) -> AsyncIterator[SessionEvent]:
        for cost in self._costs:
            yield Usage(cost_usd=cost)
        await self._spoken.wait()
        yield Ended(outcome="interrupted", failure="interrupted", cost_usd=self._costs[-1])

    async def interrupt(self) -> None:
        self._spoken.set()


def hosted_at(attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch, session: _Deaf, budget: float) -> dict[str, object]:
    """What exit.json says of a session that may cost this much."""

    class _Opens:
        async def open(self, spec: SessionSpec) -> _Deaf:
            del spec
            return session

    monkeypatch.setattr(registry, "load", lambda _name: _Opens())
    spec = decode_spec(attempt.spec.read_bytes(), {})
    attempt.spec.write_bytes(encode_spec(replace(spec, budget_usd=budget), written=frozenset()))
    assert host(attempt, private_dir(attempt.path.parent / "artifacts")) == 0
    return json.loads(attempt.exit.read_text())


def test_a_session_that_costs_more_than_it_may_is_ended_and_says_both_figures(
    attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch
):
    left = hosted_at(attempt, monkeypatch, _Dear(None, 0.01, 0.26), 0.25)
    assert (left["outcome"], left["failure"]) == ("failed", "budget")
    assert left["message"] == "it cost $0.2600, and $0.2500 were allowed"
    assert left["cost_usd"] == 0.26
    assert "ended: it cost $0.2600" in attempt.transcript.read_text()


def test_a_session_that_is_done_is_done_whatever_it_cost(attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch):
    class _Done(_Dear):
        async def interrupt(self) -> None: ...

        async def events(self) -> AsyncIterator[SessionEvent]:
            yield Usage(cost_usd=0.5)
            yield Ended(outcome="succeeded", summary="did it", cost_usd=0.5)

    left = hosted_at(attempt, monkeypatch, _Done(), 0.25)
    assert (left["outcome"], left["cost_usd"]) == ("succeeded", 0.5)


class _Counts:
    """A provider whose service counts, or fails to."""

    def __init__(self, found: int | Exception) -> None:
        self._found = found
        self.asked: list[tuple[str, str]] = []

    async def open(self, spec: SessionSpec) -> _Deaf:
        del spec
        counts = self

        class _Session(_Deaf):
            async def events(self) -> AsyncIterator[SessionEvent]:
                yield Started(session_id="s", model="real-model")
                while not counts.asked:
                    await asyncio.sleep(0)
                await asyncio.sleep(0)
                yield Ended(outcome="succeeded", summary="did it")

        return _Session()

    async def count_tokens(self, text: str, *, model: str, env: Mapping[str, str]) -> int | None:
        del env
        self.asked.append((text, model))
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


@pytest.mark.parametrize(("found", "written"), [(7, True), (ConnectionError("gone"), False)])
def test_a_brief_is_counted_beside_the_session_and_nothing_is_lost_where_it_is_not(
    attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch, found: int | Exception, written: bool
):
    provider = _Counts(found)
    monkeypatch.setattr(registry, "load", lambda _name: provider)
    spec = decode_spec(attempt.spec.read_bytes(), {})
    attempt.spec.write_bytes(encode_spec(replace(spec, count=True), written=frozenset()))
    assert host(attempt, private_dir(attempt.path.parent / "artifacts")) == 0
    assert provider.asked == [("Do it.", "real-model")]
    assert json.loads(attempt.exit.read_text())["outcome"] == "succeeded"
    records = [json.loads(line) for line in attempt.transcript.read_text().splitlines()]
    counted = [(one["size"], one["tokens"]) for one in records if one["kind"] == "counted"]
    assert counted == ([(60, 7)] if written else [])


class _Silent(_Deaf):
    """One that is up and says nothing more; it ends when it is interrupted, or only when it is closed."""

    def __init__(self, *said: SessionEvent, deaf: bool = False) -> None:
        super().__init__()
        self._said, self._deaf = said, deaf

    async def events(self) -> AsyncIterator[SessionEvent]:
        for event in self._said:
            yield event
        await self._spoken.wait()
        yield Ended(outcome="interrupted", failure="interrupted", message="interrupted")

    async def interrupt(self) -> None:
        self._spoken.set()


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ((), "startup"),
        ((Started(session_id="s", resumable=True),), "stall"),
        ((Started(session_id="s", resumable=True), Tool(name="Bash", input="x", id="1")), "tool-hang"),
    ],
)
def test_a_session_that_says_nothing_any_more_is_ended_and_says_why(
    attempt: AttemptDir,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: tuple[SessionEvent, ...],
    failure: str,
):
    class _Provides:
        async def open(self, spec: SessionSpec) -> _Silent:
            del spec
            return _Silent(*said)

    monkeypatch.setattr(registry, "load", lambda _name: _Provides())
    soon = Clocks(startup=0.05, idle=0.05, tool=0.05, tool_grace=0.05, look=0.01, busy=100.0)
    assert host(attempt, private_dir(tmp_path / "artifacts"), soon) == 0
    ended = json.loads(attempt.exit.read_text())
    assert (ended["outcome"], ended["failure"]) == ("failed", failure)
    assert f"ended: {ended['message']}" in attempt.transcript.read_text()


def test_a_program_that_never_gets_ready_did_not_come_up(
    attempt: AttemptDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(registry, "load", lambda _name: _Opening(lambda: None))
    assert host(attempt, private_dir(tmp_path / "artifacts"), Clocks(startup=0.05)) == 0
    ended = json.loads(attempt.exit.read_text())
    assert (ended["failure"], ended["message"]) == ("startup", "it did not come up within 0.05 s")


def test_a_session_that_does_not_close_holds_nothing_up_once_its_programs_are_ended(
    attempt: AttemptDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ended = asyncio.Event()

    class _Clings(_Silent):
        async def close(self) -> None:
            await ended.wait()

    class _Provides:
        async def open(self, spec: SessionSpec) -> _Clings:
            del spec
            clings = _Clings()
            await clings.interrupt()
            return clings

    async def end_marked(*_args: object, **_more: object) -> int:
        ended.set()
        return 1

    monkeypatch.setattr(registry, "load", lambda _name: _Provides())
    monkeypatch.setattr(process, "end_marked", end_marked)
    assert host(attempt, private_dir(tmp_path / "artifacts"), Clocks(close=0.05)) == 0
    assert "not closed within 0.05 s, and ended" in attempt.transcript.read_text()


def test_work_is_safe_on_disk_before_its_host_says_that_it_is_done(
    attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch
):
    """After a power cut a section was done, and what its agent had written last was not there."""
    calls: list[str] = []

    class Noting(Calls):
        def sync_around(self, directory: Path) -> None:
            calls.append(f"sync {directory}")

        def rename(self, old: Path, new: Path) -> None:
            calls.append(new.name)
            super().rename(old, new)

    monkeypatch.setattr(registry, "load", lambda _: _Provider())
    inbox.drop(attempt.inbox, {"op": "steer", "args": {"text": "go"}, "actor": "runner"})
    with system.replaced(Noting()):
        assert host(attempt, attempt.path / "artifacts") == 0
    assert calls.index(f"sync {attempt.path.parent}") < calls.index("exit.json")


def test_work_that_cannot_be_made_safe_is_not_done(attempt: AttemptDir, monkeypatch: pytest.MonkeyPatch):
    class Failing(Calls):
        def sync_around(self, directory: Path) -> None:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(registry, "load", lambda _: _Provider())
    inbox.drop(attempt.inbox, {"op": "steer", "args": {"text": "go"}, "actor": "runner"})
    with system.replaced(Failing()):
        assert host(attempt, attempt.path / "artifacts") == 0
    told = json.loads(attempt.exit.read_bytes())
    assert (told["outcome"], told["failure"]) == ("failed", "crash")
    assert "cannot be made safe" in told["message"]


def test_everything_on_a_file_system_can_be_synced(tmp_path: Path):
    Calls().sync_around(tmp_path)
    with pytest.raises(FileNotFoundError):
        Calls().sync_around(tmp_path / "nowhere")
