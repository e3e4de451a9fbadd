"""Plain data and JSON to dataclasses, which say what is valid.

pydantic reads all of them; msgspec, in a fraction of the time, those that hold no union of dataclasses, and what it
refuses pydantic judges. Journals and snapshots are long, and most of them are such data.
"""

from __future__ import annotations

import json
from dataclasses import is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from pydantic import TypeAdapter


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """What reads and writes this type by pydantic."""
    return TypeAdapter(kind)


@cache
def decoder(kind: Any) -> msgspec.json.Decoder[Any] | None:
    """What reads this type by msgspec, or None when that cannot."""
    try:
        return msgspec.json.Decoder(kind)
    except TypeError:  # a union of dataclasses
        return None


def from_data(kind: Any, data: object) -> Any:
    """The value of type `kind`. Raises pydantic's ValidationError."""
    if decoder(kind) is not None:
        try:
            return msgspec.convert(data, kind)
        except msgspec.ValidationError:
            pass
    return adapter(kind).validate_python(data)


def from_json(kind: Any, data: bytes) -> Any:
    """The value of type `kind`. Raises ValueError.

    A dataclass that msgspec cannot read is read field by field, since most of its fields it can.
    """
    if (quick := decoder(kind)) is not None:
        try:
            return quick.decode(data)
        except msgspec.MsgspecError:  # among them half a surrogate, of a file's name that is no text
            return from_data(kind, json.loads(data))
    if get_origin(kind) in {Union, UnionType} and data != b"null":
        options = [option for option in get_args(kind) if option is not NoneType]
        kind = options[0] if len(options) == 1 else kind
    if not is_dataclass(kind):
        return from_data(kind, json.loads(data))
    try:
        found: dict[str, msgspec.Raw] = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except msgspec.MsgspecError:
        return from_data(kind, json.loads(data))
    hints = _hints(kind)
    values = {name: from_json(hints[name], bytes(raw)) for name, raw in found.items() if name in hints}
    return adapter(kind).validate_python(values)


def to_json(value: object) -> bytes:
    """A dataclass as JSON."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value)).encode()


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)
