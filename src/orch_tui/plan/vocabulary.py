"""All phrases of one kind, whatever the language: `phrases("needs")`."""

from __future__ import annotations

from functools import cache

from orch_tui.plan.languages import LANGUAGES


@cache
def phrases(attribute: str) -> tuple[str, ...]:
    """All phrases of one kind in all languages, the longest first."""
    found = {
        " ".join(phrase.split())
        for language in LANGUAGES
        for phrase in str(getattr(language, attribute)).split(",")
        if phrase.strip()
    }
    return tuple(sorted(found, key=lambda phrase: (-len(phrase), phrase)))
