"""What bin/run does, once Python is there: python -m smartdialog_admin.launcher [web|worker|beat] …"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

from django.conf import settings  # reads nothing before the first use, and that needs the secrets
from django.core.exceptions import ImproperlyConfigured

from gateway.installation_checks import start_warnings
from smartdialog_admin.launcher import banners, checks, local_secrets, private_files, processes
from smartdialog_admin.launcher.supervisor import Stop, say, stop_on_signals, supervise

DATA = ("db.sqlite3*", "sandbox.sqlite3*", "beat-schedule*", "broker", "uploads", "log")


def main() -> int:
    options = _options()
    # A crash must not write the secrets to a disk: neither of this process nor of any that it starts.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = local_secrets.data_dir()
    os.environ["DATA_DIR"] = str(folder)
    os.umask(0o077)
    try:
        if options.role:
            begin_alone(options.role, folder)
        stop_on_signals()
        run(folder, fresh=options.fresh, sandbox_only=options.sandbox_only)
    except (checks.StartRefused, ImproperlyConfigured) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Stop:
        return 0
    return 0


def begin_alone(role: str, folder: Path) -> None:
    """One of several processes, here or on other hosts, in place of this one: what watches it restarts it."""
    checks.make_data_dir(folder).close()
    _make_private(folder)
    local_secrets.make_and_use(folder)
    _warn()
    if role == "web":
        checks.wait_for_port(settings.PORT, "PORT", settings.HOST)
    _prepare("--compare")
    command = (sys.executable, *processes.alone(role, settings.HOST, settings.PORT))
    os.execv(sys.executable, command)  # noqa: S606


def run(folder: Path, *, fresh: bool, sandbox_only: bool) -> None:
    lock = checks.lock_data_dir(folder)
    _make_private(folder)
    local_secrets.make_and_use(folder)
    uses_sandbox = sandbox_only or settings.USES_SANDBOX
    if fresh:
        _clear(folder)
    if uses_sandbox:
        checks.wait_for_port(settings.SANDBOX_PORT, "SANDBOX_PORT")
    if not sandbox_only:
        _warn()
        checks.wait_for_port(settings.PORT, "PORT", settings.HOST)
        _prepare()
    with lock:
        _supervise(folder / "log", uses_sandbox=uses_sandbox, sandbox_only=sandbox_only)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="Start SmartDialog Admin on this machine.")
    roles = ("web", "worker", "beat")
    parser.add_argument("role", nargs="?", choices=roles, help="start this one alone, as on several hosts")
    parser.add_argument("--fresh", action="store_true", help="throw the local data away and start over")
    parser.add_argument("--sandbox-only", action="store_true", help="start only the stand-in SmartDialog")
    options = parser.parse_args()
    if options.role and (options.fresh or options.sandbox_only):
        parser.error(f"{options.role} starts alone: it takes no other option")
    return options


def _make_private(folder: Path) -> None:
    if count := private_files.make_private(folder):
        say(
            f"Others on this machine could read {count:,} files and folders in {folder}. Now nobody else can."
        )


def _warn() -> None:
    for words in start_warnings.all_of(settings):
        say(f"WARNING: {words}")


def _clear(folder: Path) -> None:
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        raise checks.StartRefused(
            "--fresh clears only the built-in database, and DATABASE_URL names another one. "
            "Drop and create that database yourself, then run without --fresh."
        )
    for path in (found for pattern in DATA for found in folder.glob(pattern)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _prepare(*how: str) -> None:
    done = subprocess.run([sys.executable, "-m", "smartdialog_admin.launcher.prepare", *how], check=False)
    if done.returncode:
        raise checks.StartRefused("Nothing was started, for the reason above.")


def _supervise(logs: Path, *, uses_sandbox: bool, sandbox_only: bool) -> None:
    web, sandbox = f"http://{_shown(settings.HOST)}:{settings.PORT}", settings.SANDBOX_URL
    children = [processes.sandbox(logs)] if uses_sandbox else []
    if not sandbox_only:
        children += [
            processes.web(logs, settings.PORT, host=settings.HOST),
            processes.worker(logs),
            processes.beat(logs),
        ]
    text = banners.SANDBOX_ONLY if sandbox_only else banners.DEMO if uses_sandbox else banners.REAL
    supervise(
        children,
        ready_at=f"{sandbox}/_ledger" if sandbox_only else f"{web}/healthz",
        greeting=text.format(
            web=settings.PUBLIC_URL if settings.HTTPS else web,
            sandbox=sandbox,
            api=settings.SMARTDIALOG_API_URL,
            logs=logs,
        ),
    )


def _shown(host: str) -> str:
    """Where it is reached from here: one that listens everywhere is."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    sys.exit(main())
