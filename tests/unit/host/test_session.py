"""A host and its agent: what goes wrong between them is told and ends nothing that could go on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orch_tui.agents import registry
from orch_tui.agents.base import Decision, Ended, SessionEvent, SessionSpec
from orch_tui.agents.spec import encode_spec
from orch_tui.host.session import host
from orch_tui.store import inbox
from orch_tui.store.layout import AttemptDir, private_dir


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


def test_a_word_that_does_not_reach_the_agent_is_told_and_does_not_end_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(registry, "load", lambda _name: _Provider())
    attempt = AttemptDir(private_dir(tmp_path / "attempt"))
    for part in ("tmp", "new"):
        private_dir(attempt.inbox / part)
    artifacts = private_dir(tmp_path / "artifacts")
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
    attempt.spec.write_bytes(encode_spec(spec, written=frozenset()))
    inbox.drop(attempt.inbox, {"op": "steer", "args": {"text": "hello", "by": "me"}, "actor": "runner"})
    assert host(attempt, artifacts) == 0
    assert json.loads(attempt.exit.read_text())["outcome"] == "succeeded"
    assert "'steer' did not reach the agent: ConnectionError: its pipe is closed" in attempt.transcript.read_text()
