"""A file made to hurt, checked by a real worker: it is refused, and everybody else's work goes on."""

import pytest

from contacts.tests.poison_files import strings, xlsx
from tests.faults.stack import Stack, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(300)]

ROW = '<row><c t="inlineStr"><is><t>0401234567</t></is></c></row>'
UPLOAD = """
from pathlib import Path
from accounts.models import Customer, Role, User
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
STATES = """
from contacts.models import Import
answer = {{job.original_name: [job.state, job.refusal_code] for job in Import.objects.filter(pk__in={keys})}}
"""


def test_hostile_files_are_refused_and_another_customers_import_is_checked(stack: Stack, tmp_path):
    numbers = [f"040{1_000_000 + number}" for number in range(2_000)]
    files = poison() | {"calm": "\n".join(["Puhelin", *numbers]).encode()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    keys = stack.ask(UPLOAD.format(files=[(name, str(tmp_path / name)) for name in files]))
    states = STATES.format(keys=keys)
    wait_until(lambda: "checking" not in {state for state, _ in stack.ask(states).values()}, "all to be read")

    found = stack.ask(states)
    assert found.pop("calm") == ["checked", ""]
    assert {state for state, _ in found.values()} == {"refused"}
    assert {code for _, code in found.values()} == {"damaged", "long_cell"}
    assert stack.worker.look() == ""
    assert stack.is_up()


def poison() -> dict[str, bytes]:
    """Which show it only below what is looked at while they are uploaded, too large for its merged cells."""
    reference = f'<row><c r="{"A" * 5_000_000}601"/></row>'
    texts = ("<row>" + '<c t="s"><v>0</v></c>' * 300 + "</row>") * 9_000
    return {
        "letters of a reference": xlsx(ROW * 600 + reference),
        "a text in every cell": strings(f"<si><t>{'a' * 32_000}</t></si>", ROW * 600 + texts),
    }
