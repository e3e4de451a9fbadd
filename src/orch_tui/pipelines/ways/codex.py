"""Asking Codex for one turn (`codex exec`) in an empty directory, read-only, with everything that acts switched off.

Measured with version 0.163: no switch takes every tool out of the request, but with these none can do anything, and a
turn that tries one all the same is ended. The user's config.toml is not read (servers, hooks, notifications); what is
needed of it can be given as `second_reader.codex_config`. `-c` is used and not `--disable`, because a version that does
not know a feature refuses to start with the latter.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections import deque
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from orch_tui import process
from orch_tui.agents.channel import to_the_end
from orch_tui.clean import one_line
from orch_tui.errors import MachineError
from orch_tui.pipelines.prices import price_of
from orch_tui.pipelines.told import Request
from orch_tui.pipelines.ways.base import Notify, Reply, Unanswered, scratch

if TYPE_CHECKING:
    from orch_tui.pipelines.question import Question

KEY = "CODEX_API_KEY"
_STATUS_TIME = 5.0  # seconds `codex login status` may take; it takes 15 ms
_LONGEST_LINE = 64 * 1024 * 1024
_FEATURES = (
    "apps",
    "browser_use",
    "code_mode_host",
    "computer_use",
    "goals",
    "hooks",
    "image_generation",
    "memories",
    "multi_agent",
    "plugins",
    "shell_tool",
    "skill_search",
    "tool_suggest",
    "unified_exec",
    "view_image",
)
_SETTINGS = (
    *(f"features.{name}=false" for name in _FEATURES),
    'approval_policy="never"',
    'web_search="disabled"',
    "project_doc_max_bytes=0",
    "skills.bundled.enabled=false",
    "check_for_update_on_startup=false",
    "analytics.enabled=false",
)
_HARMLESS_ITEMS = frozenset({"agent_message", "reasoning", "error", "todo_list"})


class CodexWay:
    """See Way."""

    name = "codex"
    default_model = "gpt-5.6-luna"
    passes: tuple[str, ...] = ("CODEX_*", "OPENAI_*")
    overhead = 15_000

    def lacking(self, request: Request, env: Mapping[str, str]) -> str:
        """See Way.lacking. Whether somebody is logged in the program itself says."""
        program = shutil.which(request.codex, path=env.get("PATH"))
        if program is None:
            return f"the program {request.codex!r} is not installed"
        if env.get(KEY) or request.codex_config:
            return ""
        try:
            status = process.run([program, "login", "status"], env=env, timeout=_STATUS_TIME)
        except MachineError as error:
            return error.line()
        return "" if status.code == 0 else "not logged in; run `codex login`"

    async def ask(self, question: Question, request: Request, env: Mapping[str, str], notify: Notify) -> Reply:
        """See Way.ask."""
        directory = scratch(env)
        schema = directory / "schema.json"
        schema.write_text(json.dumps(question.schema), encoding="utf-8")
        empty = directory / "empty"
        empty.mkdir(mode=0o700, exist_ok=True)
        child = await process.spawn_piped(_argv(request, schema, empty), cwd=empty, env=env, stdin=True)
        reading = _Reading(request.model, notify)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_feed(child, question.text))
                noise = group.create_task(_last_words(child))
                async for event in _events(child):
                    reading.take(event)
                code = await child.wait()
        except* Unanswered as group_error:
            raise group_error.exceptions[0] from None
        finally:
            await to_the_end(process.end_piped(child))
        return reading.reply(code, noise.result(), metered=bool(env.get(KEY)))


def _argv(request: Request, schema: Path, empty: Path) -> list[str]:
    settings = [part for setting in (*_SETTINGS, *request.codex_config) for part in ("-c", setting)]
    switches = ["--json", "--ephemeral", "--skip-git-repo-check", "--ignore-user-config", "--ignore-rules"]
    return [
        *(request.codex, "exec", *switches, "--color", "never", "--sandbox", "read-only"),
        *("--output-schema", str(schema), "--cd", str(empty), "--model", request.model, *settings, "-"),
    ]


async def _feed(child: asyncio.subprocess.Process, text: str) -> None:
    assert child.stdin is not None
    try:
        child.stdin.write(text.encode("utf-8", "replace"))
        await child.stdin.drain()
    except ConnectionError:
        pass  # it ended before it had read everything; how it ended says why
    finally:
        child.stdin.close()


async def _last_words(child: asyncio.subprocess.Process) -> str:
    """The last line on stderr; all of it is read, so that the program never waits for us."""
    assert child.stderr is not None
    tail: deque[bytes] = deque(maxlen=2)
    while piece := await child.stderr.read(65_536):
        tail.append(piece)
    lines = [line for line in b"".join(tail).decode(errors="replace").splitlines() if line.strip()]
    return one_line(lines[-1], 300) if lines else ""


async def _events(child: asyncio.subprocess.Process) -> AsyncIterator[dict[str, Any]]:
    """The JSON lines of stdout; others are skipped."""
    assert child.stdout is not None
    rest = b""
    while piece := await child.stdout.read(65_536):
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > _LONGEST_LINE:
            raise Unanswered("failed", "Codex printed a line without an end")
        for line in lines:
            try:
                event: object = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                yield cast("dict[str, Any]", event)


class _Reading:
    """What the events of `codex exec --json` said so far."""

    def __init__(self, model: str, notify: Notify) -> None:
        self._model = model
        self._notify = notify
        self._text = ""
        self._failed = ""
        self._usage: Mapping[str, Any] = {}
        self._completed = False

    def take(self, event: Mapping[str, Any]) -> None:
        """Take in one event. Raises Unanswered when a tool was used."""
        match event.get("type"):
            case "item.started" | "item.completed" | "item.updated":
                self._item(event.get("item") or {})
            case "error":
                message = one_line(str(event.get("message", "")), 300)
                if message.startswith("Reconnecting"):
                    self._notify(f"Codex: {message}")
                self._failed = message
            case "turn.failed":
                error = cast("dict[str, Any]", event.get("error") or {})
                self._failed = one_line(str(error.get("message", "")), 300) or self._failed
            case "turn.completed":
                self._completed = True
                self._usage = event.get("usage") or {}
            case _:
                pass

    def _item(self, item: Mapping[str, Any]) -> None:
        kind = item.get("type", "")
        if kind == "agent_message":
            self._text = str(item.get("text", ""))
        elif kind not in _HARMLESS_ITEMS:
            raise Unanswered("failed", f"Codex tried to act ({kind}) instead of answering; it was ended")

    def reply(self, code: int, noise: str, *, metered: bool) -> Reply:
        """The reply, once the program has ended with `code`. A subscription's price for a turn is not known."""
        read, written = (int(self._usage.get(name) or 0) for name in ("input_tokens", "output_tokens"))
        price = price_of(self._model) if metered else None
        reply = Reply(
            text=self._text,
            model=self._model,
            input_tokens=read,
            output_tokens=written,
            cost_usd=price.cost(read, written) if price else None,
        )
        if not self._completed:
            said = self._failed or noise or f"it ended with code {code}"
            raise Unanswered("failed", f"Codex: {said}", reply)
        if not self._text:
            raise Unanswered("refused", f"{self._model} gave no answer; it declined, or had nothing to say", reply)
        return reply
