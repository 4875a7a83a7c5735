"""What bin/run does, once Python is there: python -m smartdialog_admin.launcher [--fresh] [--sandbox-only]"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings  # reads nothing before the first use, and that needs the secrets
from django.core.exceptions import ImproperlyConfigured

from smartdialog_admin.launcher import banners, checks, local_secrets, processes
from smartdialog_admin.launcher.supervisor import Stop, stop_on_signals, supervise

DATA = ("db.sqlite3*", "sandbox.sqlite3*", "beat-schedule*", "broker", "uploads", "log")


def main() -> int:
    options = _options()
    # A crash must not write the secrets to a disk: neither of this process nor of any that it starts.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = local_secrets.data_dir()
    os.environ["DATA_DIR"] = str(folder)
    stop_on_signals()
    try:
        run(folder, fresh=options.fresh, sandbox_only=options.sandbox_only)
    except (checks.StartRefused, ImproperlyConfigured) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Stop:
        return 0
    return 0


def run(folder: Path, *, fresh: bool, sandbox_only: bool) -> None:
    lock = checks.lock_data_dir(folder)
    local_secrets.make_and_use(folder)
    uses_sandbox = sandbox_only or settings.USES_SANDBOX
    if fresh:
        _clear(folder)
    if uses_sandbox:
        checks.wait_for_port(settings.SANDBOX_PORT, "SANDBOX_PORT")
    if not sandbox_only:
        checks.wait_for_port(settings.PORT, "PORT")
        _prepare()
    with lock:
        _supervise(folder / "log", uses_sandbox=uses_sandbox, sandbox_only=sandbox_only)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="Start SmartDialog Admin on this machine.")
    parser.add_argument("--fresh", action="store_true", help="throw the local data away and start over")
    parser.add_argument("--sandbox-only", action="store_true", help="start only the stand-in SmartDialog")
    return parser.parse_args()


def _clear(folder: Path) -> None:
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        raise checks.StartRefused(
            "--fresh clears only the built-in database, and DATABASE_URL names another one. "
            "Drop and create that database yourself, then run without --fresh."
        )
    for path in (found for pattern in DATA for found in folder.glob(pattern)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _prepare() -> None:
    done = subprocess.run([sys.executable, "-m", "smartdialog_admin.launcher.prepare"], check=False)
    if done.returncode:
        raise checks.StartRefused("Nothing was started: the database could not be prepared.")


def _supervise(logs: Path, *, uses_sandbox: bool, sandbox_only: bool) -> None:
    web, sandbox = f"http://127.0.0.1:{settings.PORT}", settings.SANDBOX_URL
    children = [processes.sandbox(logs)] if uses_sandbox else []
    if not sandbox_only:
        children += [processes.web(logs, settings.PORT), processes.worker(logs), processes.beat(logs)]
    text = banners.SANDBOX_ONLY if sandbox_only else banners.DEMO if uses_sandbox else banners.REAL
    supervise(
        children,
        ready_at=f"{sandbox}/_ledger" if sandbox_only else f"{web}/healthz",
        greeting=text.format(web=web, sandbox=sandbox, api=settings.SMARTDIALOG_API_URL, logs=logs),
    )


if __name__ == "__main__":
    sys.exit(main())
