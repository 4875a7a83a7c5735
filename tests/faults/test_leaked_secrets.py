"""Every secret and every number of a whole run, looked for in all that the run left behind."""

import re
import subprocess
from pathlib import Path

import pytest
import redis

from tests.faults import inbox_workload, workloads
from tests.faults.stack import Stack, running_stack, wait_until
from tests.faults.web_client import WebClient

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(500)]

WRITER = "+358409876543"
SECRETS = """
from gateway.models import Connection, HookSubscription
answer = {
    f"{what} {each.pk}": secret
    for each in Connection.objects.all()
    for what, secret in (("access token", each.access_token), ("refresh token", each.refresh_token))
} | {f"hook secret {each.pk}": each.secret for each in HookSubscription.objects.all()}
"""
THREAD = """
from messaging.inbox.models import Thread
answer = list(Thread.objects.values_list("pk", flat=True))
"""
ANSWERED = """
from messaging.inbox.models import Message
answer = list(Message.objects.filter(direction="out").values_list("state", flat=True))
"""
NOTHING_WAITS = """
from gateway.models import Operation
answer = not Operation.objects.filter(state__in=["waiting", "inflight"]).exists()
"""
PAGES = (
    "/",
    "/contacts/",
    "/templates/",
    "/campaigns/",
    "/inbox/",
    "/connection/",
    "/meter/",
    "/preferences/",
)


@pytest.fixture
def stack(tmp_path):
    with running_stack(tmp_path, LOG_LEVEL="DEBUG") as running:
        yield running


def test_no_secret_and_no_number_is_left_behind_by_a_whole_run(stack, tmp_path):
    pages: list[str] = []
    mikko = workloads.sign_in(stack)
    mikko.session.hooks["response"].append(lambda response, **_: pages.append(response.text))
    rows = workloads.make_rows(4)

    told = stack.ask(SECRETS)
    import_and_send(stack, mikko, rows)
    read_and_answer(stack, mikko)
    told |= {f"{name}, later": secret for name, secret in stack.ask(SECRETS).items()}
    go_wrong(stack, mikko, told)
    told |= stack.ask(SECRETS) | {"client secret": "sandbox-secret"}
    of_browser = dict(mikko.session.cookies) | {"code": mikko.code}
    for path in PAGES:
        mikko.get(path)

    broker, database = broker_holds(stack, tmp_path), database_holds(stack, tmp_path)
    stack.stop()
    logs = b"".join(path.read_bytes() for path in stack.logs.iterdir() if path.stem != "sandbox")
    numbers = {row.phone: row.phone for row in rows} | {WRITER: WRITER}
    for line in (" DEBUG ", "/nowhere/+358•••43"):  # a hook that is wrong is answered without a line
        assert line.encode() in logs, "it logged too little to prove anything"
    assert len(pages) > len(PAGES)
    assert found(logs, told | of_browser | numbers) == []
    assert found(broker, told | of_browser | numbers) == []
    assert found(database, told | {"code": of_browser["code"]}) == []
    assert found("".join(pages).encode(), told | of_browser) == []


def found(where: bytes, secrets: dict[str, str]) -> list[str]:
    """The names of those that are there."""
    return [name for name, secret in secrets.items() if secret.lstrip("+").encode() in where]


def import_and_send(stack: Stack, mikko: WebClient, rows: list[workloads.Row]) -> None:
    workloads.start_import(stack, mikko, rows)
    wait_until(lambda: stack.ask(work_is_done("contacts.models", "Import", "done")), "the import", pause=1)
    workloads.add_template(stack)
    workloads.send_campaigns(stack, rows)
    wait_until(lambda: stack.ask(work_is_done("messaging.campaigns.models", "Campaign", "sent")), "campaigns")


def work_is_done(module: str, model: str, state: str) -> str:
    return f"from {module} import {model}\nanswer = not {model}.objects.exclude(state={state!r}).exists()"


def read_and_answer(stack: Stack, mikko: WebClient) -> None:
    inbox_workload.open_inbox(stack)
    event = {"type": "inbound", "from": WRITER, "to": inbox_workload.NUMBER, "text": "Milloin avaatte?"}
    stack.sandbox.post("/_events", event).raise_for_status()
    wait_until(lambda: stack.ask(THREAD) != [], "the message to be taken in")
    [thread] = stack.ask(THREAD)
    page = mikko.get(f"/inbox/{thread}/")
    key = re.search(r'name="key" value="([^"]+)"', page.text)
    assert key, page.text[:500]
    mikko.post(f"/inbox/{thread}/replies/", {"content": "Kello 9.", "key": key[1]})
    wait_until(lambda: stack.ask(ANSWERED) == ["delivered"], "the answer to be delivered", pause=0.5)


def go_wrong(stack: Stack, mikko: WebClient, told: dict[str, str]) -> None:
    """Refusals by us and by the platform, pages of errors, an expiry, and a worker and a web that die."""
    refused = {"op": "CreateGroupContact", "do": "500", "when": "nth"}
    stack.sandbox.post(
        "/_faults", [refused, {"op": "CreateGroupContact", "do": "html", "when": "nth", "n": 2}]
    )
    stack.sandbox.post("/_events", {"type": "sign_in", "person": "mikko", "action": "expire"})
    workloads.write_contact(stack, workloads.Row("+358401239999", "Odd", "One"))
    secret = next(secret for name, secret in told.items() if name.startswith("hook secret"))
    ask = mikko.session.request
    ask("POST", f"{stack.url}/hooks/inbound/{secret}/", data=b"{", timeout=30)
    ask("POST", f"{stack.url}/hooks/inbound/{secret}/", data=b"x" * 300_000, timeout=30)
    ask("PUT", f"{stack.url}/hooks/inbound/{secret}/", timeout=30)
    ask("GET", f"{stack.url}/hooks/dlr/{secret}/?address={WRITER[1:]}&status=Delivered", timeout=30)
    ask("POST", f"{stack.url}/contacts/", data={"phone": WRITER}, timeout=30)
    ask("GET", f"{stack.url}/nowhere/{WRITER}/", timeout=30)
    ask("GET", f"{stack.url}/search/?q=%2B{WRITER[1:]}", timeout=30)
    ask("GET", f"{stack.url}/oauth/callback/?code={mikko.code}&state=old", timeout=30)
    stack.worker.kill()
    stack.web.kill()
    stack.worker.start()
    stack.web.start()
    wait_until(stack.is_up, "the web to be back")
    wait_until(lambda: stack.ask(NOTHING_WAITS), "the contact to be written", patience=180, pause=1)


def broker_holds(stack: Stack, folder: Path) -> bytes:
    url = stack.environment.get("CELERY_BROKER_URL", "")
    if url.startswith("redis"):
        client = redis.Redis.from_url(url)
        return b"".join(client.dump(key) or b"" for key in client.scan_iter())
    kept = [*(folder / "broker").rglob("*"), *folder.glob("beat-schedule*")]
    return b"".join(path.read_bytes() for path in kept if path.is_file())


def database_holds(stack: Stack, folder: Path) -> bytes:
    """SQLite's files as they are; of PostgreSQL, what pg_dump writes."""
    url = stack.environment.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        return subprocess.run(["pg_dump", url], capture_output=True, check=True).stdout
    return b"".join(path.read_bytes() for path in folder.glob("db.sqlite3*"))
