"""Numbers to be pasted, or a file of them, for one campaign."""

from typing import Any

from contacts.importing.forms import NumbersUploadForm


class PeopleUploadForm(NumbersUploadForm):
    field_order = ["pasted", "file"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pasted, file = self.fields["pasted"], self.fields["file"]
        pasted.label, file.label = "Numbers", "Or a file"
        pasted.help_text = "One a line or separated by commas; or rows copied from a spreadsheet, with names."
