"""Files made to hurt, on their way into groups of customers of their own."""

from pathlib import Path

from contacts.tests.poison_parts import strings, xlsx
from tests.faults.stack import Stack

_ROW = '<row><c t="inlineStr"><is><t>0401234567</t></is></c></row>'
_UPLOAD = """
from pathlib import Path
from accounts.models import Customer, Role
from contacts.importing import import_lifecycle
from contacts.importing.import_lifecycle import Upload
from tests.factories import make_service
from tests.people import make_person
from gateway.models import ServiceKind

answer = []
for name, path in {files!r}:
    customer = Customer.objects.create(remote_id="poison " + name, name=name)
    person = make_person(name, Role.MARKETER, customer)
    group = make_service(customer, kind=ServiceKind.GROUP)
    job = import_lifecycle.upload(Upload(name, [Path(path).read_bytes()]), group=group, by=person)
    import_lifecycle.start_checking(job, mapping=["phone", *job.mapping[1:]], regions=["FI"])
    answer.append(job.pk)
"""
_STATES = """
from contacts.models import Import
answer = {{job.original_name: [job.state, job.refusal_code] for job in Import.objects.filter(pk__in={keys})}}
"""


def start(stack: Stack, files: dict[str, bytes], folder: Path) -> list[int]:
    """Their imports, which are being checked."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    keys: list[int] = stack.ask(_UPLOAD.format(files=[(name, str(folder / name)) for name in files]))
    return keys


def states(stack: Stack, keys: list[int]) -> dict[str, list[str]]:
    """By file: its import's state, and why it was refused."""
    found: dict[str, list[str]] = stack.ask(_STATES.format(keys=keys))
    return found


def hostile_files() -> dict[str, bytes]:
    """By name. They show it only below what is looked at during the upload, too large for merged cells."""
    return {
        "letters of a reference": _letters_of_a_reference(),
        "a text in every cell": _a_text_in_every_cell(),
    }


def _letters_of_a_reference() -> bytes:
    return xlsx(_ROW * 600 + f'<row><c r="{"A" * 5_000_000}601"/></row>')


def _a_text_in_every_cell() -> bytes:
    texts = ("<row>" + '<c t="s"><v>0</v></c>' * 300 + "</row>") * 9_000
    return strings(f"<si><t>{'a' * 32_000}</t></si>", _ROW * 600 + texts)
