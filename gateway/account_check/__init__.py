"""Trying a SmartDialog account for the first time: every operation that may be called, one line each."""

from gateway.account_check.advice import ADVICE
from gateway.account_check.checker import StepResult, StepState
from gateway.account_check.read_steps import CheckOptions
from gateway.account_check.runner import run_check
