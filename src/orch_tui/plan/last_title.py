"""Titles that say of their own item that it comes last: "Write the manual last", "Das Handbuch zuletzt schreiben"."""

from __future__ import annotations

import re

from orch_tui.plan.later import later
from orch_tui.plan.spotting import words_in

_TELLING = frozenset(["last", "zuletzt", "último", "ultimo", "ultima", "dernier", "最"])
"""Of which every such title holds one."""
_DOING = (
    "(?:write|do|ship|deploy|release|publish|migrate|remove|delete|drop|update|document|run|land|merge|build|add"
    "|cut over|switch|move|implement|finish|polish|translate|test|rename|refactor|convert|retire|enable"
    "|announce|wire up|tidy)"
)
_SAYS = later(
    rf"{_DOING}(?P<en>(?:\s+[^\s,;:.]+){{1,7}}?)[,–—-]?\s+last(?: of all)?"
    r"|(?-i:Last|LAST)(?: of all)?(?::|,| [–—-]) \S.*|(?P<of_all>\S[^:.]{1,60}?)(?:[,:]| [–—-])? last of all"
    r"|(?P<at>\S[^:.]{1,60}?): last"
    r"|(?P<told>\S[^,;:.]{0,60}?)\s+(?:comes|goes|runs|ships|lands) last(?: of all)?"
    r"|(?:das|den|die|alle|alles)?\s*[A-ZÄÖÜ](?P<de>[^,;:.]{1,60}?)\s+(?:ganz )?zuletzt\s+[a-zäöü]+en"
    r"|[a-záéíóú]+(?:ar|er|ir)(?P<es>\s[^,;:.]{2,60}?)\s+(?:por último|en último lugar|em último lugar)"
    r"|[a-zéè]+(?:er|ir|re)(?P<fr>\s[^,;:.]{2,60}?)\s+en (?:tout )?dernier(?: lieu)?"
    r"|[a-zéè]+(?:are|ere|ire)(?P<it>\s[^,;:.]{2,60}?)\s+per ultim[oa]"
    r"|最后再?(?:编写|撰写|写|部署|发布|执行|进行|做|完成|清理|迁移|删除)[^的，：:]{1,20}"
    r"|最後に[^たの、。]{1,20}を[^た、。]{0,12}[うくすつむる]",
    re.IGNORECASE,
)
_NO_OBJECT = later(
    r"\s(?:it|them|that|which|who|whom|whose|what|when|where|how|was|were|is|are|has|had|be|been|to|by|from|as|at|in"
    r"|seen|sent|run|came|que|qui|quien|cual|che|der|die|geöffnet\w*)$|\sthe$|[a-z]{2}ed$"
    r"|\s(?:that|which|who|when|where|was|were|has|had|que|qui|quien|che)\s",
    re.IGNORECASE,
)
"""Of which "last" tells something else: "Open the file used last", "Show who logged in last"."""


def says_last(title: str) -> bool:
    """Whether a title says that its item comes last."""
    found = None if _TELLING.isdisjoint(words_in(title)) else _SAYS.fullmatch(title.strip(" .!"))
    told = next((one for one in found.groups() if one), "") if found else ""
    return bool(found) and not _NO_OBJECT.search(told)
