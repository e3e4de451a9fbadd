"""Lines of a spec-kit plan taken apart: what stands before a colon, what between two references, what is advice."""

from __future__ import annotations

import re

EDGE = " \t`'\"「」『』*_"
"""What stands at the edge of a name and says nothing."""


def at_colon(text: str) -> tuple[str, str]:
    """What stands before the first colon outside of brackets, and what after it; ("", "") without one."""
    depth = 0
    for at, char in enumerate(text[:200]):
        depth += (char in "(（[") - (char in ")）]")
        if char in ":：" and depth <= 0 and text[at + 1 : at + 2] != "/":
            return text[:at].strip(), text[at + 1 :].strip()
    return "", ""


def bare_between(text: str) -> str:
    """What stands between two references without brackets, markup and words that say that the first has ended."""
    bare = re.sub(r"\([^()]*\)?|（[^（）]*）?|\[[^\[\]]*\]", "", text).strip(EDGE + ")）")
    return re.sub(
        r"^(?:phases?|stages?|complete[d]?|done|完了|完成|フェーズ|阶段|단계)\s*", "", bare, flags=re.IGNORECASE
    )


def soft_order(text: str) -> bool:
    return bool(
        re.search(r"\bpriorit|\bprioridad|\bpriorität|\bpriorid|優先|优先|우선|\bmvp\b|순서 권장", text, re.IGNORECASE)
    )
