"""The registry, as the floors above know it: see accounts.registry."""

from accounts.registry import Registry

__all__ = ["Registry"]
