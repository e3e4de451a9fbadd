"""Ranges whose ends are titles: "everything from Design to Rollout", "von Entwurf bis Abnahme", "設計から公開まで"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.lookup import Context, Found, Lookup
from orch_tui.plan.remembered import remembered

_RANGE = later(
    r"(?:(?:everything|all(?: of it| (?:the )?\w+)?|alles|todo|tout|tudo|tutto)\s+)?(?:"
    r"(?:from|starting with)\s+(?P<en>\S.*?)\s+(?:up to|to|through|until)\s+(?P<to_en>\S.*)"
    r"|(?P<bare>\S.*?)\s+through\s+(?P<to_bare>\S.*)|von\s+(?P<de>\S.*?)\s+bis(?: (?:zu|zur|zum))?\s+(?P<to_de>\S.*)"
    r"|(?:desde|de)\s+(?P<es>\S.*?)\s+(?:hasta|até)\s+(?P<to_es>\S.*)|de\s+(?P<fr>\S.*?)\s+(?:jusqu['’]à|à)\s+(?P<to_fr>\S.*)"
    r"|da\s+(?P<it>\S.*?)\s+(?:fino )?a\s+(?P<to_it>\S.*))"
    r"|从(?P<zh>[^从到]+)到(?P<to_zh>[^到]+?)(?:的(?:所有|全部)?(?:步骤|任务|阶段)?)?|(?P<ja>.+?)から(?P<to_ja>.+?)まで(?:のすべて|全て)?",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    r"(?:everything|all|from|starting|alles|von|desde|de|todo|tout|tudo|tutto|da)\s|.*?(?: through |到|から)",
    re.IGNORECASE,
)
_LONGEST = 120


def titles_between(text: str, lookup: Lookup, context: Context) -> Found | None:
    """The items from one to another that are named by their whole titles or ids; None for other words."""
    ends = _ends(text)
    if not ends:
        return None
    found = [lookup.name(end, context, sure=True) for end in ends]
    if any(one is None or one.way not in {"title", "id"} or len(one.items) != 1 for one in found):
        return None
    numbers = [one.items[0] for one in found if one]
    return Found(list(range(numbers[0], numbers[1] + 1)), "range") if numbers[0] < numbers[1] else None


@remembered
def _ends(text: str) -> tuple[str, ...]:
    """What stands at both ends of a range; empty for other words."""
    likely = len(text) <= _LONGEST and _LIKELY.match(text)
    found = _RANGE.fullmatch(text.strip(" .")) if likely else None
    return tuple(end.strip(" \"'“”") for end in found.groups() if end) if found else ()
