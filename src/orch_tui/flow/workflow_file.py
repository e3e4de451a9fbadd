"""Workflow files: YAML to a checked graph of phases. What is wrong is told with file and line, all of it at once.

    name: local
    description: Implement, run the checks, merge.
    start: implement
    phases:
      implement: {type: agent, prompt: brief.md, on_success: verify}
      verify: {type: script, do: checks, on_success: merge, on_failure: implement, max_visits: 3}
      merge: {type: script, do: merge, on_success: done, on: {conflict: ask}}
      ask: {type: approval, ask: "Resolve the conflict, then go on.", on_success: merge, max_visits: 3}
      done: {type: terminal, outcome: done}

A time is a number of seconds, or a number with s, m, h or d ("20m").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from orch_tui.errors import ConfigError
from orch_tui.flow import prompts
from orch_tui.flow import workflow as flow
from orch_tui.flow.workflow import (
    FAILURE,
    SUCCESS,
    UNPROVEN,
    AgentPhase,
    ApprovalPhase,
    Phase,
    PollPhase,
    ScriptPhase,
    TerminalPhase,
    Timeout,
    Workflow,
)
from orch_tui.output_schema import read_schema
from orch_tui.yaml_reader import YamlReader

if TYPE_CHECKING:
    import yaml

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_TIME = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s?([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_LONGEST = 30 * 86_400.0
_MOST_VISITS = 1000
_MOST_PHASES = 200
_TYPES: Mapping[str, type[Phase]] = {
    "agent": AgentPhase,
    "script": ScriptPhase,
    "poll": PollPhase,
    "approval": ApprovalPhase,
    "terminal": TerminalPhase,
}


Prompt = Callable[[str], tuple[str, str] | None]
"""A prompt file by its name: what messages call it, and its text; None for one that is known to be right. Raises
ConfigError when there is none."""


def read_workflow(text: str, *, file: str, name: str, prompt: Prompt | None = None) -> Workflow:
    """The workflow `name` of a file's text. Raises ConfigError with file and line: the first thing that is wrong."""
    workflow, wrong = check_workflow(text, file=file, name=name, prompt=prompt)
    if workflow is None or wrong:
        raise wrong[0]
    return workflow


def check_workflow(
    text: str, *, file: str, name: str, prompt: Prompt | None = None
) -> tuple[Workflow | None, list[ConfigError]]:
    """The workflow of a file's text and everything that is wrong with it; None when it cannot even be put together.

    `name` is what the file is called by, and has to be what it calls itself. With `prompt` the files that its agents
    are given are looked at too.
    """
    reader = _Reader(file, name)
    try:
        workflow = reader.read(text)
    except ConfigError as error:
        return None, [error]
    faults = [reader.placed(fault) for fault in flow.faults(workflow)]
    return workflow, [*faults, *(reader.given(workflow, prompt) if prompt else ())]


class _Reader:
    """Reads one file and remembers on which line each phase and each arrow stands."""

    def __init__(self, file: str, called: str) -> None:
        self._yaml = YamlReader(file)
        self._called = called
        self._lines: dict[tuple[str, str], int] = {}
        self._named: list[tuple[str, int]] = []
        """Phases whose words an argument uses, and where."""

    def read(self, text: str) -> Workflow:
        root = self._yaml.root(text)
        if root is None:
            raise self._yaml.wrong("the file says nothing", 0, hint="it needs name, start and phases")
        checks = {"name": self._own_name, "description": self._yaml.text, "start": self._start, "phases": self._phases}
        said = self._yaml.fields(root, checks)
        for needed in ("name", "start", "phases"):
            if needed not in said:
                raise self._yaml.wrong(f"{needed!r} is missing", root.start_mark.line)
        for phase, line in self._named:
            if phase not in said["phases"]:
                raise self._yaml.wrong(f"there is no phase {phase!r}", line, hint="in 'phases' are those of this file")
        return Workflow(**said)

    def placed(self, fault: flow.Fault) -> ConfigError:
        """A fault of the graph with the line it stands on."""
        line = self._lines.get((fault.phase, fault.field), self._lines.get((fault.phase, ""), 0))
        return self._yaml.wrong(fault.message, line, hint=fault.hint)

    def given(self, workflow: Workflow, prompt: Prompt) -> Iterator[ConfigError]:
        """What is wrong with the files that agents are given, each told once."""
        first: dict[tuple[str, str], str] = {}
        for name, phase in workflow.phases.items():
            if isinstance(phase, AgentPhase):
                first.setdefault(("prompt", phase.prompt), name)
            if isinstance(phase, AgentPhase) and phase.output:
                first.setdefault(("output", phase.output), name)
        for (field, file), name in first.items():
            try:
                found = prompt(file)
                if found is not None and field == "prompt":
                    prompts.check_template(found[1], name=found[0])
                elif found is not None:
                    read_schema(found[1], file=found[0])
            except ConfigError as error:
                line = self._lines.get((name, field), self._lines[name, ""])
                yield self._yaml.wrong(f"phase {name!r}: {error}", line, hint=error.hint)

    def _name(self, node: yaml.Node) -> str:
        name = self._yaml.text(node)
        if not _NAME.fullmatch(name):
            raise self._yaml.wrong(
                f"{name!r} is not a name", node.start_mark.line, hint="letters, digits, - and _, a letter first"
            )
        return name

    def _own_name(self, node: yaml.Node) -> str:
        name = self._name(node)
        if name != self._called:
            hint = f"name it {self._called!r}, or the file {name + '.yaml'!r}"
            raise self._yaml.wrong(
                f"the workflow {name!r} stands in a file of another name", node.start_mark.line, hint=hint
            )
        return name

    def _start(self, node: yaml.Node) -> str:
        self._lines["", "start"] = node.start_mark.line
        return self._yaml.text(node)

    def _phases(self, node: yaml.Node) -> dict[str, Phase]:
        phases: dict[str, Phase] = {}
        for key, value in self._yaml.pairs(node, "phases"):
            name = self._name(key)
            if name in phases:
                raise self._yaml.wrong(f"there are two phases {name!r}", key.start_mark.line)
            self._lines[name, ""] = key.start_mark.line
            phases[name] = self._phase(name, value)
        if not phases or len(phases) > _MOST_PHASES:
            raise self._yaml.wrong(f"expected 1 to {_MOST_PHASES} phases, got {len(phases)}", node.start_mark.line)
        return phases

    def _phase(self, name: str, node: yaml.Node) -> Phase:
        types = [value for key, value in self._yaml.pairs(node, "a phase") if key.value == "type"]
        if not types:
            hint = f"one of {', '.join(_TYPES)}"
            raise self._yaml.wrong(f"phase {name!r} has no 'type'", node.start_mark.line, hint=hint)
        kind = self._yaml.one_of(types[0], tuple(_TYPES), "the type of a phase")
        said = self._yaml.fields(node, self._checks(name, kind))
        del said["type"]
        to = {outcome: said.pop(f"on_{outcome}") for outcome in (SUCCESS, FAILURE) if f"on_{outcome}" in said}
        if kind != "terminal":
            for outcome, target in said.pop("on", {}).items():
                if outcome in to:
                    raise self._yaml.wrong(f"{outcome!r} leads to two phases", self._lines[name, outcome])
                to[outcome] = target
            said["to"] = to
        self._whole_phase(name, kind, said, node)
        if said.get("do") == "merge":
            said.setdefault("verify", True)
        return _TYPES[kind](**said)  # pyright: ignore[reportCallIssue]

    def _whole_phase(self, name: str, kind: str, said: Mapping[str, Any], node: yaml.Node) -> None:
        """What one field alone does not show. Raises ConfigError."""
        line = node.start_mark.line
        if kind == "script" and bool(said.get("run")) == bool(said.get("do")):
            raise self._yaml.wrong(
                f"phase {name!r} needs either 'run' or 'do'", line, hint="run: [make, test], or do: checks"
            )
        if "verify" in said and said.get("do") != "merge":
            raise self._yaml.wrong(f"phase {name!r}: 'verify' is about merging", line, hint="it belongs to do: merge")
        if said.get("merge_first") and said.get("role") == "read-only":
            raise self._yaml.wrong(f"phase {name!r} only reads, and can merge nothing first", line)
        if said.get("anew") and (said.get("merge_first") or said.get("role") == "read-only"):
            other = "merge_first: true" if said.get("merge_first") else "role: read-only"
            raise self._yaml.wrong(f"phase {name!r} has both 'anew' and '{other}'", line, hint="keep one of them")
        if said.get("do") and said.get("codes"):
            raise self._yaml.wrong(f"phase {name!r}: 'codes' are those of 'run'", line)
        if kind == "poll" and not said.get("run"):
            raise self._yaml.wrong(f"phase {name!r} needs 'run'", line, hint="run: [gh, pr, checks]")
        for own in {FAILURE, UNPROVEN} & set(said.get("outcomes", ())):
            raise self._yaml.wrong(f"phase {name!r} ends in {own!r} by itself", line, hint="use another word")
        if kind == "approval" and not said.get("ask"):
            raise self._yaml.wrong(f"phase {name!r} needs 'ask'", line, hint="what the person is to decide")

    def _checks(self, name: str, kind: str) -> dict[str, Callable[[yaml.Node], Any]]:
        """The fields a phase of this type may have."""
        text, times = self._yaml.text, {"backoff": self._time, "timeout": self._timeout}
        own: Mapping[str, Mapping[str, Callable[[yaml.Node], Any]]] = {
            "agent": {
                "prompt": lambda node: self._file(name, "prompt", node),
                "output": lambda node: self._file(name, "output", node),
                "agent": text,
                "model": text,
                "effort": text,
                "merge_first": self._yaml.yes,
                "anew": self._yaml.yes,
                "role": lambda node: self._yaml.one_of(node, flow.ROLES, "a role"),
                "budget": self._yaml.dollars,
                "outcomes": self._choices,
                "retries": lambda node: self._yaml.whole(node, 0, 100),
                **times,
            },
            "script": {
                "run": self._program,
                "do": lambda node: self._yaml.one_of(node, flow.STEPS, "a step"),
                "verify": self._yaml.yes,
                "codes": lambda node: self._codes(name, node),
                "retries": lambda node: self._yaml.whole(node, 0, 100),
                **times,
            },
            "poll": {
                "run": self._program,
                "codes": lambda node: self._codes(name, node),
                "interval": self._time,
                "timeout": self._timeout,
            },
            "approval": {"ask": text, "choices": self._choices},
            "terminal": {
                "outcome": lambda node: self._yaml.one_of(node, flow.ENDINGS, "an outcome"),
                "message": text,
            },
        }
        arrows: Mapping[str, Callable[[yaml.Node], Any]] = {
            "on_success": lambda node: self._target(name, SUCCESS, node),
            "on_failure": lambda node: self._target(name, FAILURE, node),
            "on": lambda node: self._on(name, node),
            "max_visits": lambda node: self._yaml.whole(node, 1, _MOST_VISITS),
        }
        return {"type": text, **own[kind], **({} if kind == "terminal" else arrows)}

    def _file(self, name: str, field: str, node: yaml.Node) -> str:
        self._lines[name, field] = node.start_mark.line
        return self._yaml.text(node)

    def _target(self, name: str, outcome: str, node: yaml.Node) -> str:
        self._lines.setdefault((name, outcome), node.start_mark.line)
        return self._yaml.word(node)

    def _on(self, name: str, node: yaml.Node) -> dict[str, str]:
        pairs = self._yaml.pairs(node, "outcomes and the phases they lead to")
        return {str(key.value): self._target(name, str(key.value), value) for key, value in pairs}

    def _program(self, node: yaml.Node) -> tuple[str, ...]:
        argv = self._yaml.texts(node, "a program and its arguments", hint="in brackets: [make, test]")
        if not argv or not argv[0]:
            raise self._yaml.wrong("no program is named", node.start_mark.line, hint="in brackets: [make, test]")
        for item in cast("list[yaml.Node]", node.value):
            self._argument(str(item.value), item.start_mark.line)
        return argv

    def _argument(self, text: str, line: int) -> None:
        """An argument that is a template has to be one that can be filled in."""
        if not prompts.is_template(text):
            return
        if wrong := prompts.fault(text, prompts.RUN_VALUES):
            raise self._yaml.wrong(wrong.message, line, hint=wrong.hint)
        self._named += [(phase, line) for phase in prompts.phases_named(text)]

    def _codes(self, name: str, node: yaml.Node) -> dict[int, str]:
        codes: dict[int, str] = {}
        for key, value in self._yaml.pairs(node, "exit codes and outcomes"):
            code = self._yaml.whole(key, 1, 255)
            codes[code] = self._yaml.word(value)
        return codes

    def _choices(self, node: yaml.Node) -> tuple[str, ...]:
        import yaml

        if not isinstance(node, yaml.SequenceNode):
            hint = "in brackets: [yes, no]"
            raise self._yaml.wrong("expected a list of words", node.start_mark.line, hint=hint)
        choices = tuple(self._yaml.word(one) for one in cast("list[yaml.Node]", node.value))
        if len(choices) < 2 or len(set(choices)) != len(choices):
            raise self._yaml.wrong("expected two or more different words", node.start_mark.line)
        return choices

    def _timeout(self, node: yaml.Node) -> Timeout:
        import yaml

        if isinstance(node, yaml.ScalarNode):
            return Timeout(hard=self._time(node))
        checks: dict[str, Callable[[yaml.Node], Any]] = dict.fromkeys(("soft", "idle", "hard"), self._time)
        return Timeout(**self._yaml.fields(node, checks, what="times"))

    def _time(self, node: yaml.Node) -> float:
        value = self._yaml.value(node)
        found = _TIME.fullmatch(value) if isinstance(value, str) else None
        if found:
            value = float(found[1]) * _SECONDS[found[2]]
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _LONGEST:
            raise self._yaml.wrong(
                f"expected a time up to 30 days, got {value!r}", node.start_mark.line, hint="seconds, or as in 20m"
            )
        return float(value)
