"""The sandbox as a process, and a server on our side that it calls."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import requests


@dataclass
class Process:
    """The sandbox as people run it: a process of its own, reached over HTTP."""

    directory: Path
    port: int
    extra: dict[str, str] = field(default_factory=dict)
    popen: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        places = {"DATA_DIR": str(self.directory), "SANDBOX_PORT": str(self.port), "SANDBOX_DATABASE": ""}
        root = Path(__file__).resolve().parents[2]
        command = [sys.executable, "-m", "sandbox"]
        self.popen = subprocess.Popen(command, cwd=root, env=os.environ | places | self.extra)
        wait_until(self.answers, seconds=60)

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/_clock", timeout=2).ok
        except requests.RequestException:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        assert self.popen
        self.popen.send_signal(how)
        self.popen.wait(timeout=30)

    def control(self, name: str, body: Any) -> Any:
        answer = requests.post(f"{self.url}/_{name}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def state(self, part: str) -> Any:
        return requests.get(f"{self.url}/_state", params={"only": part}, timeout=30).json()[part]


@dataclass
class Hook:
    """Our side: a server that keeps what the platform tells it."""

    url: str
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[str, str, Any]] = field(default_factory=list)

    def wait_for(self, count: int) -> list[tuple[str, str, Any]]:
        wait_until(lambda: len(self.heard) >= count)
        return self.heard


def listener() -> type[BaseHTTPRequestHandler]:
    class Listener(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            hook = self.server.hook  # type: ignore[attr-defined]
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            hook.heard.append((self.command, self.path, json.loads(raw) if raw else None))
            self.send_response(hook.statuses.pop(0) if hook.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - http.server looks for this name

        def log_message(self, *args: Any) -> None:
            pass

    return Listener


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(holds: Callable[[], object], *, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)
