"""Forms of an import: a file or pasted rows, how to read it, its regions, and what its columns are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.web.widgets import TextArea
from contacts.fields import (
    ACTIVE,
    FIELDS,
    MAX_PROPERTY_NAME_LENGTH,
    OTHER_PHONE,
    PHONE_BEGINNING,
    PROHIBITION,
    PROPERTY_PREFIX,
    WHOLE_NAMES,
    label,
)
from contacts.importing.columns import known_properties
from contacts.importing.columns.column_mapping import chosen_too_often
from contacts.importing.columns.header_rows import told_apart
from contacts.importing.files import refusals
from contacts.importing.files.file_kinds import MAX_FILE_BYTES
from contacts.importing.files.reading import LEAVE, MARKS, NO_HEADER, PLAIN, TAKE
from contacts.importing.files.text_files import DELIMITERS, ENCODINGS
from contacts.importing.import_lifecycle import Upload
from contacts.models import Import
from contacts.models.sniffed_file import SniffedFile
from contacts.text.excel import MAX_ROWS
from contacts.text.regions import region_names
from contacts.text.several_numbers import one_a_line
from contacts.text.values import clean_text

_OF_TEXT, _OF_WORKBOOKS = ("encoding", "delimiter", "quotes"), ("sheet", "hidden")
MAX_FILE_MB = MAX_FILE_BYTES // 1024**2
_UNANSWERED = "?"  # of a column that may tell consent: nothing is taken before a person says what it is
_ASKED = [(_UNANSWERED, "Choose: permission, prohibition or neither")]
MOST_REGIONS = 3
MAX_PASTED_CHARS = 2_000_000  # characters: some 20,000 rows


class UploadForm(forms.Form):
    """A file, or rows that were copied out of a spreadsheet."""

    file = forms.FileField(
        label="Spreadsheet",
        help_text=f"CSV, Excel (.xlsx, .xls), OpenDocument (.ods) or vCard (.vcf), up to {MAX_FILE_MB} MB.",
        allow_empty_file=True,
        max_length=None,
        required=False,
        widget=forms.FileInput(
            attrs={
                "accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.vcf",
                "data-max-bytes": MAX_FILE_BYTES,
                "data-max-bytes-message": refusals.too_large(f"the most is {MAX_FILE_MB} MB").words,
            }
        ),
    )
    pasted = forms.CharField(
        label="Pasted rows",
        help_text="Copy them in Excel or Google Sheets, with the row that names the columns.",
        max_length=MAX_PASTED_CHARS,
        required=False,
        strip=False,
        widget=TextArea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = [name for name in ("file", "pasted") if self._is_given(name)]
        if not chosen and not self.errors:
            self.add_error("file", "Choose a file, or paste rows below.")
        if len(chosen) > 1:
            self.add_error("pasted", "There are a file and pasted rows. Take one of them away.")
        return cleaned

    def source(self) -> str:
        """The field that holds what is to be imported."""
        return "file" if self._is_given("file") else "pasted"

    def upload(self) -> Upload:
        if file := self.cleaned_data["file"]:
            return Upload(file.name, file.chunks())
        return Upload("Pasted rows", [self.cleaned_data["pasted"].encode()])

    def _is_given(self, name: str) -> bool:
        given = self.cleaned_data.get(name)
        return given is not None and (name == "file" or bool(str(given).strip()))


class NumbersUploadForm(UploadForm):
    """Numbers alone, however they are separated; or rows with columns."""

    def upload(self) -> Upload:
        if self.source() == "pasted":
            return Upload("Pasted numbers", [one_a_line(self.cleaned_data["pasted"]).encode()])
        return super().upload()


class ReadingForm(forms.Form):
    """How a file is to be read, when what was found is wrong, or asked."""

    encoding = forms.ChoiceField(choices=list(ENCODINGS.items()), label="Text encoding")
    delimiter = forms.ChoiceField(choices=list(DELIMITERS.items()), label="Separator")
    quotes = forms.ChoiceField(
        choices=[(MARKS, "Marks"), (PLAIN, "Plain characters")], label="Quotation marks"
    )
    sheet = forms.ChoiceField(label="Sheet")
    hidden = forms.ChoiceField(choices=[(LEAVE, "Leave out"), (TAKE, "Import, too")], label="Hidden rows")
    header_row = forms.IntegerField(
        min_value=NO_HEADER,
        max_value=MAX_ROWS,
        label="Row with column names (0: none)",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, job: SniffedFile) -> None:
        super().__init__(data, initial={name: getattr(job, name) for name in self.base_fields})
        self.job = job
        is_text = bool(job.encoding)
        for name in _OF_WORKBOOKS if is_text else _OF_TEXT:
            del self.fields[name]
        if "quotes" in self.fields and "quotes" not in {*job.answered, *self._asked()}:
            del self.fields["quotes"]
        if not any(job.sheets):  # an address book has no sheet
            self.fields.pop("hidden", None)
        if len(job.sheets) < 2:
            self.fields.pop("sheet", None)
        if isinstance(sheet := self.fields.get("sheet"), forms.ChoiceField):
            sheet.choices = [(name, name) for name in job.sheets]

    def choices(self) -> dict[str, str | int]:
        """What differs from how the file is read, and what was asked."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name in self._asked() or value != getattr(self.job, name)
        }

    def _asked(self) -> set[str]:
        return {question["about"] for question in self.job.questions}


class RegionsForm(forms.Form):
    """Up to three phone regions, tried in order for numbers without a country code."""

    def __init__(self, *args: Any, regions: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [*regions, *[""] * MOST_REGIONS]
        labels = ["Numbers without a country code are in", "Then try", "Then try"]
        for number, words in enumerate(labels):
            self.fields[f"region_{number}"] = forms.ChoiceField(
                choices=[*([("", "–")] if number else []), *region_names().items()],
                required=number == 0,
                label=words,
                initial=chosen[number],
            )

    def regions(self) -> list[str]:
        chosen = [self.cleaned_data[f"region_{number}"] for number in range(MOST_REGIONS)]
        return list(dict.fromkeys(filter(None, chosen)))


class ColumnsOfFileForm(RegionsForm):
    """A target for each column of a file. `properties`: custom ones that are offered for each.

    A column that may tell who gets messages, and is not surely understood, has none until somebody says it.
    """

    def __init__(self, *args: Any, job: SniffedFile, properties: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, regions=job.regions, **kwargs)
        self.job = job
        names = told_apart(job.header)
        asked = {each["column"] for each in job.questions if "column" in each}
        for column, (header, target) in enumerate(zip(job.header, job.mapping, strict=True)):
            called = names[column] or f"Column {column + 1}"
            self.fields[f"column_{column}"] = forms.ChoiceField(
                choices=[*(_ASKED if column in asked else []), *_choices(header, target, properties)],
                required=False,
                label=called,
                initial=_UNANSWERED if column in asked else target,
            )
            self.fields[f"name_{column}"] = forms.CharField(
                max_length=MAX_PROPERTY_NAME_LENGTH,
                required=False,
                label=f"Name of the property for {called}",
                widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "Name of the property"}),
            )

    def mapping(self) -> list[str]:
        return [self._target(column) for column in range(len(self.job.header))]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        mapping = self.mapping()
        for question in self.job.questions:
            if not question["guess"] and question["about"] not in {"phone_column", "consent"}:
                self.add_error(None, f"Answer first: {question['words']}")
        if "phone" not in mapping:
            self.add_error(None, "Choose the column that holds the phone numbers.")
        for column, target in enumerate(mapping):
            if target == _UNANSWERED:
                self.add_error(f"column_{column}", "Say if it is a permission, a prohibition or neither.")
            if target == PROPERTY_PREFIX:
                self.add_error(f"name_{column}", "Name this property, or choose another for its column.")
        for target, times in chosen_too_often(mapping).items():
            if target not in {PROPERTY_PREFIX, _UNANSWERED}:
                self.add_error(None, f"{label(target)} is chosen for {times} columns. Choose it once.")
        return self.cleaned_data

    def columns(self) -> list[dict[str, Any]]:
        """For the page: each column's field, the name of a new property, and three different cells of it."""
        return [
            {
                "field": self[f"column_{column}"],
                "name": self[f"name_{column}"],
                "samples": _samples(self.job.samples, column),
            }
            for column in range(len(self.job.header))
        ]

    def _target(self, column: int) -> str:
        target = self.cleaned_data[f"column_{column}"]
        named = " ".join(clean_text(self.cleaned_data.get(f"name_{column}", "")).split())
        return f"{PROPERTY_PREFIX}{named}" if target == PROPERTY_PREFIX else target


class ColumnsForm(ColumnsOfFileForm):
    """Of an import: what its blank cells mean, too."""

    blank_clears = forms.BooleanField(
        required=False,
        label="Blank cells clear what is there",
        help_text="Otherwise a blank cell changes nothing.",
    )

    def __init__(self, *args: Any, job: Import, **kwargs: Any) -> None:
        properties = known_properties.properties_of_group(job.group)
        super().__init__(*args, job=job, properties=properties, **kwargs)
        self.fields["blank_clears"].initial = job.blank_clears


def _choices(header: str, target: str, properties: Sequence[str]) -> list[tuple[str, str]]:
    """PROPERTY alone is one that is named beside."""
    own = [target] if target.startswith(PROPERTY_PREFIX) else []
    of_header = f"{PROPERTY_PREFIX}{clean_text(header)[:MAX_PROPERTY_NAME_LENGTH]}"
    known_ones = [f"{PROPERTY_PREFIX}{name}" for name in properties]
    offered = [each for each in dict.fromkeys([*own, of_header, *known_ones]) if each != PROPERTY_PREFIX]
    return [
        ("", "Leave out"),
        *((field.name, field.label) for field in FIELDS),
        (OTHER_PHONE, label(OTHER_PHONE)),
        (PHONE_BEGINNING, label(PHONE_BEGINNING)),
        *WHOLE_NAMES.items(),
        (ACTIVE, "Consent: permission"),
        (PROHIBITION, "Consent: prohibition"),
        *((each, f"Custom property “{label(each)}”") for each in offered),
        (PROPERTY_PREFIX, "Custom property with another name"),
    ]


def _samples(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    filled = [row[column] for row in rows if column < len(row) and row[column].strip()]
    return list(dict.fromkeys(filled))[:3]
