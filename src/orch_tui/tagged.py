"""Unions of which each member names itself as data."""

from __future__ import annotations

from typing import Annotated, Any


class Tagged:
    """For the codec: which member of a union some data is, is said by the field `name` and never guessed.

    It is asked through pydantic's own protocol, so that whoever does not decode need not load pydantic.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """The schema of a union told apart by one field."""
        from pydantic import Discriminator

        return handler.generate_schema(Annotated[source, Discriminator(self._name)])
