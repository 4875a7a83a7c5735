"""Import a file into a group, with a progress bar: what the pages do, from a command line."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from contacts.importing import headless_import, rejects
from contacts.importing.headless_import import CommandFailed, Outcome
from contacts.importing.refusals import FileRefused
from contacts.models import Import, ImportState
from contacts.text.regions import region_names

BAR = 30  # characters


class Command(BaseCommand):
    help = (
        "Import a CSV, TSV or XLSX file into a group. "
        "Exit code: 0 all rows taken, 1 some not, 2 the file was refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--customer", required=True, metavar="ID")
        parser.add_argument("--group", required=True, metavar="ID")
        parser.add_argument(
            "--user", default="", help="who imports: a username, an e-mail, or a name’s beginning"
        )
        parser.add_argument("--region", default="", metavar="FI,SE", help="of numbers without a country code")
        parser.add_argument("--dry-run", action="store_true", help="compare only, and keep nothing")
        parser.add_argument(
            "--rejects", type=Path, metavar="OUT.csv", help="write the rows that are not taken"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object instead of words")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            outcome = self._import(began, **options)
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
        job = headless_import.upload(
            _file(options["file"]), group, person, regions=_regions(options["region"])
        )
        try:
            headless_import.check(job, bar.draw)
            if options["rejects"]:
                options["rejects"].write_text("".join(rejects.rejected_lines(job)), encoding="utf-8")
            if not options["dry_run"]:
                headless_import.save(job, person, bar.draw)
            return headless_import.outcome_of(job, time.monotonic() - began)
        finally:
            bar.end()
            if options["dry_run"]:
                job.delete()
                job.path.unlink(missing_ok=True)

    def _tell(self, outcome: Outcome, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json()))
        elif outcome.words:
            self.stderr.write(outcome.words)
        else:
            said = outcome.as_json()
            kinds = ("new", "changed", "unchanged", "duplicates", "invalid", "opted_out")
            counts = ", ".join(f"{said[kind]:,} {kind.replace('_', ' ')}" for kind in kinds)
            self.stdout.write(f"{outcome.rows:,} rows in {outcome.seconds:g} s: {counts}")


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
