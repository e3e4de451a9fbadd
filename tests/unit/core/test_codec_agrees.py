"""Most events are read by msgspec, the rest by pydantic: whatever is written, both read the same."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from orch_tui.agents.result import Result
from orch_tui.core.codec import EVENTS, VERSION, decode_event, encode_event
from orch_tui.errors import DamageError

st.register_type_strategy(float, st.floats(allow_nan=False))
st.register_type_strategy(Mapping, lambda kind: st.dictionaries(*map(st.from_type, get_args(kind))))
st.register_type_strategy(Result, st.builds(Result, output=st.none() | st.text() | st.lists(st.integers())))
UNIONS = {"PlanRead", "RevisionRead", "PlanMended", "ValidationEnded"}


@pytest.mark.parametrize("type_", sorted(set(EVENTS) - UNIONS))
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_an_event_comes_back_as_pydantic_reads_it(type_: str, data: st.DataObject) -> None:
    event = data.draw(st.from_type(EVENTS[type_]))
    _, written = encode_event(event)
    read: dict[str, Any] = json.loads(json.dumps(written))
    assert decode_event(type_, VERSION, read) == event == TypeAdapter(EVENTS[type_]).validate_python(read)


def test_what_only_pydantic_takes_is_taken() -> None:
    """Events were always read by it, and it takes a number that was written as a word."""
    fields = {"section": "A", "attempt": "1", "text": "go on", "by": "me", "unknown": 1}
    assert decode_event("Steered", VERSION, fields) == decode_event("Steered", VERSION, {**fields, "attempt": 1})


@pytest.mark.parametrize("type_", sorted(EVENTS))
def test_fields_of_another_kind_are_damage(type_: str) -> None:
    fields = {field.name: object() for field in dataclasses.fields(EVENTS[type_])}
    if fields:
        with pytest.raises(DamageError, match=type_):
            decode_event(type_, VERSION, fields)
