"""What a phase wants of an agent beside its result: a JSON Schema in a file, and whether an output is valid by it.

Schemas are 2020-12 unless they say otherwise, and stand by themselves: nothing that they refer to is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from orch_tui.clean import clean, one_line
from orch_tui.errors import ConfigError

LARGEST = 48 * 1024
"""Bytes of an output as JSON, and of a schema's file: both travel in what is written for each attempt."""
DEEPEST = 40
_MOST_SAID = 6
Schema = Mapping[str, Any]


class NotValid(ValueError):
    """An output that is none; the words say what is wrong with it."""


def read_schema(text: str, *, file: str) -> Schema:
    """The schema in a file's text. Raises ConfigError with file and line."""
    from jsonschema.exceptions import SchemaError  # pyright: ignore[reportMissingTypeStubs]

    if len(text.encode()) > LARGEST:
        raise ConfigError(f"{file}: the schema has more than {LARGEST} bytes")
    try:
        schema: object = json.loads(text)
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise ConfigError(f"{file}:{line}: {getattr(error, 'msg', error)}", hint="it has to be JSON") from error
    except RecursionError as error:
        raise ConfigError(f"{file}:1: it is nested too deeply") from error
    if not isinstance(schema, dict):
        raise ConfigError(f'{file}:1: a schema is an object, as in {{"type": "object"}}')
    said = cast("dict[str, Any]", schema)
    if _depth(said) > DEEPEST:
        raise ConfigError(f"{file}:1: it is nested more than {DEEPEST} levels deep")
    try:
        _kind(said).check_schema(said)
    except SchemaError as error:
        words = one_line(str(error.message), 300)
        raise ConfigError(f"{file}:{_line(text, error.absolute_path)}: it is no schema: {words}") from error
    for where, target in _references(said, ()):
        if not _there(said, target):
            line = _line(text, where)
            hint = "`#/$defs/name` of the same file"
            raise ConfigError(f"{file}:{line}: {one_line(target, 100)!r} is not in this schema", hint=hint)
    try:
        _errors(None, said)
    except NotValid as error:
        raise ConfigError(f"{file}:1: {error}") from error
    return said


def checked(output: object, schema: Schema) -> object:
    """An output by its schema, with nothing in it that a terminal obeys. Raises NotValid."""
    if _depth(output) > DEEPEST:
        raise NotValid(f"output is nested more than {DEEPEST} levels deep")
    try:
        size = len(json.dumps(output, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise NotValid(f"output is no JSON: {error}") from error
    if size > LARGEST:
        raise NotValid(f"output has {size} bytes as JSON, {LARGEST} at most")
    cleaned = _cleaned(output)
    if wrong := [_words(error) for error in _errors(cleaned, schema)]:
        more = f"; and {len(wrong) - _MOST_SAID} more" if len(wrong) > _MOST_SAID else ""
        raise NotValid("; ".join(wrong[:_MOST_SAID]) + more)
    return cleaned


def within(schema: Schema, at: str) -> dict[str, Any]:
    """The schema as a part of a larger one, at the pointer `at` ("#/properties/output"); its references move along."""
    body = {name: value for name, value in schema.items() if name not in {"$schema", "$id"}}
    return cast("dict[str, Any]", _moved(body, at))


def _moved(node: object, at: str) -> object:
    if isinstance(node, dict):
        said = cast("dict[str, object]", node)
        return {
            name: at + value[1:] if name == "$ref" and isinstance(value, str) else _moved(value, at)
            for name, value in said.items()
        }
    return [_moved(one, at) for one in cast("list[object]", node)] if isinstance(node, list) else node


def _kind(schema: Schema) -> Any:
    from jsonschema import Draft202012Validator  # pyright: ignore[reportMissingTypeStubs]
    from jsonschema.validators import validator_for  # pyright: ignore[reportMissingTypeStubs]

    return cast("Any", validator_for)(schema, default=Draft202012Validator)


def _errors(output: object, schema: Schema) -> list[Any]:
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    nothing: Registry[Any] = Registry()
    validator = _kind(schema)(schema, registry=nothing)
    try:
        return sorted(validator.iter_errors(output), key=lambda error: list(map(str, error.absolute_path)))
    except Unresolvable as error:
        raise NotValid(f"the schema refers to what it does not have: {one_line(str(error), 200)}") from error
    except RecursionError as error:
        raise NotValid("the schema refers to itself without end") from error


def _words(error: Any) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path)
    return one_line(f"output{path}: {error.message}", 300)


def _references(node: object, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every `$ref` of a schema, and where it stands."""
    if isinstance(node, dict):
        for name, value in cast("dict[str, object]", node).items():
            if name == "$ref" and isinstance(value, str):
                yield (*path, name), value
            else:
                yield from _references(value, (*path, name))
    elif isinstance(node, list):
        for at, one in enumerate(cast("list[object]", node)):
            yield from _references(one, (*path, at))


def _there(schema: Schema, target: str) -> bool:
    """Whether a pointer into the schema leads to something."""
    if not target.startswith("#/"):
        return target == "#"
    node: object = schema
    for part in target.removeprefix("#/").split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and name in node:
            node = cast("dict[str, object]", node)[name]
        elif isinstance(node, list) and name.isdecimal() and int(name) < len(cast("list[object]", node)):
            node = cast("list[object]", node)[int(name)]
        else:
            return False
    return True


def _depth(value: object) -> int:
    """How deep a value is nested, up to one level more than may be."""
    level: list[object] = [value]
    for depth in range(DEEPEST + 1):
        level = [one for node in level for one in _inside(node)]
        if not level:
            return depth
    return DEEPEST + 1


def _inside(node: object) -> Sequence[object]:
    if isinstance(node, dict):
        return list(cast("dict[str, object]", node).values())
    return cast("list[object]", node) if isinstance(node, (list, tuple)) else ()


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value, tab_size=0)
    if isinstance(value, dict):
        return {clean(str(name), tab_size=0): _cleaned(one) for name, one in cast("dict[str, object]", value).items()}
    return [_cleaned(one) for one in cast("list[object]", value)] if isinstance(value, (list, tuple)) else value


def _line(text: str, path: Sequence[str | int]) -> int:
    """The line on which the part of a JSON text stands that a path leads to; JSON is YAML, whose nodes know that."""
    import yaml

    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return 1
    line = 1
    for part in path:
        if isinstance(node, yaml.MappingNode):
            pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
            found = next(((key, value) for key, value in pairs if str(key.value) == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            items = cast("list[yaml.Node]", node.value)
            found = (items[part], items[part]) if part < len(items) else None
        else:
            found = None
        if found is None:
            return line
        line, node = found[0].start_mark.line + 1, found[1]
    return line
