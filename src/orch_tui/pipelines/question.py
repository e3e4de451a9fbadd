"""The question to the second reader: plan, PRD and graph as quoted data in the template prompts/second-reader.md."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orch_tui import resources
from orch_tui.clean import one_line
from orch_tui.flow.prompts import render
from orch_tui.pipelines.answer import schema
from orch_tui.pipelines.quotes import Quotable
from orch_tui.pipelines.told import Request

TEMPLATE = "second-reader.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in one message, and the JSON schema its answer must have."""

    text: str
    schema: dict[str, Any]


def question(request: Request, plan: Quotable, prd: Quotable | None) -> Question:
    """The question of `request`. Raises ConfigError for a prompt file that is wrong.

    The documents stand between marks that are made from their own text, so that nothing in them can end them.
    """
    sections = "\n".join(
        json.dumps(
            {
                "id": row.id,
                "title": one_line(row.title),
                **({"added, not in the plan": row.text} if row.text else {"lines": list(row.lines)}),
                **({"part of": one_line(row.container)} if row.container else {}),
                **({"done": True} if row.done else {}),
            },
            ensure_ascii=False,
        )
        for row in request.sections
    )
    edges = "\n".join(
        json.dumps(
            {
                "upstream": edge.upstream,
                "downstream": edge.downstream,
                "read from line": edge.evidence.line,
                "quote": edge.evidence.quote,
            },
            ensure_ascii=False,
        )
        for edge in request.edges
    )
    values = {
        "title": one_line(request.title),
        "plan": plan.text,
        "prd": prd.text if prd else "",
        "sections": sections,
        "edges": edges,
        "mark": _mark(plan.text, prd.text if prd else "", sections, edges),
        "schema": json.dumps(schema(), indent=1),
    }
    file, template = resources.found("prompts", TEMPLATE, root=Path(request.root))
    return Question(text=render(template, values, name=str(file)), schema=schema())


def _mark(*parts: str) -> str:
    whole = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass"))
    return whole.hexdigest()[:16]
