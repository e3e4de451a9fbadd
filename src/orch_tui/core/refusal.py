"""Why a command is not carried out."""

from __future__ import annotations


class Refusal(Exception):
    """The reason why not, in words for a person; becomes CommandRefused."""
