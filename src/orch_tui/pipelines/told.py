"""What the second reader's process is told and what it tells: `request.json` and `result.json` in its directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from orch_tui.errors import DamageError
from orch_tui.plan.edits import Proposal
from orch_tui.plan.model import Dependency

Outcome = Literal["ok", "failed", "off", "limit", "timeout", "refused"]
"""How a question ended.

"ok": it was answered. "off": there is nobody to ask. "limit": it would, or might, cost more than it may; nothing was
asked. "refused": the model declined. "failed": anything else.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A section as the reader sees it; `lines` are (first, last), from 1, `text` the words of one that was added."""

    id: str
    title: str
    lines: tuple[int, int]
    container: str = ""
    done: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question. Paths are absolute; `timeout` is in seconds, `cost_limit_usd` None means no limit.

    `known` are proposals that were made before: they are not made again. `prefix` begins the ids of the new ones.
    `root` is the project, whose own prompt files come first; `artifacts` keeps the question and the answer.
    `confirmed` says that a person agreed to a cost above the limit, or an unknown one.
    """

    title: str
    plan: str
    sections: tuple[Row, ...]
    edges: tuple[Dependency, ...]
    root: str
    artifacts: str
    prefix: str
    prd: str = ""
    known: tuple[Proposal, ...] = ()
    provider: str = "auto"
    model: str = ""
    cost_limit_usd: float | None = None
    timeout: float = 120.0
    confirmed: bool = False
    claude: str = ""
    """The Claude Code program, "" finds one."""
    codex: str = "codex"
    """The Codex program."""
    codex_config: tuple[str, ...] = ()
    """Settings for Codex as `key=value`, because its own settings file is not read."""
    env_pass: tuple[str, ...] = ()
    """Environment variables the user lets agents have beyond the usual ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it. `thrown` counts what was thrown out of the answer, by reason in words.

    Costs are US dollars, None when nobody knows them; nothing was asked when `question_sha` is "". The question and the
    answer as they were are artifacts of those hashes.
    """

    outcome: Outcome
    message: str = ""
    provider: str = ""
    model: str = ""
    proposals: tuple[Proposal, ...] = ()
    thrown: dict[str, int] = field(default_factory=dict[str, int])
    cost_usd: float | None = None
    estimate_usd: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    question_sha: str = ""
    answer_sha: str = ""


def encode(told: Request | Result) -> bytes:
    """`told` as JSON."""
    return _adapter(type(told)).dump_json(told)


def decode_request(data: bytes) -> Request:
    """The request of a file. Raises DamageError."""
    return _decode(Request, data)


def decode_result(data: bytes) -> Result:
    """The result of a file. Raises DamageError."""
    return _decode(Result, data)


def _decode(kind: Any, data: bytes) -> Any:
    from pydantic import ValidationError

    try:
        return _adapter(kind).validate_json(data)
    except ValidationError as error:
        raise DamageError(f"not a {kind.__name__.lower()} of the second reader: {error.errors()[0]['msg']}") from error


@cache
def _adapter(kind: Any) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
