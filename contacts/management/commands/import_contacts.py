"""Import a file into a group, with a progress bar: what the pages do, from a command line."""

import codecs
import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from accounts.wording.quantities import counted, duration
from contacts.fields import ACTIVE, NAMES, PROHIBITION, WHOLE_NAMES
from contacts.importing import headless_import, rejects
from contacts.importing.files.reading import LEAVE, MARKS, NO_HEADER, PLAIN, TAKE
from contacts.importing.files.refusals import FileRefused
from contacts.importing.files.text_files import ENCODINGS
from contacts.importing.headless_import import IGNORE, PROPERTY, Asks, Choices, CommandFailed, Outcome
from contacts.importing.look_choice import YES_OR_NO, look_choice
from contacts.importing.value_decisions import Decisions
from contacts.models import Import, ImportState
from contacts.text.consent_words import NO, YES
from contacts.text.regions import region_names
from gateway import outbox

BAR = 30  # characters
_TARGETS = {name: name for name in (*NAMES, ACTIVE, *WHOLE_NAMES, IGNORE, PROPERTY)}
_MANY: dict[str, Any] = {"action": "append", "default": []}
_CONSENTS = {"yes": ACTIVE, "no": PROHIBITION, "ignore": IGNORE}

# Of argparse; what takes a text is empty where it is not said.
_OPTIONS: dict[str, dict[str, Any]] = {
    "--customer": {"required": True, "metavar": "ID"},
    "--group": {"required": True, "metavar": "ID"},
    "--user": {"help": "who imports: a username, an e-mail, or a name’s beginning"},
    "--region": {"metavar": "FI,SE", "help": "of numbers without a country code"},
    "--unclear": {"default": LEAVE, "metavar": "leave|REGION", "help": "numbers with two readings"},
    "--phone-column": {"metavar": "HEADER"},
    "--header-row": {"metavar": "N|none"},
    "--sheet": {},
    "--encoding": {},
    "--delimiter": {"help": "one character, or tab"},
    "--quotes": {"choices": ["", MARKS, PLAIN]},
    "--hidden": {"choices": ["", LEAVE, TAKE], "help": "rows that a filter hides"},
    "--map": {**_MANY, "metavar": "HEADER=FIELD", "help": "a field, property or ignore"},
    "--consent": {**_MANY, "metavar": "HEADER=yes|no|ignore", "help": "says who gets messages"},
    "--blank-consent": {
        "default": LEAVE,
        "choices": [LEAVE, YES, NO],
        "help": "what it means that a cell which tells who gets messages is empty",
    },
    "--shared": {
        "choices": ["", *YES_OR_NO],
        "help": "whether others have put people into the group, so that it is looked first who is there",
    },
    "--rows": {"type": Path, "metavar": "OUT.jsonl", "help": "write what each row is, as JSON"},
    "--dry-run": {"action": "store_true", "help": "compare only, and keep nothing"},
    "--rejects": {"type": Path, "metavar": "OUT.csv", "help": "write the rows that are not taken"},
    "--json": {"action": "store_true", "help": "one JSON object instead of words"},
}


class Command(BaseCommand):
    help = (
        "Import a spreadsheet, a text file or an address book into a group. Exit code: 0 all rows taken, "
        "1 some not, 2 the file was refused, or it has to be said how to read it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        for option, how in _OPTIONS.items():
            is_text = "action" not in how and "type" not in how
            parser.add_argument(option, **({"default": ""} if is_text else {}) | how)

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            outcome = self._import(began, **options)
        except Asks as asks:
            words = "\n".join(f"{each['about']}: {each['words']}" for each in asks.questions)
            outcome = Outcome(outcome="asks", questions=asks.questions, words=words)
        except (FileRefused, CommandFailed) as refusal:
            seconds = round(time.monotonic() - began, 2)
            outcome = Outcome(outcome="rejected", reason=refusal.code, words=refusal.words, seconds=seconds)
        self._tell(outcome, as_json=options["json"])
        if outcome.exit_code:
            sys.exit(outcome.exit_code)

    def _import(self, began: float, **options: Any) -> Outcome:
        group = headless_import.group_of(options["customer"], options["group"])
        person = headless_import.person_for(group.customer, options["user"])
        bar = _Bar(sys.stderr if sys.stderr.isatty() else None)
        choices = choices_of(options)
        for option in ("rows", "rejects"):
            _try_to_write(f"--{option}", options[option])
        job = headless_import.upload(_file(options["file"]), group, person)
        try:
            headless_import.begin(job, choices, is_remembered=not options["dry_run"])
        except BaseException:
            headless_import.forget(job)
            raise
        try:
            headless_import.check(job, bar.draw)
            _write(job, rows=options["rows"], rejected=options["rejects"])
            is_shared = YES_OR_NO.get(options["shared"])
            if not options["json"]:
                self.stderr.write(look_words(job, is_shared), ending="")
            if not options["dry_run"]:
                headless_import.save(job, person, bar.draw, is_shared=is_shared)
            return headless_import.outcome_of(job, time.monotonic() - began)
        finally:
            bar.end()
            if options["dry_run"]:
                headless_import.forget(job)

    def _tell(self, outcome: Outcome, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json()))
        elif outcome.words:
            self.stderr.write(outcome.words)
        else:
            said = outcome.as_json()
            kinds = ("new", "changed", "unchanged", "duplicates", "unclear", "invalid", "opted_out", "hidden")
            counts = ", ".join(f"{said[kind]:,} {kind.replace('_', ' ')}" for kind in kinds)
            self.stdout.write(f"{outcome.rows:,} rows in {outcome.seconds:g} s: {counts}")


def look_words(job: Import, is_shared: bool | None) -> str:
    """What it costs to look first who is there, before anything is saved; "" where that is not done."""
    look = look_choice(job)
    if look is None or not (look.is_first if is_shared is None else is_shared):
        return ""
    cost = f"{counted(look.calls_first, 'call')}, {duration(outbox.seconds_for(look.calls_first))}"
    return f"Each new number is looked up first: at most {cost}. With --shared no it is not.\n"


def _try_to_write(option: str, path: Path | None) -> None:
    """Before anything is done with the file; what is there stays."""
    if path is None:
        return
    is_new = not path.exists()
    try:
        path.open("a").close()
    except OSError as error:
        words = f"{option}: {path} cannot be written: {error.strerror}."
        raise CommandFailed("cannot_write", words) from error
    if is_new:
        path.unlink()


def _write(job: Import, *, rows: Path | None, rejected: Path | None) -> None:
    """What each row is, and the rows that are not taken; where that fails after all, nothing is kept."""
    try:
        if rows:
            with rows.open("w", encoding="utf-8") as file:
                file.writelines(headless_import.row_lines(job))
        if rejected:
            rejected.write_text("".join(rejects.rejected_lines(job)), encoding="utf-8")
    except OSError as error:
        headless_import.forget(job)
        words = f"{error.filename or rows or rejected} cannot be written: {error.strerror}."
        raise CommandFailed("cannot_write", words) from error


def choices_of(options: dict[str, Any]) -> Choices:
    """Raises CommandFailed where an option cannot be understood."""
    columns = _pairs("--map", options["map"], _TARGETS)
    columns |= _pairs("--consent", options["consent"], _CONSENTS)
    columns |= {options["phone_column"]: "phone"} if options["phone_column"] else {}
    reading: dict[str, str | int] = {
        name: value for name in ("sheet", "quotes", "hidden") if (value := options[name])
    }
    if options["encoding"]:
        reading["encoding"] = _encoding(options["encoding"])
    if options["delimiter"]:
        reading["delimiter"] = _delimiter(options["delimiter"])
    if options["header_row"]:
        reading["header_row"] = _header_row(options["header_row"])
    return Choices(
        regions=_regions(options["region"]),
        decisions=_decisions(options),
        columns=columns,
        reading=reading,
    )


def _decisions(options: dict[str, Any]) -> Decisions:
    unclear, blank = options["unclear"], options["blank_consent"]
    regions = [""] if unclear == LEAVE else _regions(unclear)
    if len(regions) != 1:
        raise CommandFailed("unclear", f"--unclear is {LEAVE} or one region, such as FI, not {unclear}.")
    return Decisions(region=regions[0], blank_consent="" if blank == LEAVE else blank)


def _encoding(text: str) -> str:
    """By any of its names; what begins UTF-8 is left out whatever it is called."""
    known = {codecs.lookup(each).name: each for each in ENCODINGS} | {"utf-8-sig": "utf-8"}
    try:
        return known[codecs.lookup(text).name]
    except LookupError as error:
        words = f"--encoding is one of {', '.join(ENCODINGS)}, not {text}."
        raise CommandFailed("encoding", words) from error


def _delimiter(text: str) -> str:
    delimiter = "\t" if text in {"tab", "\\t"} else text
    if len(delimiter) != 1 or delimiter.isalnum() or delimiter in '"\r\n':
        raise CommandFailed(
            "delimiter", f"--delimiter is one character that parts cells, or tab, not {text}."
        )
    return delimiter


def _header_row(text: str) -> int:
    if text == "none":
        return NO_HEADER
    if not text.isdecimal() or text == "0":
        raise CommandFailed("header_row", f"--header-row is the number of a row, or none, not {text}.")
    return int(text)


def _pairs(option: str, texts: Sequence[str], targets: Mapping[str, str]) -> dict[str, str]:
    """Targets by header, of HEADER=WORD."""
    pairs = {}
    for text in texts:
        header, _, word = text.rpartition("=")
        if not header or word not in targets:
            raise CommandFailed("column", f"{option} is HEADER={'|'.join(targets)}, not {text}.")
        pairs[header] = targets[word]
    return pairs


class _Bar:
    """How far it is, on one line of a terminal; nothing where there is none."""

    def __init__(self, terminal: Any) -> None:
        self._terminal = terminal
        self._began = time.monotonic()

    def draw(self, job: Import) -> None:
        if self._terminal is None:
            return
        reading = job.state in (ImportState.CHECKING, ImportState.CHECKED)
        done, total = (job.rows_read, job.rows_expected) if reading else (job.saved, job.calls)
        share = min(done / total, 1) if total else 0
        rate = job.rows_read / max(time.monotonic() - self._began, 0.001)
        word = "Reading" if reading else "Saving "
        filled = "█" * round(share * BAR)
        self._terminal.write(f"\r{word} {filled:░<{BAR}} {done:,} of {total:,}  {rate:,.0f} rows/s ")
        self._terminal.flush()

    def end(self) -> None:
        if self._terminal is not None:
            self._terminal.write("\n")


def _file(path: Path) -> Path:
    if not path.is_file():
        raise CommandFailed("no_file", f"There is no file {path}.")
    return path


def _regions(text: str) -> list[str]:
    regions = [region.strip().upper() for region in text.split(",") if region.strip()]
    if unknown := [region for region in regions if region not in region_names()]:
        raise CommandFailed(
            "unknown_region", f"There is no region {', '.join(unknown)}. Use codes such as FI,SE."
        )
    return regions
