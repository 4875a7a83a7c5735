"""What can go wrong with a call: a GatewayError of one of these kinds.

├── NotSent                it never left: safe to try again
│   ├── NotStarted             our own database failed before the call
│   ├── Unreachable            no connection, no name, no TLS
│   ├── NoToken                the sign-in service gave no access token for it
│   └── Unsendable             our own arguments are wrong: never tried again
├── Refused                SmartDialog said no, for good (4xx)
│   └── Unauthorized           401: the access token is not taken
├── Throttled              429: later, after `retry_after` seconds
├── ServerFault            5xx: SmartDialog failed; it may have taken the call
├── Unclear                it may have been taken
│   ├── NoAnswer               time ran out, or the connection broke, after the request left
│   └── Misunderstood          a success that does not say what the contract promises
├── Broken                 our own fault around a call, which may have been taken
└── GrantLost              the grant is dead: the person has to sign in again
    └── KeyMissing             or may live, but no key here opens it
"""


class GatewayError(Exception):
    """`text` is for the person: what happened and what to do next. str() is for the operator's log."""

    text = "SmartDialog could not be used just now. What you did is kept and will be tried again."

    @property
    def ledger_text(self) -> str:
        """What the ledger of calls keeps of it."""
        return str(self)

    @property
    def undecided_text(self) -> str:
        """`text` for a person who has to decide, as nothing is tried again by itself."""
        return self.text

    def __init__(self, detail: str = "", *, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class NotSent(GatewayError):
    pass


class NotStarted(NotSent):
    text = "This could not be started just now. It is kept and will be tried again."


class Unreachable(NotSent):
    text = "SmartDialog did not answer. What you did is kept and will go out when it does."


class NoToken(NotSent):
    text = (
        "SmartDialog’s sign-in service has a fault. What you did is kept and will go out when it is mended."
    )


class Unsendable(NotSent):
    """The call cannot be made as asked; `detail` says which value is wrong and what is allowed."""

    @property
    def text(self) -> str:  # type: ignore[override]
        return f"This could not be sent: {self.detail}"


class Refused(GatewayError):
    """A 4xx answer. `words` are the platform's own."""

    def __init__(self, words: str, *, status: int) -> None:
        super().__init__(f"{status} {words}", status=status)
        self.words = words

    @property
    def text(self) -> str:  # type: ignore[override]
        return (
            f"SmartDialog refused it: {self.words}"
            if self.words
            else "SmartDialog refused it without a reason."
        )

    @property
    def already_sent(self) -> bool:
        """The RequestId was taken on an earlier try: it is sent, and not to be sent again."""
        return self.status in {400, 409} and "duplicate request" in self.words.lower()


class Unauthorized(Refused):
    pass


class Throttled(GatewayError):
    text = "SmartDialog asked us to slow down. What you did is kept and goes on by itself."

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(detail, status=429)
        self.retry_after = retry_after


class ServerFault(GatewayError):
    text = "SmartDialog has a fault. What you did is kept and will be tried again."
    undecided_text = (
        "SmartDialog failed while it took this. It may have been sent; it is kept for you to decide."
    )


class OutcomeUnknown(GatewayError):
    text = "SmartDialog may have taken this, but its answer did not reach us. It is being checked."
    undecided_text = "SmartDialog may have taken this, but its answer did not reach us."


class NoAnswer(OutcomeUnknown):
    pass


class UnexpectedResponse(OutcomeUnknown):
    """`body` is the start of what came, for the operator."""

    text = "SmartDialog answered in a way we could not read. It may have taken this, and is asked again."
    undecided_text = "SmartDialog answered in a way we could not read. It may have taken this."

    def __init__(self, detail: str, *, status: int | None = None, body: str = "") -> None:
        super().__init__(detail, status=status)
        self.body = body

    @property
    def ledger_text(self) -> str:
        return f"{self}; it said: {self.body or 'nothing'}"


class InternalFault(GatewayError):
    text = (
        "Something went wrong here while this was sent. It may have been sent; it is kept for you to decide."
    )


class GrantLost(GatewayError):
    text = "Your SmartDialog sign-in has ended. Sign in again; nothing is lost, and it goes on from here."


class KeyMissing(GrantLost):
    text = (
        "Your SmartDialog sign-in cannot be opened here: its encryption key is missing. Ask an admin to put "
        "the key back, or sign in again; nothing is lost, and it goes on from here."
    )
