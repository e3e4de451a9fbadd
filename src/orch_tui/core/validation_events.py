"""The second reader's part in a run's journal: a question is intended before it is asked, because it costs money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from orch_tui.plan.edits import Proposal

ValidationOutcome = Literal["ok", "failed", "off", "limit", "timeout", "refused", "lost"]
"""How a question to the second reader ended.

"ok": it was answered. "off": there is nobody to ask. "limit": it would, or might, cost more than it may; nothing was
asked. "refused": the model declined. "lost": the runner ended meanwhile; it is not asked again by itself.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationIntended:
    """The second reader is about to be asked about exactly this text and this graph.

    `provider` and `model` are what was asked for, "" leaves it to the configuration; `prd` is a file's path, or "".
    `confirmed` says that the person agreed to a cost above the limit, or an unknown one.
    """

    number: int
    plan_sha: str
    graph_sha: str
    by: str
    provider: str = ""
    model: str = ""
    prd: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationNoticed:
    """Something between us and the service: whom it asks and at what cost, a retry."""

    number: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationEnded:
    """The question is over. `thrown` counts proposals that did not hold, by the reason in words.

    Costs are US dollars, None when nobody knows them; question and answer are artifacts of these hashes, "" when there
    is none: nothing was asked, or nothing came back.
    """

    number: int
    outcome: ValidationOutcome
    message: str = ""
    provider: str = ""
    model: str = ""
    proposals: tuple[Proposal, ...] = ()
    thrown: Mapping[str, int] = field(default_factory=dict[str, int])
    cost_usd: float | None = None
    estimate_usd: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    question_sha: str = ""
    answer_sha: str = ""


ValidationEvent = ValidationIntended | ValidationNoticed | ValidationEnded
