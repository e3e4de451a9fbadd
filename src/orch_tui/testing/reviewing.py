"""A plan in which an edge is missing, requests about plans, and answers, for tests of the second reader."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from orch_tui.pipelines.told import Request, Row
from orch_tui.plan.parsing import parse

PLAN = """# Workspace

## Section A: Files
Dependencies: none
Writes the table “users” and the folder layout.

## Section B: Hooks
Dependencies: Section A (file structure must exist)
Installs the **pre-commit** hooks — all of them.

## Section C: Agents
Dependencies: Section A
Reads the hooks that
B installs.

## Section D: Acceptance
Dependencies: B, C
"""


def as_request(directory: Path, plan: str = PLAN, prd: str = "", **more: Any) -> Request:
    """A request about `plan`, whose graph is as it is read; files go to `directory`."""
    read = parse(plan)
    path = directory / "plan.md"
    path.write_text(plan, encoding="utf-8")
    if prd:
        (directory / "prd.md").write_text(prd, encoding="utf-8")
    request = Request(
        title=read.title,
        plan=str(path),
        sections=tuple(
            Row(id=one.id, title=one.title, lines=one.lines, container=one.container, done=one.done)
            for one in read.sections
        ),
        edges=read.dependencies,
        root=str(directory),
        artifacts=str(directory / "artifacts"),
        prefix="v1.",
        prd=str(directory / "prd.md") if prd else "",
    )
    return replace(request, **more)


def proposed(**more: object) -> dict[str, object]:
    """A proposal about `PLAN` that holds, otherwise as `more` says."""
    return {
        "kind": "missing-edge",
        "upstream": "B",
        "downstream": "C",
        "document": "plan",
        "quote": "Reads the hooks that B installs.",
        "reason": "C reads what B installs.",
        **more,
    }


def answered(*items: object) -> str:
    """The answer that holds `items`."""
    return json.dumps({"proposals": list(items)})
