"""`spec.json`: what the runner tells a session host, as the dataclass of the provider seam and back.

Values of the environment are not written down, only the names to take over from the host's own: keys and tokens stay
out of the state directory. What the runner sets itself (the markers) is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from orch_tui.agents.base import Block, DiskLimits, SessionSpec
from orch_tui.errors import DamageError


def encode_spec(spec: SessionSpec, *, written: frozenset[str]) -> bytes:
    """The JSON of a spec; of the environment, only the variables in `written` with their values."""
    env = {
        "take": sorted(name for name in spec.env if name not in written),
        "set": {name: value for name, value in spec.env.items() if name in written},
    }
    return json.dumps({**asdict(spec), "env": env}, ensure_ascii=True).encode()


def decode_spec(data: bytes, environ: Mapping[str, str]) -> SessionSpec:
    """The spec in `data` (JSON), its environment completed from `environ`. Raises DamageError when it is not one."""
    try:
        fields: dict[str, Any] = json.loads(data)
        blocks = tuple(Block(**block) for block in fields.pop("blocks", ()))
        deny, acceptance = tuple(fields.pop("deny", ())), tuple(fields.pop("acceptance", ()))
        limits, told = DiskLimits(**fields.pop("limits", {})), fields.pop("env")
        env = {name: environ[name] for name in told["take"] if name in environ} | told["set"]
        return SessionSpec(blocks=blocks, deny=deny, acceptance=acceptance, env=env, limits=limits, **fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamageError(f"spec.json does not describe a session: {error}", hint="retry the section") from error
