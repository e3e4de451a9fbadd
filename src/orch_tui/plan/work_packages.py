"""The family of work packages: `## WP01 — Title` with its `T001` sub-tasks, as spec-kitty writes `tasks.md`.

Format: Priivacy-ai/spec-kitty; `## Work Package WP02: Title (Priority: P1)`, `**Dependencies**: WP01`, boxes inside.
"""

from __future__ import annotations

import re

from orch_tui.plan.containers import bare_title
from orch_tui.plan.document import Document, Heading
from orch_tui.plan.marks import without_marks
from orch_tui.plan.reading import Reading
from orch_tui.plan.under_headings import TO, pick, read_headed

_HEADING = re.compile(
    r"\W*(?:work ?-?package\s*:?\s*)?(?P<id>WP[-_ ]?\d{1,4}[a-z]?)\b\W{0,4}\s*(?P<title>.*)", re.IGNORECASE
)
_NAMES = rf"\bWP[-_ ]?\d{{1,4}}[a-z]?\b{TO}(?:WP[-_ ]?)?\d{{1,4}}\b)?"
_PRIORITY = re.compile(r"\s*\((?:priority|prio|p\d)\b[^()]*\)\s*|\s*\[P\]\s*|\s*🎯\s*(?:MVP)?\s*", re.IGNORECASE)


class WorkPackagesReader:
    """Reads work packages; the sub-tasks inside are steps."""

    name = "work-packages"

    def fits(self, document: Document) -> float:
        """Sure where two headings are work packages with a number."""
        return 0.97 if len(pick(document, "wp", _name)) > 1 else 0.0

    def read(self, document: Document) -> Reading:
        """The packages, the scopes around them, and what both say."""
        return read_headed(document, pick(document, "wp", _name), names=_NAMES).reading()


def _name(heading: Heading) -> tuple[str, str, str] | None:
    found = _HEADING.match(without_marks(heading.text.replace("**", "")))
    if not found:
        return None
    title = bare_title(_PRIORITY.sub(" ", found["title"]))
    return found["id"], "work-package", title or found["id"]
