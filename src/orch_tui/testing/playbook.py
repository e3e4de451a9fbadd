"""What a scripted model says: scenes chosen by the words of the brief, turns chosen by how far the talk has got.

As JSON: `{"scenes": [{"contains": "Section B", "turns": [{"say": "…", "tools": [{"name": "Bash", "input": {…}}],
"fault": {"status": 529, "times": 1}, "delay": 0.01}]}]}`. `{cwd}` in texts and inputs becomes the agent's directory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUse:
    """The model calls a tool."""

    name: str
    input: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The service fails instead of answering, `times` times (0: always), then the turn is played.

    `status` is the HTTP status with `type` and `message` in its body and `retry_after` seconds in its header;
    `drop_after` cuts the stream after so many events (an answer that does not stream: in its middle); `hang` waits that
    many seconds before anything is sent.
    """

    status: int = 0
    type: str = "api_error"
    message: str = "scripted fault"
    retry_after: int = 0
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    drop_after: int = -1
    hang: float = 0.0
    times: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One answer of the model: words, then tool calls. `delay` is in seconds between pieces of `piece` characters."""

    say: str = ""
    think: str = ""
    tools: tuple[ToolUse, ...] = ()
    fault: Fault | None = None
    delay: float = 0.0
    piece: int = 24
    input_tokens: int = 1000
    output_tokens: int = 0
    """0: counted from the words."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the answer, beside those it needs."""
    stop: str = ""
    """Why the model stops ("refusal", "max_tokens"); "" when it is as usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A talk: turn N is played when the request holds N answers of the model already; after the last it says "done".

    Chosen when any user text of the request holds `contains` ("" fits all).
    """

    turns: tuple[Turn, ...]
    contains: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the server got it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def messages(self) -> list[Mapping[str, Any]]:
        """The talk so far."""
        return list(self.body.get("messages", []))

    @property
    def user_texts(self) -> list[str]:
        """Every text a user message holds, without tool results and what Claude Code adds about the workspace."""
        texts = [text for message in self.messages if message["role"] == "user" for text in _texts(message["content"])]
        return [text for text in texts if not text.startswith("<system-reminder>")]

    @property
    def texts(self) -> list[str]:
        """Every text that is not the model's own; Claude Code puts what is said in mid-turn into a "system" message."""
        return [
            text for message in self.messages if message["role"] != "assistant" for text in _texts(message["content"])
        ]

    @property
    def tool_results(self) -> list[str]:
        """Every tool result in the talk, as text."""
        parts = [part for message in self.messages for part in _parts(message["content"])]
        return ["".join(_texts(part.get("content", ""))) for part in parts if part.get("type") == "tool_result"]

    @property
    def ends_with_results(self) -> bool:
        """Whether it is results of tools that the model is to answer, and not somebody's words."""
        last = next((message for message in reversed(self.messages) if message["role"] == "user"), None)
        return last is not None and any(part.get("type") == "tool_result" for part in _parts(last["content"]))

    @property
    def answers(self) -> int:
        """How many answers of the model the talk holds: runs of assistant messages."""
        roles = [message["role"] for message in self.messages if message["role"] != "system"]
        return sum(1 for at, role in enumerate(roles) if role == "assistant" and (at == 0 or roles[at - 1] != role))

    @property
    def has_tools(self) -> bool:
        """False for side requests (titles, summaries, quota)."""
        return bool(self.body.get("tools"))

    @property
    def has_schema(self) -> bool:
        """Whether the answer has to be JSON of a schema: a question, not a talk."""
        config: object = self.body.get("output_config")
        return isinstance(config, dict) and "format" in config

    @property
    def reports_with(self) -> str:
        """The tool to report a result with; "" when none is offered."""
        names = (str(tool.get("name", "")) for tool in self.body.get("tools") or ())
        return next((name for name in names if name.endswith("__report_result")), "")

    @property
    def just_called(self) -> tuple[str, ...]:
        """The tools whose results are what the model is to answer now."""
        for message in reversed(self.messages):
            if message["role"] == "assistant":
                return tuple(part["name"] for part in _parts(message["content"]) if part.get("type") == "tool_use")
        return ()


Playbook = Callable[[Request], Turn]


def reporting(playbook: Playbook) -> Playbook:
    """The same, with a report of its last words where a session has to report a result."""

    def choose(request: Request) -> Turn:
        tool = request.reports_with
        if tool and tool in request.just_called and request.ends_with_results:
            return Turn(say="reported")
        turn = playbook(request)
        if not tool or turn.tools or turn.fault or turn.stop:
            return turn
        report = ToolUse(name=tool, input={"status": "done", "summary": turn.say or "done"})
        return replace(turn, tools=(report,))

    return choose


def play(scenes: Sequence[Scene | Turn]) -> Playbook:
    """The playbook of `scenes`; plain turns are taken as one scene that fits every request."""
    plain = tuple(turn for turn in scenes if isinstance(turn, Turn))
    all_scenes = [scene for scene in scenes if isinstance(scene, Scene)]
    if plain:
        all_scenes.append(Scene(turns=plain))

    def choose(request: Request) -> Turn:
        texts = request.user_texts
        for scene in all_scenes:
            if any(scene.contains in text for text in texts):
                at = request.answers
                return scene.turns[at] if at < len(scene.turns) else Turn(say="done")
        return Turn(say="nothing is scripted for this")

    return choose


def read(path: Path) -> Playbook:
    """The playbook of a JSON file. Raises ValueError or TypeError when it is not one."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return play([_scene(scene) for scene in data["scenes"]])


def _scene(data: Mapping[str, Any]) -> Scene:
    return Scene(contains=data.get("contains", ""), turns=tuple(_turn(turn) for turn in data["turns"]))


def _turn(data: Mapping[str, Any]) -> Turn:
    tools = tuple(ToolUse(**tool) for tool in data.get("tools", ()))
    fault = Fault(**data["fault"]) if data.get("fault") else None
    values: dict[str, Any] = {**data, "tools": tools, "fault": fault}
    return Turn(**values)


def _parts(content: object) -> list[Mapping[str, Any]]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return cast("list[Mapping[str, Any]]", content)


def _texts(content: object) -> list[str]:
    return [part["text"] for part in _parts(content) if part.get("type") == "text"]
