"""What may be in the way of what a person asks of a contact."""

from accounts.errors import UserError
from contacts.models import Contact

ERASED = (
    "This person asked to be erased, and was. If they want to come back, an admin can allow it "
    "in Settings, Erasure."
)


class EditConflict(UserError):
    """`text` tells the person why what they see is no longer so; `contact` is who is in the way, if known."""

    def __init__(self, text: str, contact: Contact | None = None) -> None:
        super().__init__(text)
        self.contact = contact
