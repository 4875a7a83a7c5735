"""Why a call waits, failed or ended as it did: a code with what varies, and here the words for people."""

from dataclasses import dataclass, field
from typing import Any

TEXTS = {
    "": "",
    "told": "{text}",  # as it was told before there were codes
    # of an error
    "kept": "SmartDialog could not be used just now. What you did is kept and will be tried again.",
    "not_started": "This could not be started just now. It is kept and will be tried again.",
    "unreachable": "SmartDialog did not answer. What you did is kept and will go out when it does.",
    "no_token": (
        "SmartDialog’s sign-in service has a fault. What you did is kept and will go out when it is mended."
    ),
    "wrong_setting": (
        "SmartDialog does not take this dashboard’s own sign-in. An admin has to mend a setting of it. What "
        "you did is kept, and goes on by itself then."
    ),
    "unsendable": "This could not be sent: {detail}",
    "refused": "SmartDialog refused it: {words}",
    "refused_silently": "SmartDialog refused it without a reason.",
    "refused_repeat": (
        "SmartDialog may have taken this on an earlier try, and refused it when it was asked again: {words}"
    ),
    "refused_repeat_silently": (
        "SmartDialog may have taken this on an earlier try, and refused it when it was asked again."
    ),
    "throttled": "SmartDialog asked us to slow down. What you did is kept and goes on by itself.",
    "server_fault": "SmartDialog has a fault. What you did is kept and will be tried again.",
    "server_fault_undecided": (
        "SmartDialog failed while it took this. It may have been sent; it is kept for you to decide."
    ),
    "no_answer": "SmartDialog may have taken this, but its answer did not reach us. It is being checked.",
    "no_answer_undecided": "SmartDialog may have taken this, but its answer did not reach us.",
    "unreadable": (
        "SmartDialog answered in a way we could not read. It may have taken this, and is asked again."
    ),
    "unreadable_undecided": "SmartDialog answered in a way we could not read. It may have taken this.",
    "silent": "SmartDialog answered without a word. It may have taken this, and is asked again.",
    "silent_undecided": "SmartDialog answered without a word. It may have taken this.",
    "no_answer_read": "SmartDialog’s answer did not reach us. It is asked again.",
    "unreadable_read": "SmartDialog answered in a way we could not read. It is asked again.",
    "silent_read": "SmartDialog answered without a word. It is asked again.",
    "internal_fault_read": (
        "Something went wrong here while SmartDialog’s answer was read. Nothing was changed there."
    ),
    "internal_fault": (
        "Something went wrong here while this was sent. It may have been sent; it is kept for you to decide."
    ),
    "grant_lost": (
        "Your SmartDialog sign-in has ended. Sign in again; nothing is lost, and it goes on from here."
    ),
    "not_renewable": (
        "Your SmartDialog sign-in has ended: SmartDialog lets you stay signed in for a short time only. Sign "
        "in again; nothing is lost, and it goes on from here."
    ),
    "key_missing": (
        "Your SmartDialog sign-in cannot be opened here: its encryption key is missing. Ask an admin to put "
        "the key back, or sign in again; nothing is lost, and it goes on from here."
    ),
    # of a worker that died, or was late
    "abandoned": "Sending stopped midway. It may have been sent.",
    "abandoned_checking": "Sending stopped midway. It is being checked whether SmartDialog has it.",
    "given_up": "It may have been sent. It is not tried again, as what it belongs to was cancelled.",
    "request_id_expired": (
        "It may have been sent six days ago or more. SmartDialog no longer surely knows it as the same, "
        "so sending it again could be a second message."
    ),
    # of a handler that made something of the answer
    "accepted_earlier": "Accepted on an earlier try.",
    "reported": "A delivery report says that SmartDialog took it.",
    "split": "SmartDialog refused it in one call. It goes on in smaller ones.",
    "absent": "SmartDialog does not have the contact.",
    "not_found": "SmartDialog did not find the contact.",
    "gone_already": "It was gone at SmartDialog already.",
    "followed_up": "Carried on with another call.",
}


@dataclass(frozen=True)
class Reason:
    code: str = ""
    params: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return TEXTS[self.code].format(**self.params)

    @property
    def of_a_read(self) -> "Reason":
        """A call that only reads sends nothing, so nothing may have been taken."""
        code = f"{self.code}_read"
        return Reason(code, self.params) if code in TEXTS else self

    @property
    def fields(self) -> dict[str, Any]:
        """As an operation keeps it."""
        return {
            "reason": self.code,
            "reason_params": {name: value[:500] for name, value in self.params.items()},
        }

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": self.params}

    @classmethod
    def from_json(cls, data: str | dict[str, Any]) -> "Reason":
        """A payload of before the codes has its words."""
        return cls("told", {"text": data}) if isinstance(data, str) else cls(**data)
