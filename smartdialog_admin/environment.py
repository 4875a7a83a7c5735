"""Typed readers of environment variables that stop start-up with an instruction."""

import os
from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable, or the first line of the file that NAME_FILE names; no default makes it required."""
    value = os.environ.get(name) or _from_file(name) or default
    if value is None:
        raise ImproperlyConfigured(
            f"{name} is not set. Set it in the environment (bin/run does this for a local run), "
            f"or put its value in a file and name that file in {name}_FILE."
        )
    return value


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "1", "true", "yes", "on", "0", "false", "no", "off"}:
        return default if not value else value in {"1", "true", "yes", "on"}
    raise ImproperlyConfigured(f"{name} is {value!r}. Use true or false.")


def number(name: str, default: int, *, lowest: int = 1) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdigit() or int(value) < lowest:
        raise ImproperlyConfigured(f"{name} is {value!r}. Use a whole number, {lowest} or more.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name, "").strip().lower() or default
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}. Use one of {', '.join(choices)}.")
    return value


def networks(name: str) -> list[str]:
    """A comma-separated list of addresses and networks: `10.0.0.5,10.1.0.0/16`."""
    found = words(name)
    for word in found:
        try:
            ip_network(word, strict=False)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} has {word!r}. Use addresses or networks, such as 10.0.0.5 or 10.1.0.0/16."
            ) from error
    return found


def aliases(name: str, known: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Other names for what we know: `status=tila,state address=to` is two for status and one for address."""
    found: dict[str, tuple[str, ...]] = {}
    for part in os.environ.get(name, "").split():
        ours, _, theirs = part.partition("=")
        if ours not in known or not theirs:
            raise ImproperlyConfigured(
                f"{name} has {part!r}. Write OURS=THEIRS with spaces between, OURS of {', '.join(known)}."
            )
        found[ours] = tuple(word for word in theirs.split(",") if word)
    return found


def _from_file(name: str) -> str | None:
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return None
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
        ) from error
