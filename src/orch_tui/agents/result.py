"""What an agent reports of its work: a schema, and what is made of an answer to it. Nothing in it is trusted.

What is too large, or names files outside of the working directory, is refused with words that help the agent to say it
again; whatever a terminal would obey is taken out.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, cast

from orch_tui.agents.base import Ended
from orch_tui.clean import clean, one_line
from orch_tui.output_schema import NotValid, Schema, checked, within

ReportedStatus = Literal["done", "blocked", "failed"]
STATUSES: tuple[ReportedStatus, ...] = ("done", "blocked", "failed")
NOT_REPORTED = "no result was reported"
LONGEST: Mapping[str, int] = {
    "summary": 4000,
    "blocked_reason": 2000,
    "decisions": 500,
    "files": 500,
    "interfaces": 1000,
    "follow_ups": 500,
    "criterion": 1000,
    "how": 1000,
}
"""Characters of a text, or of each one of a list."""
MOST: Mapping[str, int] = {"decisions": 20, "files": 200, "interfaces": 40, "follow_ups": 20, "evidence": 100}
"""Entries of a list."""
_SIGNS = re.compile(r"[\W_]+")
_OUTCOME = re.compile(r"[\s*_`]*outcome\s*:", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(?:criterion\s*)?#?(\d{1,3})\s*[.):]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How it is known that a criterion is met."""

    criterion: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A valid report, cleaned. `files` are relative to the working directory."""

    status: ReportedStatus
    summary: str
    decisions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    blocked_reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    output: Any = None
    """What its phase wants beside, as plain data, valid by the phase's schema."""


class NotAResult(ValueError):
    """An answer that is no result; the words say what is wrong with it."""


def _texts(description: str) -> dict[str, object]:
    return {"type": "array", "items": {"type": "string"}, "description": description}


SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "status": {
            "type": "string",
            "enum": list(STATUSES),
            "description": "done; blocked when only a person can bring it forward; failed when it cannot be done",
        },
        "summary": {
            "type": "string",
            "description": "what was done, in a few sentences; its last line is `Outcome: …` where one was asked for",
        },
        "decisions": _texts("choices that later sections have to know and keep to, a sentence each"),
        "files": _texts("files that were changed, relative to the working directory"),
        "interfaces": _texts("what later sections build on: functions, commands, formats, as they are to be used"),
        "follow_ups": _texts("what was seen and not done"),
        "blocked_reason": {"type": "string", "description": "what a person has to do, when it is blocked"},
        "evidence": {
            "type": "array",
            "description": "for each acceptance criterion of the section how it is known to be met",
            "items": {
                "type": "object",
                "properties": {"criterion": {"type": "string"}, "how": {"type": "string"}},
                "required": ["criterion", "how"],
            },
        },
    },
    "required": ["status", "summary"],
}
"""JSON Schema of a report. Lengths are checked here below, in words."""


def schema_with(output: Schema | None) -> dict[str, object]:
    """The schema of a report that has an output too, by this schema."""
    if output is None:
        return SCHEMA
    what = "what the phase is to come to, when it is done"
    part = {"description": what, **within(output, "#/properties/output")}
    return {**SCHEMA, "properties": {**cast("dict[str, object]", SCHEMA["properties"]), "output": part}}


def read(given: object, cwd: str, output: Schema | None = None) -> Result:
    """The result in an agent's answer, which worked in `cwd`, with an output where there is a schema for it.

    Raises NotAResult with everything that is wrong.
    """
    if not isinstance(given, Mapping):
        raise NotAResult("a result is an object with the fields of the schema")
    said = cast("Mapping[str, object]", given)
    reader = _Reader(cwd)
    result = Result(
        status=reader.status(said.get("status")),
        summary=reader.text("summary", said.get("summary")),
        decisions=reader.texts("decisions", said.get("decisions"), one_line_of),
        files=tuple(dict.fromkeys(reader.texts("files", said.get("files"), reader.inside))),
        interfaces=reader.texts("interfaces", said.get("interfaces"), plain),
        follow_ups=reader.texts("follow_ups", said.get("follow_ups"), one_line_of),
        blocked_reason=reader.text("blocked_reason", said.get("blocked_reason")),
        evidence=reader.evidence(said.get("evidence")),
    )
    if output is not None and result.status == "done":
        result = replace(result, output=reader.output(said, output))
    if unknown := sorted(one_line_of(str(name)) for name in said.keys() - {field.name for field in fields(Result)}):
        reader.wrong.append(f"there is no field {unknown[0]!r}")
    if not result.summary and not reader.wrong:
        reader.wrong.append("summary says nothing")
    if result.status == "blocked" and not result.blocked_reason:
        reader.wrong.append("blocked_reason does not say what a person has to do")
    if reader.wrong:
        raise NotAResult("; ".join(reader.wrong[:12]))
    return result


def unanswered(result: Result, acceptance: Sequence[str]) -> tuple[str, ...]:
    """The criteria without evidence."""
    said, _ = answers(result, acceptance)
    return tuple(criterion for criterion, how in zip(acceptance, said, strict=True) if not how)


def answers(result: Result, acceptance: Sequence[str]) -> tuple[list[str], list[Evidence]]:
    """For each criterion how it is known to be met ("": nobody says), and the evidence that is about none of them.

    A criterion is named by its words, or the beginning of them, or its number from 1.
    """
    said, others = [list[str]() for _ in acceptance], list[Evidence]()
    folded = [_folded(criterion) for criterion in acceptance]
    for one in result.evidence:
        number, words = _NUMBER.fullmatch(one.criterion), _folded(one.criterion)
        about = [at for at, known in enumerate(folded) if (number and int(number[1]) == at + 1) or _same(known, words)]
        for at in about:
            said[at].append(one.how)
        others += [] if about else [one]
    return ["\n".join(hows) for hows in said], others


def settled(ended: Ended, cwd: str, *, wanted: bool, output: Schema | None = None) -> Ended:
    """How a session ended, by what it reported: success is never assumed where a result is `wanted` and none came.

    `output` is the schema of what it has to hand over with it.
    """
    if ended.outcome != "succeeded":
        return replace(ended, structured=None)
    if ended.structured is None:
        return _failed(ended, NOT_REPORTED) if wanted else ended
    try:
        result = read(ended.structured, cwd, output)
    except NotAResult as error:
        return _failed(ended, f"the result that was reported is none: {error}")
    ended = replace(ended, summary=_with_outcome(result.summary, ended.summary), structured=asdict(result))
    match result.status:
        case "done":
            return ended
        case "blocked":
            return replace(ended, outcome="failed", failure="blocked", message=one_line(result.blocked_reason, 2000))
        case "failed":
            return replace(ended, outcome="failed", failure="agent", message=one_line(result.summary, 2000))


def plain(text: str) -> str:
    """A text without what a terminal obeys."""
    return clean(text, tab_size=0).strip()


def one_line_of(text: str) -> str:
    """The same on one line."""
    return one_line(text, 4000)


class _Reader:
    """Fields of an answer; collects what is wrong with them."""

    def __init__(self, cwd: str) -> None:
        self._roots = (posixpath.normpath(cwd), os.path.realpath(cwd))
        self.wrong: list[str] = []

    def status(self, given: object) -> ReportedStatus:
        for status in STATUSES:
            if given == status:
                return status
        self.wrong.append(f"status is {', '.join(STATUSES[:-1])} or {STATUSES[-1]}, not {_short(given)}")
        return "failed"

    def text(self, name: str, given: object, make: Callable[[str], str] = plain) -> str:
        if given is None:
            return ""
        if not isinstance(given, str):
            self.wrong.append(f"{name} is a text, not {_short(given)}")
            return ""
        if len(given) > LONGEST[name]:
            self.wrong.append(f"{name} has {len(given)} characters, {LONGEST[name]} at most")
            return ""
        return make(given)

    def entries(self, name: str, given: object) -> Sequence[object]:
        if given is None:
            return ()
        if not isinstance(given, (list, tuple)):
            self.wrong.append(f"{name} is a list, not {_short(given)}")
            return ()
        found = cast("Sequence[object]", given)
        if len(found) > MOST[name]:
            self.wrong.append(f"{name} has {len(found)} entries, {MOST[name]} at most")
            return ()
        return found

    def texts(self, name: str, given: object, make: Callable[[str], str]) -> tuple[str, ...]:
        found = (self.text(name, one, make) for one in self.entries(name, given))
        return tuple(one for one in found if one)

    def evidence(self, given: object) -> tuple[Evidence, ...]:
        found: list[Evidence] = []
        for one in self.entries("evidence", given):
            if not isinstance(one, Mapping):
                self.wrong.append(f"evidence has a criterion and how it is met, not {_short(one)}")
                continue
            said = cast("Mapping[str, object]", one)
            criterion = self.text("criterion", said.get("criterion"), one_line_of)
            how = self.text("how", said.get("how"))
            if criterion and how:
                found.append(Evidence(criterion=criterion, how=how))
        return tuple(found)

    def output(self, said: Mapping[str, object], schema: Schema) -> object:
        if "output" not in said:
            self.wrong.append("output is missing: this phase has to come to one, by the schema")
            return None
        try:
            return checked(said["output"], schema)
        except NotValid as error:
            self.wrong.append(str(error))
            return None

    def inside(self, name: str) -> str:
        """A file's path relative to the working directory; "" and a complaint for one that is elsewhere."""
        path = posixpath.normpath(posixpath.join(self._roots[0], one_line_of(name)))
        for root in self._roots:
            if path.startswith(f"{root}/"):
                return path.removeprefix(f"{root}/")
        self.wrong.append(f"files has {_short(name)}, which is not in the working directory")
        return ""


def _with_outcome(summary: str, last_words: str) -> str:
    """The reported summary, and the outcome that stands in the last line of the session's own words."""
    last = last_words.rstrip().rpartition("\n")[2]
    says = _OUTCOME.match(last) and not _OUTCOME.match(summary.rpartition("\n")[2])
    return f"{summary}\n{plain(last)}" if says else summary


def _failed(ended: Ended, why: str) -> Ended:
    return replace(ended, outcome="failed", failure="agent", message=one_line(why, 2000), structured=None)


def _short(given: object) -> str:
    return one_line(repr(given)[:400], 80)


def _folded(words: str) -> str:
    return _SIGNS.sub(" ", words.casefold()).strip()


def _same(criterion: str, words: str) -> bool:
    """Whether it is named by all of its words, or by a good part of its beginning."""
    if criterion == words:
        return True
    shorter, longer = sorted((criterion, words), key=len)
    return len(shorter) >= 12 and longer.startswith(shorter)
