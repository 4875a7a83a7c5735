"""An application asked without a server: what comes in is given, what goes out is kept."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

GONE = {"type": "http.disconnect"}


@dataclass
class Call:
    """`parts` of a body come at once; then nothing more ever does, or `last`."""

    path: str = "/"
    parts: Iterable[bytes] = ()
    headers: dict[str, str] = field(default_factory=dict)
    last: Any = None
    sent: list[Any] = field(default_factory=list)

    def ask(self, app: Any) -> "Call":
        asyncio.run(self.asked(app))
        return self

    async def asked(self, app: Any) -> None:
        await app(self.scope, self.receive, self.send)

    @property
    def scope(self) -> dict[str, Any]:
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        return {
            "type": "http",
            "method": "POST",
            "path": self.path,
            "headers": headers,
            "client": ("192.0.2.1", 5),
        }

    async def receive(self) -> Any:
        self.parts = iter(self.parts)
        if (part := next(self.parts, None)) is not None:
            return {"type": "http.request", "body": part, "more_body": part != b""}
        if self.last is None:
            await asyncio.Event().wait()
        return self.last

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return self.sent[0]["status"] if self.sent else 0

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)
