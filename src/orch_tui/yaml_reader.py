"""YAML that people write by hand, read node by node: every value is checked, and what is wrong is told with its line.

No tags, size and depth are limited, aliases may not multiply: such a file is looked at before it is trusted.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from orch_tui.errors import ConfigError

if TYPE_CHECKING:
    import yaml

DEAREST = 100_000.0
"""US dollars: a budget above it is a slip of the finger."""
_DEEPEST = 20
_MOST_VALUES = 10_000


class YamlReader:
    """Reads one file by its YAML nodes, because they know their lines. `name` is the file's, for messages.

    Every method raises ConfigError, `file:line: what is wrong`.
    """

    def __init__(self, name: str) -> None:
        import yaml

        self._name = name
        self._values = 0
        self._loader = yaml.SafeLoader("")

    def root(self, content: bytes | str) -> yaml.Node | None:
        """The file's top node; None when it says nothing."""
        import yaml

        try:
            node = yaml.compose(content, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, RecursionError) as error:
            mark: yaml.Mark | None = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or str(error).splitlines()[0]
            raise self.wrong(problem, mark.line if mark else 0, hint="it has to be YAML") from error
        return None if node is None or node.tag.endswith(":null") else node

    def fields(
        self, node: yaml.Node, checks: Mapping[str, Callable[[yaml.Node], Any]], *, what: str = "settings"
    ) -> dict[str, Any]:
        """What a mapping says, each value by the check of its name; unknown names and those set twice are wrong."""
        found: dict[str, Any] = {}
        for key, value in self.pairs(node, what):
            name = str(key.value)
            if name not in checks:
                near = difflib.get_close_matches(name, checks, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(checks)}"
                raise self.wrong(f"unknown setting {name!r}", key.start_mark.line, hint=hint)
            if name in found:
                raise self.wrong(f"{name!r} is set twice", key.start_mark.line)
            found[name] = checks[name](value)
        return found

    def text(self, node: yaml.Node) -> str:
        """A word or more."""
        value = self.value(node)
        if not isinstance(value, str):
            raise self.wrong(f"expected a word, got {value!r}", node.start_mark.line, hint="put it in quotes")
        return value

    def word(self, node: yaml.Node) -> str:
        """A word as it is written: `yes` is no truth value here, and 1 no number."""
        import yaml

        if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
            raise self.wrong("expected a word", node.start_mark.line)
        return str(node.value)

    def number(self, node: yaml.Node, least: float, most: float) -> float:
        """A number from `least` to `most`."""
        value = self.value(node)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.wrong(f"expected a number from {least:g} to {most:g}, got {value!r}", node.start_mark.line)
        return value

    def dollars(self, node: yaml.Node) -> float:
        """A budget in US dollars."""
        return float(self.number(node, 0.0001, DEAREST))

    def yes(self, node: yaml.Node) -> bool:
        """True or false."""
        value = self.value(node)
        if not isinstance(value, bool):
            raise self.wrong(f"expected true or false, got {value!r}", node.start_mark.line)
        return value

    def whole(self, node: yaml.Node, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.number(node, least, most)
        if not isinstance(value, int):
            raise self.wrong(f"expected a whole number, got {value!r}", node.start_mark.line)
        return value

    def texts(self, node: yaml.Node, what: str = "a list of words", *, hint: str = "") -> tuple[str, ...]:
        """A list of words; `hint` shows one."""
        import yaml

        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(f"expected {what}", node.start_mark.line, hint=hint)
        return tuple(self.text(item) for item in cast("Sequence[yaml.Node]", node.value))

    def one_of(self, node: yaml.Node, words: Sequence[str], what: str) -> str:
        """One of `words`."""
        value = self.value(node)
        if value not in words:
            allowed = " or ".join(repr(word) for word in words)
            raise self.wrong(f"{what} cannot be {value!r}", node.start_mark.line, hint=f"use {allowed}")
        return str(value)

    def pairs(self, node: yaml.Node, what: str) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """Names and values of a mapping."""
        import yaml

        if not isinstance(node, yaml.MappingNode):
            raise self.wrong(f"expected {what} as 'name: value'", node.start_mark.line)
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        for key, _ in pairs:
            if not isinstance(key, yaml.ScalarNode):
                raise self.wrong("a name has to be a word", key.start_mark.line)
        return cast("list[tuple[yaml.ScalarNode, yaml.Node]]", pairs)

    def value(self, node: yaml.Node, depth: int = 0) -> object:
        """The plain value of a node. Aliases may multiply, or refer to what is above them: both is limited."""
        import yaml

        self._values += 1
        if depth > _DEEPEST or self._values > _MOST_VALUES:
            raise self.wrong("too many values, or nested too deeply", node.start_mark.line)
        if isinstance(node, yaml.MappingNode):
            return {str(key.value): self.value(value, depth + 1) for key, value in self.pairs(node, "settings")}
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in cast("list[yaml.Node]", node.value)]
        try:
            return self._loader.construct_object(node)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        except (yaml.YAMLError, ValueError) as error:
            raise self.wrong(f"cannot read {node.value!r}", node.start_mark.line) from error

    def wrong(self, message: str, line: int, *, hint: str = "") -> ConfigError:
        """What to raise: `line` counts from 0, as YAML's marks do."""
        return ConfigError(f"{self._name}:{line + 1}: {message}", hint=hint)
