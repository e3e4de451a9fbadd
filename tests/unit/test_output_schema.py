"""The schema of an output: read with file and line for what is wrong, and what is valid by it."""

from __future__ import annotations

import pytest

from orch_tui.errors import ConfigError
from orch_tui.output_schema import DEEPEST, LARGEST, NotValid, checked, read_schema, within


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "s.json:1: Expecting property name"),
        ('{\n  "type": "object",\n}', "s.json:3: "),
        ("[]", "s.json:1: a schema is an object"),
        ('{\n  "properties": {\n    "a": {"type": "strnig"}\n  }\n}', "s.json:3: it is no schema: 'strnig'"),
        ('{\n "$defs": {"a": {}},\n "items": {"$ref": "#/$defs/b"}}', "s.json:3: '#/$defs/b' is not in this schema"),
        ('{"items": {"$ref": "http://127.0.0.1:9/s.json"}}', "is not in this schema"),
        ('{"$ref": "#"}', "refers to itself without end"),
        ('{"title": "' + "x" * LARGEST + '"}', "bytes"),
        ('{"items":' * 60 + "{}" + "}" * 60, "levels deep"),
    ],
)
def test_what_is_no_schema_is_told_with_file_and_line(text: str, told: str):
    with pytest.raises(ConfigError) as error:
        read_schema(text, file="s.json")
    assert told in error.value.line()


def test_a_schema_may_refer_to_itself_where_that_ends():
    schema = read_schema('{"type": "object", "properties": {"next": {"$ref": "#"}}}', file="s.json")
    assert checked({"next": {"next": {}}}, schema) == {"next": {"next": {}}}
    with pytest.raises(NotValid, match=r"output\.next\.next: 7 is not of type 'object'"):
        checked({"next": {"next": 7}}, schema)
    assert within(schema, "#/properties/output")["properties"]["next"] == {"$ref": "#/properties/output"}


def test_what_is_wrong_with_an_output_is_said_in_part():
    schema = read_schema('{"items": {"type": "string"}}', file="s.json")
    with pytest.raises(NotValid, match=r"output\[0\]: 0 is not of type 'string'.*; and 4 more"):
        checked(list(range(10)), schema)


def test_an_output_is_not_nested_without_end():
    deep: list[object] = []
    for _ in range(DEEPEST + 5):
        deep = [deep]
    with pytest.raises(NotValid, match="levels deep"):
        checked(deep, {})
