"""What changed from one reading of a plan to the next, section by section."""

from __future__ import annotations

import hashlib
import re

from orch_tui.plan.model import Section

_TICK = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)\[[^\]]\]", re.MULTILINE)


def text_sha(section: Section) -> str:
    """The hash of a section's words: wrapping, indentation and ticked boxes do not change it."""
    words = " ".join(_TICK.sub(r"\1[ ]", section.body).split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:32]
