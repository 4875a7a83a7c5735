"""What can go wrong with a call: a GatewayError of one of these kinds.

├── NotSent                it never left: safe to try again
│   ├── NotStarted             our own database failed before the call
│   ├── Unreachable            no connection, no name, no TLS
│   ├── NoToken                the sign-in service gave no access token for it
│   ├── WrongSetting           nor will it before an admin has mended a setting of ours
│   └── Unsendable             our own arguments are wrong: never tried again
├── Refused                SmartDialog said no, for good (4xx)
│   └── Unauthorized           401: the access token is not taken
├── Throttled              429: later, after `retry_after` seconds
├── ServerFault            5xx: SmartDialog failed; it may have taken the call
├── OutcomeUnknown         it may have been taken
│   ├── NoAnswer               time ran out, or the connection broke, after the request left
│   └── UnexpectedResponse     a success that does not say what the contract promises
│       ├── OddShape               but JSON of another shape
│       └── SilentSuccess          or nothing at all
├── InternalFault          our own fault around a call, which may have been taken
└── GrantLost              the grant is dead: the person has to sign in again
    ├── KeyMissing             or may live, but no key here opens it
    └── NotRenewable           SmartDialog gave nothing to renew it by
"""

from gateway.reasons import TEXTS, Reason


class GatewayError(Exception):
    """`reason` is for the person: what happened and what to do next. str() is for the operator's log."""

    code = "kept"

    @property
    def reason(self) -> Reason:
        return Reason(self.code)

    @property
    def undecided_reason(self) -> Reason:
        """`reason` for a person who has to decide, as nothing is tried again by itself."""
        code = f"{self.code}_undecided"
        return Reason(code) if code in TEXTS else self.reason

    @property
    def text(self) -> str:
        return self.reason.text

    @property
    def ledger_text(self) -> str:
        """What the ledger of calls keeps of it."""
        return str(self)

    def __init__(self, detail: str = "", *, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class NotSent(GatewayError):
    pass


class NotStarted(NotSent):
    code = "not_started"


class Unreachable(NotSent):
    code = "unreachable"


class NoToken(NotSent):
    code = "no_token"


class WrongSetting(NotSent):
    """`setting` is the environment variable's name; `detail` what the sign-in service said."""

    code = "wrong_setting"

    def __init__(self, setting: str, detail: str) -> None:
        super().__init__(detail)
        self.setting = setting

    def __str__(self) -> str:
        return f"{self.setting}: {self.detail}"


class Unsendable(NotSent):
    """The call cannot be made as asked; `detail` says which value is wrong and what is allowed."""

    @property
    def reason(self) -> Reason:
        return Reason("unsendable", {"detail": self.detail})


class Refused(GatewayError):
    """A 4xx answer. `words` are the platform's own."""

    def __init__(self, words: str, *, status: int) -> None:
        super().__init__(f"{status} {words}", status=status)
        self.words = words

    @property
    def reason(self) -> Reason:
        return Reason("refused", {"words": self.words}) if self.words else Reason("refused_silently")

    @property
    def may_be_of_a_repeat(self) -> bool:
        """It may mean that the same was taken before. Words only make us careful: they prove nothing."""
        return self.status == 409 or "duplicate request" in self.words.lower()

    @property
    def undecided_reason(self) -> Reason:
        params = {"words": self.words} if self.words else {}
        return Reason("refused_repeat" if self.words else "refused_repeat_silently", params)


class Unauthorized(Refused):
    pass


class Throttled(GatewayError):
    code = "throttled"

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail, status=429)
        self.retry_after = retry_after


class ServerFault(GatewayError):
    """`retry_after`: seconds, where it said when to come again."""

    code = "server_fault"

    def __init__(
        self, detail: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail, status=status)
        self.retry_after = retry_after


class OutcomeUnknown(GatewayError):
    code = "no_answer"


class NoAnswer(OutcomeUnknown):
    pass


class UnexpectedResponse(OutcomeUnknown):
    """`body` is the start of what came, for the operator."""

    code = "unreadable"

    def __init__(self, detail: str, *, status: int | None = None, body: str = "") -> None:
        super().__init__(detail, status=status)
        self.body = body

    @property
    def ledger_text(self) -> str:
        return f"{self}; it said: {self.body or 'nothing'}"


class OddShape(UnexpectedResponse):
    """SmartDialog serves the call: asked again it says the same."""


class SilentSuccess(UnexpectedResponse):
    """A success without the body that the contract promises."""

    code = "silent"


class InternalFault(GatewayError):
    code = "internal_fault"


class GrantLost(GatewayError):
    code = "grant_lost"


class KeyMissing(GrantLost):
    code = "key_missing"


class NotRenewable(GrantLost):
    code = "not_renewable"
