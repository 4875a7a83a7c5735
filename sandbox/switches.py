"""Every answer that the platform's documents do not give, as a named switch with a default."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from sandbox.models import SwitchSetting


@dataclass(frozen=True, kw_only=True)
class Switch:
    name: str
    default: Any
    about: str
    choices: tuple[str, ...] = ()

    def read(self, value: object) -> Any:
        """Turn a form's text or a JSON value into this switch's kind; ValueError when it cannot be."""
        if isinstance(self.default, bool):
            if str(value).lower() not in ("true", "false", "on", ""):
                raise ValueError(f"{self.name} is true or false, not {value!r}")
            return str(value).lower() in ("true", "on")
        if self.choices and value not in self.choices:
            raise ValueError(f"{self.name} is one of {', '.join(self.choices)}, not {value!r}")
        return type(self.default)(str(value))


SWITCHES = (
    Switch(
        name="calls_per_minute", default=settings.CALLS_PER_MINUTE, about="Calls a sign-in may make in 60 s."
    ),
    Switch(name="delivery_seconds", default=1.0, about="How long a message travels to a phone."),
    Switch(
        name="template_review_seconds", default=0.0, about="Approve templates after this; 0 waits for you."
    ),
    Switch(name="clock_offset_seconds", default=0.0, about="How far the platform's clock is moved ahead."),
    Switch(
        name="duplicate_request_id",
        default="refuse",
        choices=("refuse", "empty_success"),
        about="A RequestId met before: 400, or 200 with no recipients.",
    ),
    Switch(name="content_limit", default=1000, about="Longest Content taken; 0 for no limit."),
    Switch(name="refuse_past_send_time", default=True, about="A SendDateTime in the past is a 400."),
    Switch(name="refuse_unknown_fields", default=True, about="A field the contract does not name is a 400."),
    Switch(
        name="bad_recipient",
        default="refuse",
        choices=("refuse", "skip"),
        about="One invalid address: refuse the call, or leave that address out.",
    ),
    Switch(
        name="duplicate_contact",
        default="refuse",
        choices=("refuse", "upsert"),
        about="Creating a phone that is there: 400, or update it.",
    ),
    Switch(
        name="unknown_contact",
        default="not_found",
        choices=("not_found", "false"),
        about="Updating or deleting an unknown phone: 404, or 200 false.",
    ),
    Switch(name="replace_on_update", default=True, about="A PUT clears fields it leaves out."),
    Switch(name="list_all_templates", default=False, about="List templates that are not approved too."),
    Switch(name="trigger_location", default=True, about="Send Location when a trigger is created."),
    Switch(name="access_token_seconds", default=3600, about="Life of an access token."),
    Switch(name="refresh_token_days", default=14, about="Life of a refresh token."),
    Switch(
        name="refresh_rotation",
        default="new",
        choices=("new", "same", "absent"),
        about="What a refresh returns: a new refresh token, the same one, or none.",
    ),
    Switch(name="reuse_revokes_family", default=False, about="A refresh token used twice ends its sign-in."),
    Switch(
        name="token_scope_reply",
        default="without_offline_access",
        choices=("without_offline_access", "full", "empty", "missing"),
        about="The scope a token reply names.",
    ),
    Switch(name="token_numbers_as_text", default=False, about="Numbers in token replies are strings."),
)
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
