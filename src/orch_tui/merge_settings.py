"""How work comes onto branches: words of the settings, of a plan's front matter and of sections."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeVar, get_args

_Word = TypeVar("_Word", bound=str)

MergeStrategy = Literal["merge", "squash", "rebase"]
MERGE_STRATEGIES: tuple[MergeStrategy, ...] = get_args(MergeStrategy)
"""What a section becomes on the integration branch: a merge commit, one commit, its commits made again."""
LocalStrategy = Literal["merge", "squash", "rebase", "ff"]
"""What a run becomes on the user's own branch; `ff` forwards that, without a commit of its own."""
LandStrategy = Literal[LocalStrategy, "pull-request"]
LAND_STRATEGIES: tuple[LandStrategy, ...] = get_args(LandStrategy)
"""How a run lands: on the user's own branch, or as one pull request."""
Branches = Literal["section", "plan"]
BRANCHES: tuple[Branches, ...] = get_args(Branches)
"""What stays: the branch of each section, or one for the whole plan."""


def one_of(known: Sequence[_Word], word: str) -> _Word | None:
    """The known word that `word` is; None for another one."""
    return next((one for one in known if one == word), None)
