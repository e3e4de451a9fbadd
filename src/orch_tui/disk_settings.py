"""How much of a disk a run may take: `disk:` of the settings.

disk:
  start: 5 GiB             # with less free (or 5 % of the disk, if that is less) nothing new is started
  end: 1 GiB               # with less (or 1 %) agents are ended, and go on once there is room
  reserve: 16 MiB          # kept by each run, so that on a full disk it can still say so (1/64 of the disk at most)
  transcript: 256 MiB      # of a session's transcript this much is kept: its beginning and its end
  file: 2 GiB              # the largest file that an agent may write
  scratch: 10 GiB          # an agent whose private files grow beyond is ended

Each is bytes, or a number with KiB, MiB, GiB, kB, MB or GB; `off` for no limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import cast

from orch_tui.errors import ConfigError

_UNITS = {"": 1, "b": 1, "kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_SIZE = re.compile(r"(\d{1,15}(?:\.\d{1,6})?)\s*([a-z]*)", re.ASCII)
_LEAST = {"transcript": 1 << 20, "file": 16 << 20}
"""Less than this would end what goes well: setting it is a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskSettings:
    """Bytes; 0 is no limit. Of `start`, `end` and `reserve` a small disk has less (`room.py`)."""

    start: int = 5 << 30
    end: int = 1 << 30
    reserve: int = 16 << 20
    transcript: int = 256 << 20
    file: int = 2 << 30
    scratch: int = 10 << 30


def disk_of(known: DiskSettings, said: object) -> DiskSettings:
    """`known` with what a mapping says instead. Raises ConfigError with what is wrong."""
    names = [field.name for field in fields(DiskSettings)]
    if not isinstance(said, Mapping):
        raise ConfigError(f"'disk' has names and sizes, not {said!r}", hint=f"there are {', '.join(names)}")
    found: dict[str, int] = {}
    for key, value in cast("Mapping[str, object]", said).items():
        if key not in names:
            raise ConfigError(f"unknown setting 'disk.{key}'", hint=f"there are {', '.join(names)}")
        found[key] = _bytes(key, value)
    return replace(known, **found)


def _bytes(key: str, value: object) -> int:
    """A size in bytes. YAML reads `off` as false."""
    words = "off" if value is False else str(value).strip().lower()
    if words == "off":
        return 0
    sign = _SIZE.fullmatch(words)
    if isinstance(value, bool) or sign is None or sign[2] not in _UNITS:
        raise ConfigError(f"'disk.{key}' is a size, not {value!r}", hint="as in `5 GiB`, `500 MB`, or `off`")
    size = int(float(sign[1]) * _UNITS[sign[2]])
    if 0 < size < _LEAST.get(key, 0):
        raise ConfigError(f"'disk.{key}' is {size} bytes, {_LEAST[key]} at least", hint="or `off` for no limit")
    return size
