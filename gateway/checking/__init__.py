"""Trying a SmartDialog account for the first time: every operation that may be called, one line each."""

from gateway.checking.advice import ADVICE
from gateway.checking.checker import Line, State
from gateway.checking.course import course
from gateway.checking.reading import Options

__all__ = ["ADVICE", "Line", "Options", "State", "course"]
