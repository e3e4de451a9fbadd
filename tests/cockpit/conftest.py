"""Fixtures of the cockpit's tests."""

from conftest_cockpit import lay, running

__all__ = ["lay", "running"]
