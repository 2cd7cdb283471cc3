"""Headroom and verdicts under the ceilings of a conventional-arms agreement."""

__version__ = "0.1.0"
