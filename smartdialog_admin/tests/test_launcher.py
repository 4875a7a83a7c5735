"""What bin/run is made of: the lock, the ports, the secrets, the children."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smartdialog_admin.launcher import __main__ as launcher
from smartdialog_admin.launcher import checks, child_process, local_secrets, private_files
from smartdialog_admin.launcher.child_process import ChildProcess
from smartdialog_admin.launcher.supervisor import Stop, supervise
from tests.sandbox_process import free_port

ROOT = Path(__file__).parent.parent.parent
HOLD = "import sys, time; from pathlib import Path; from smartdialog_admin.launcher import checks\n"
HOLD += "lock = checks.lock_data_dir(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
LIMITS = """
import subprocess, sys
from smartdialog_admin.launcher import __main__ as launcher
ask = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE))"
launcher.run = lambda *place, **how: subprocess.run([sys.executable, "-c", ask], check=True)
launcher.main()
"""


def test_a_second_run_on_the_same_folder_is_told_who_has_it(tmp_path):
    with checks.lock_data_dir(tmp_path), pytest.raises(checks.StartRefused, match=f"process {os.getpid()}"):
        checks.lock_data_dir(tmp_path)


def test_a_killed_run_leaves_no_lock_behind(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(checks.StartRefused, match=f"process {holder.pid}"):
            checks.lock_data_dir(tmp_path)
        holder.kill()

    checks.lock_data_dir(tmp_path).close()


def test_a_folder_that_cannot_be_made_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(checks.StartRefused, match="Set DATA_DIR to a folder of your own"):
        checks.lock_data_dir(tmp_path / "file" / "below")


def test_a_used_port_is_refused_with_the_variable_that_moves_it(monkeypatch):
    monkeypatch.setattr(checks, "PORT_TIMEOUT", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(checks.StartRefused, match=f"SANDBOX_PORT={port + 1} bin/run"):
            checks.wait_for_port(port, "SANDBOX_PORT")


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path, monkeypatch):
    for name in local_secrets.NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)

    local_secrets.make_and_use(tmp_path)
    made = os.environ["SECRET_KEY"]
    monkeypatch.delenv("SECRET_KEY")
    local_secrets.make_and_use(tmp_path)

    assert os.environ["SECRET_KEY"] == made
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_secrets_that_another_process_has_just_made_are_used(tmp_path, monkeypatch):
    for name in local_secrets.NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    exists, theirs = Path.exists, "SECRET_KEY=theirs\nTOKEN_ENCRYPTION_KEYS=theirs too\n"

    def not_yet(path, **how):
        there = exists(path, **how)
        if path.name == "secrets.env":
            path.write_text(theirs)
        return there

    monkeypatch.setattr(Path, "exists", not_yet)
    local_secrets.make_and_use(tmp_path)

    assert os.environ["SECRET_KEY"] == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["secrets.env"]


def test_what_a_command_writes_is_for_its_user_alone():
    ask = "import os; print(oct(os.umask(0)))"
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", ask]

    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert said.stdout == "0o77\n"


def test_what_others_could_read_is_made_private_and_links_are_left(tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("x")
    outside.chmod(0o644)
    folder = tmp_path / "data"
    (folder / "log").mkdir(parents=True)
    (folder / "log" / "web.log").write_text("x")
    (folder / "link").symlink_to(outside)
    (folder / "secrets.env").touch(mode=0o600)
    for path, mode in ((folder, 0o755), (folder / "log", 0o750), (folder / "log" / "web.log", 0o644)):
        path.chmod(mode)

    assert private_files.make_private(folder) == 3
    assert private_files.make_private(folder) == 0

    modes = [
        path.stat().st_mode & 0o777 for path in (folder, folder / "log", folder / "log" / "web.log", outside)
    ]
    assert modes == [0o700, 0o700, 0o600, 0o644]


@pytest.mark.parametrize(
    ("role", "part"), [("web", "uvicorn"), ("worker", "--concurrency"), ("beat", "beat")]
)
def test_one_process_alone_takes_the_place_of_the_command(tmp_path, monkeypatch, role, part):
    begun = []
    monkeypatch.setattr(launcher.os, "execv", lambda program, command: begun.append(command))
    monkeypatch.setattr(launcher, "_prepare", begun.append)
    monkeypatch.setattr(launcher.settings, "PORT", free_port())

    launcher.begin_alone(role, tmp_path)

    compared, command = begun
    assert compared == "--compare"
    assert part in command
    assert (tmp_path.stat().st_mode & 0o777) == 0o700


def test_an_address_that_is_not_of_this_machine_is_refused_with_what_to_do():
    with pytest.raises(checks.StartRefused, match="Set HOST to an address of this machine"):
        checks.wait_for_port(free_port(), "PORT", "203.0.113.7")


@pytest.mark.parametrize(
    ("host", "shown"),
    [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]"), ("10.0.0.5", "10.0.0.5")],
)
def test_a_greeting_says_where_it_can_be_opened(host, shown):
    assert launcher._shown(host) == shown


def test_no_process_of_a_run_leaves_a_core_dump(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", LIMITS],
        cwd=ROOT,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "(0, 0)\n"


def test_a_secret_of_the_environment_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "mine")
    monkeypatch.setenv("TOKEN_ENCRYPTION_KEYS", "mine too")

    local_secrets.make_and_use(tmp_path)

    assert (os.environ["SECRET_KEY"], os.environ["TOKEN_ENCRYPTION_KEYS"]) == ("mine", "mine too")


def test_a_child_that_ends_is_started_again_and_the_log_is_named(tmp_path):
    child = ChildProcess("sleeper", "-c", "import time; time.sleep(60)", logs=tmp_path)
    child.start()
    first = child.pid
    os.kill(first, signal.SIGKILL)

    news = _until(child.look)
    _until(lambda: child.look() or child.pid)

    assert news.startswith("sleeper ended (SIGKILL); it starts again in 1 s.")
    assert str(tmp_path / "sleeper.log") in news
    assert child.pid != first
    child.kill()


def test_a_child_that_ends_again_and_again_waits_longer_each_time(tmp_path):
    child = ChildProcess("hasty", "-c", "raise SystemExit(3)", logs=tmp_path)
    child.start()

    first, second = _until(child.look), _until(child.look)

    assert "exit code 3" in first
    assert "again in 1 s" in first
    assert "again in 2 s" in second


def test_a_long_log_is_put_aside_while_its_child_goes_on_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(child_process, "LOG_LIMIT", 1000)
    words = "import sys, time\nprint('a' * 2000, flush=True)\nsys.stdin.readline()"
    child = ChildProcess(
        "talker", "-c", f"{words}\nwhile True: print('b', flush=True); time.sleep(0.05)", logs=tmp_path
    )
    child.start()
    _until(lambda: child.log.stat().st_size)

    assert child.look() == ""

    assert (tmp_path / "talker.log.1").read_text().startswith("a" * 2000)
    assert set(_until(child.log.read_text)) <= {"b", "\n"}
    child.kill()


def test_a_log_that_cannot_be_put_aside_is_emptied(tmp_path, monkeypatch):
    monkeypatch.setattr(child_process, "LOG_LIMIT", 1000)
    child = ChildProcess("talker", "-c", "", logs=tmp_path)
    child.log.write_text("a" * 2000)
    (tmp_path / "talker.log.1").mkdir()

    child.look()

    assert child.log.read_text() == ""
    child.kill()


def test_a_child_that_does_not_listen_is_killed_with_all_it_started(tmp_path):
    deaf = "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    deaf += "print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    child = ChildProcess("deaf", "-c", deaf, logs=tmp_path)
    child.start()
    grandchild = int(_until(lambda: child.log.read_text()))

    child.ask_to_stop()
    child.wait(time.monotonic() + 0.2)

    _until(lambda: not _runs(grandchild))
    assert not _runs(child.pid)


def test_children_are_stopped_when_the_end_is_asked_for(tmp_path, capsys, monkeypatch):
    child = ChildProcess("server", "-m", "http.server", str(port := free_port()), logs=tmp_path)
    monkeypatch.setattr("smartdialog_admin.launcher.supervisor._look", _raise_stop_after_greeting(capsys))

    with pytest.raises(Stop):
        supervise([child], ready_at=f"http://127.0.0.1:{port}/", greeting="It runs.")

    assert not _runs(child.pid)


def _raise_stop_after_greeting(capsys):
    said = []

    def look(children):
        said.append(capsys.readouterr().out)
        if "It runs." in "".join(said):
            raise Stop

    return look


def _runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in {"", "Z"}


def _until(answer):
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        if found := answer():
            return found
        time.sleep(0.02)
    raise AssertionError("waited in vain")
