"""Records of which reading makes tens of thousands: nobody changes one, and making one must cost little."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

_Value = TypeVar("_Value")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def value(record: type[_Value]) -> type[_Value]:
    """A frozen dataclass with slots whose freezing is left to the type checker, since at run time it doubles the cost.

    For what stays within the reading of one plan; what others are handed is frozen in earnest.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(record)
