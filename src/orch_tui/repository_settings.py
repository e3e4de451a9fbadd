"""Names for repositories that sections can be in: `repositories:` of the settings, or of a plan's front matter.

repositories:
  api: ../api          # a path from the project's own directory
  web: ~/src/web
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from orch_tui.errors import ConfigError

_NAME = re.compile(r"\w[\w.@-]{0,63}")
_MOST = 50
_LONGEST = 1000
_HINT = "such as {api: ../api}"


def places(known: Mapping[str, str], said: object) -> dict[str, str]:
    """`known` with what a mapping says instead, name -> path. Raises ConfigError with what is wrong."""
    if not isinstance(said, Mapping):
        raise ConfigError(f"'repositories' has names and paths, not {said!r}", hint=_HINT)
    found = dict(known)
    for name, path in cast("Mapping[str, object]", said).items():
        if not _NAME.fullmatch(name):
            raise ConfigError(
                f"{name!r} is no name of a repository", hint="a word, and behind it the path: api: ../api"
            )
        if not isinstance(path, str) or not path.strip() or len(path) > _LONGEST or not path.isprintable():
            raise ConfigError(f"the repository {name!r} is a path, not {path!r}", hint=_HINT)
        found[name] = path.strip()
    if len(found) > _MOST:
        raise ConfigError(f"{len(found)} repositories are too many", hint=f"{_MOST} at most")
    return found
