"""Chinese, Japanese and Korean put the words of order behind what is named: "タスク4はタスク3の完了後に"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.names import GAP, ID, LABEL
from orch_tui.plan.speakers import EDGE, begins_with_name
from orch_tui.plan.value import value

_TOPIC = r"(?<=[0-9A-Za-z계업크스])[은는](?=\s)"
"""The Korean sign of who is meant, behind an id or a generic word."""
_CLAUSE = later(
    rf".*(?:[，。；：:,;！？|]|{_TOPIC}|は|が(?=[^完了必])|在|以|是|须|需要|必须|需|等待|等到|待|当|直到|只有)",
    re.DOTALL,
)
_LISTED = later(rf"(?<![^\W_])(?:{LABEL}{GAP})?{ID}\s*[,，、/]\s*$", re.IGNORECASE)
"""One more of a list of ids: "T007, T014 に依存" names both."""
_OBJECT = later(r"(?<=[0-9A-Za-z계업크스])[이가을를]$")
_LONGEST_NAMED = 60
PARTICLES = "がはをにの、，, 에가이을를"
_NOT = later(
    r"(?:し|では|は|に)?(?:ない|ません|せず|なくて)|していない|不要|必要(?:は|が)?(?:ない|ありません|なし)"
    r"|(?:하지|하진|되지|지)?\s?(?:않|없)|할 필요(?:가|는)? 없"
)
DENIED = later(r"(?:不|无需|没有|未|无|不用|不必|不需要)$")
"""Before words of order: they are denied."""
_FORBIDDEN = later(
    r"\s*[，,]?\s*(?:都|一律|绝)?(?:不得|不能|不可以?|不要|不应|禁止|切勿|勿)(?:提前|以)?(?:开始|启动|进行|动手|开工|执行|实施|做)?"
    r"(?P<who>[^，,。；;]+)"
)
"""In "步骤1完成之前不得开始步骤2" the second waits."""
_FOLLOWING = later(r"\s*[，,、]?\s*(?P<who>[^，,。；;]+)")
"""The clause behind "完成后，", which may name who can start then."""


@value
class Around:
    """What is `named` before the words, `who` is meant ("": they do not say), `more`: words behind them that belong.

    `forbidden`: who is meant must not begin before.
    """

    named: str
    who: str
    negated: bool
    more: str = ""
    forbidden: bool = False


def named_before(left: str, value: str, *, later: bool) -> Around | None:
    """Takes the text before and behind the words apart; `later`: who is meant waits. None when nothing is named."""
    cut = _CLAUSE.match(left)
    start_of = cut.end() if cut else 0
    while listed := _LISTED.search(left, max(0, start_of - _LONGEST_NAMED), start_of):
        start_of = listed.start()
    named, before = left[start_of:], left[:start_of]
    if not named.strip(EDGE):
        return None
    who = re.split(r"[，。；：:,;！？|]", before.rstrip("はが은는在须需要必等待到当直只有，。；：:,; "))[-1].strip(EDGE)
    if not later and (forbidden := _FORBIDDEN.match(value)):
        who = forbidden["who"].strip(EDGE)
        return Around(named=named.strip(EDGE), who=who, negated=False, more=forbidden[0], forbidden=True)
    following = _FOLLOWING.match(value) if later and not who else None
    behind = following["who"].strip() if following and begins_with_name(following["who"]) else ""
    return Around(
        named=_OBJECT.sub("", named.strip(EDGE)),
        who=who or behind or ("" if later else value.strip(EDGE)),
        negated=bool(_NOT.match(value) or DENIED.search(left)),
        more=following[0] if following and behind else "",
    )
