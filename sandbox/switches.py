"""Every answer that the platform's documents do not give, as a named switch with a default."""

from typing import Any

from sandbox.assumptions import SWITCHES
from sandbox.models import SwitchSetting

BY_NAME = {switch.name: switch for switch in SWITCHES}


def get(name: str) -> Any:
    return current()[name]


def current() -> dict[str, Any]:
    """Every switch as it stands now; one query."""
    values = {switch.name: switch.default for switch in SWITCHES}
    values.update(SwitchSetting.objects.values_list("name", "value"))
    return values


def change(values: dict[str, object]) -> None:
    """Set the named switches; ValueError names an unknown switch or a wrong value, and sets none."""
    unknown = values.keys() - BY_NAME.keys()
    if unknown:
        raise ValueError(f"No such switch: {', '.join(sorted(unknown))}")
    read = {name: BY_NAME[name].read(value) for name, value in values.items()}
    for name, value in read.items():
        SwitchSetting.objects.update_or_create(name=name, defaults={"value": value})
