"""The family of superpowers plans: `### Task 3: Title` with `**Files:**` and `**Step 1: …**`, done task by task.

Format: obra/superpowers, skill writing-plans. The head of such a plan asks for a skill that carries the tasks out one
after another ("use superpowers:executing-plans to implement this plan task-by-task"); that is its order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from orch_tui.plan.containers import bare_title
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.marks import without_marks
from orch_tui.plan.reading import Order, Reading
from orch_tui.plan.under_headings import TO, pick, read_headed

_TASK = re.compile(r"\W*Task\s+(?P<id>\d{1,4}(?:\.\d{1,3})?[a-z]?)\s*[:.–—−-]\s*(?P<title>\S.*)", re.IGNORECASE)
_STEP = re.compile(r"\s*(?:[-*+]\s+\[.\]\s+)?(?:\*\*|#{1,6}\s+)Step \d{1,3}\b", re.IGNORECASE)
_BY_TASK = re.compile(
    r"\btask[- ]by[- ]task\b|superpowers[:-](?:executing-plans|subagent-driven-development)", re.IGNORECASE
)


class SuperpowersReader:
    """Reads superpowers plans; steps are part of their task."""

    name = "superpowers"

    def fits(self, document: Document) -> float:
        """Sure where tasks with a number are done task by task, or consist of bold steps."""
        if len(pick(document, "task", _name)) < 2:
            return 0.0
        if _order_words(document)[0]:
            return 0.97
        return 0.96 if sum(bool(_STEP.match(line)) for line in document.lines) > 1 else 0.0

    def read(self, document: Document) -> Reading:
        """The tasks and their order."""
        headed = read_headed(document, pick(document, "task", _name), names=rf"\btasks? \d{{1,4}}\b{TO}\d{{1,4}}\b)?")
        return headed.reading(_order(document, range(len(headed.items))))


def _name(heading: Heading) -> tuple[str, str, str] | None:
    found = _TASK.match(without_marks(heading.text.replace("**", "")))
    return (found["id"], "task", bare_title(found["title"])) if found else None


def _order_words(document: Document) -> tuple[int, str]:
    """Where the plan says that its tasks are done one by one; (0, "") when it does not."""
    for number in document.visible(1, len(document.lines)):
        if _BY_TASK.search(document.line(number)):
            return number, document.line(number).strip()
    return 0, ""


def _order(document: Document, items: Sequence[int]) -> tuple[Order, ...]:
    line, quote = _order_words(document)
    return (Order(groups=tuple((item,) for item in items), line=line, quote=quote),) if line else ()
