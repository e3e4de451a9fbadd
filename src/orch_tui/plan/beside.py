"""Items that are said to run beside each other: "Tasks 1-3 are independent", "B and C can run in parallel"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL
from orch_tui.plan.order_words import NEVER
from orch_tui.plan.reading import Statement
from orch_tui.plan.remembered import remembered
from orch_tui.plan.statements import Paragraph

_NAME = rf"(?:{LABEL}{GAP})?{ID}"
_NOTE = r"(?:\s*\([^()]{1,60}\))?"
_EACH_OTHER = r"(?:each other|one another|the others?\b|entre sí)"
_APART = (
    rf"(?P<apart>(?:have|has|share)\s+(?:no|zero)\s+(?:\w+\s+){{0,2}}dependenc(?:y|ies)\s+(?:on|between)\s+{_EACH_OTHER}"
    rf"|(?:do not|don't)\s+depend\s+on\s+{_EACH_OTHER}|hängen\s+nicht\s+voneinander\s+ab"
    r"|n(?:o|ão)\s+depende[nm]\s+(?:entre\s+(?:sí|si)|u[nm][ao]?s?\s+d[eao]s?\s+(?:las?\s+|los?\s+)?(?:otr|outr)[ao]s?)"
    r"|ne\s+dépendent\s+pas\s+(?:l['’]une?\s+de\s+l['’]autre|les\s+une?s\s+des\s+autres)"
    r"|[^。；]{0,4}(?:互不依赖|互不依賴|(?:相互|彼此|互相)独立|(?:互い|相互)に(?:独立|依存しな|依存しま)"
    r"|(?:之间|彼此)[^。；]{0,2}(?:没有|無|无)[^。；]{0,3}依赖))"
)
"""Words by which several say that they do not need each other."""
_JOINT = r"(?:,|，|/|&|\+|[-–—~〜～]|、|\b(?:and|und|y|e|et|to|through|bis)\b|[和与跟及至到]|と)"
_TOGETHER = later(
    rf"(?<![\w.-])(?P<who>{_NAME}{_NOTE}(?:\s*{_JOINT}+\s*{_NAME}{_NOTE})+)\s*(?:{_APART}|"
    r"(?:are|can|could|may|run|happen|proceed|sind|können|laufen|pueden|son|peuvent|sont)\b[^.;:]{0,40}?"
    r"\b(?:independent\w*|parallel\w*|concurrently|simultaneously|unabhängig|paralelo|parallèle|independientes"
    rf"|indépendant\w*)\b(?!\s+(?:of|with|from|to|zu|mit|von|con|avec|de)\b(?!\s+{_EACH_OTHER}))"
    r"|(?!\s?(?:分|秒|時|小时|天|日|週|周|个|個|月))[^。；]{0,6}(?:可以?并行|並行|并行执行|并行进行))",
    re.IGNORECASE,
)
_PARTS = (
    *("paral", "independ", "indépend", "unabhängig", "concurrent", "simultan", "other", "entre sí", "voneinander"),
    *("dependen ", "dependem ", "dépendent", "并行", "並行", "互", "彼此", "之间"),
)
"""Of which every such text holds one."""
_LONGEST = 2_000


def beside_each_other(paragraphs: Iterable[Paragraph]) -> Iterator[Statement]:
    """Statements that the named items run beside each other; they make no edge and keep an implied order from them."""
    for paragraph in paragraphs:
        for who, quote in _together(paragraph.text):
            yield Statement(relation="parallel", text=who, subject=who, quote=quote, line=paragraph.line, field=False)


@remembered
def _together(text: str) -> tuple[tuple[str, str], ...]:
    """(the names, the words that say so) of all that a text says to run beside each other."""
    text = text[:_LONGEST].replace("**", "")
    lowered = text.lower()
    if not any(part in lowered for part in _PARTS):
        return ()
    said = (one for one in _TOGETHER.finditer(text) if one["apart"] or not NEVER.search(one[0]))
    return tuple((re.sub(r"\([^()]*\)", "", one["who"]), one[0].strip()) for one in said)
