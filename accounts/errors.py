"""What a person is told instead of what they asked for."""


class UserError(Exception):
    """`text` says what happened and what to do next: each its own, or the same for all of a class."""

    text = ""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or self.text)
        self.text = text or self.text
