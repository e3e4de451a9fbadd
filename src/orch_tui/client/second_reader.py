"""What asking the second reader would take: whom, with which model, at what cost. Nothing is asked here."""

from __future__ import annotations

import os
from dataclasses import dataclass

from orch_tui.config import load
from orch_tui.core.edition import Edition
from orch_tui.environment import allowed_env
from orch_tui.store.layout import RunDir
from orch_tui.tokens import tokens_of

_PROMPT = 1_500  # tokens of the template and the schema
_A_ROW = 40  # tokens of a section or an edge as the reader sees it, besides its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who would be asked. `lacking` says why nobody can be, or "". Costs are US dollars; None: unknown, or no limit."""

    provider: str
    model: str
    tokens: int
    estimate_usd: float | None
    limit_usd: float | None
    lacking: str = ""

    @property
    def above_limit(self) -> bool:
        """Whether a person has to agree to the cost."""
        return self.limit_usd is not None and (self.estimate_usd is None or self.estimate_usd > self.limit_usd)


def asking(run: RunDir, edition: Edition) -> Asking:
    """Who would be asked about `edition`, and about what it would cost at most. Reads files: call it in a thread.

    Raises ConfigError for settings that are wrong.
    """
    from orch_tui.pipelines.prices import price_of
    from orch_tui.pipelines.told import Request
    from orch_tui.pipelines.ways.base import MOST_OUTPUT
    from orch_tui.pipelines.ways.choosing import PASSES, choose

    config = load(run.root)
    settings = config.second_reader
    plan = run.plan(edition.read.plan_sha)
    cli = config.agents.get("claude", {}).get("cli", "")
    request = Request(
        title=edition.read.title,
        plan=str(plan),
        sections=(),
        edges=(),
        root=str(run.root),
        artifacts=str(run.artifacts),
        prefix="",
        provider=settings.provider,
        model=settings.model,
        claude=cli if isinstance(cli, str) else "",
        codex=settings.codex,
        codex_config=settings.codex_config,
        env_pass=config.env_pass,
    )
    way, lacking = choose(request, allowed_env(os.environ, (*PASSES, *config.env_pass)))
    limit = settings.cost_limit_usd
    if way is None:
        return Asking(provider="", model="", tokens=0, estimate_usd=None, limit_usd=limit, lacking=lacking)
    model = settings.model or way.default_model
    text = plan.read_text(encoding="utf-8", errors="replace") if plan.exists() else ""
    words = "".join((*(one.title for one in edition.read.sections), *(e.evidence.quote for e in edition.dependencies)))
    rows = len(edition.read.sections) + len(edition.dependencies)
    tokens = tokens_of(text) + tokens_of(words) + _A_ROW * rows + _PROMPT + way.overhead
    price = price_of(model)
    estimate = price.cost(tokens, MOST_OUTPUT) if price is not None else None
    return Asking(provider=way.name, model=model, tokens=tokens, estimate_usd=estimate, limit_usd=limit)
