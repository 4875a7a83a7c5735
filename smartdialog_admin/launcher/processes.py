"""The processes, of a machine that carries everything or one alone. `environment` is added to our own."""

from pathlib import Path

from smartdialog_admin.launcher.child_process import ChildProcess

WEB = ("-m", "uvicorn", "smartdialog_admin.asgi:application", "--no-access-log")
# Its log goes the way of all others; an idle connection outlives a proxy's own patience, which is a minute.
_WEB_FOLDER = Path(__file__).parent.parent / "web"
SERVING = (
    *("--http", "smartdialog_admin.web.protocol:Deadlines", "--ws", "none", "--no-server-header"),
    *("--limit-concurrency", "1000", "--timeout-keep-alive", "75", "--timeout-graceful-shutdown", "3"),
    *("--log-level", "warning", "--log-config", str(_WEB_FOLDER / "uvicorn_logs.json"), "--no-proxy-headers"),
)
# Without a banner: it is printed past the log, and a worker would not begin where that has no room.
CELERY = ("-m", "celery", "--quiet", "-A", "smartdialog_admin")
WORKER = ("worker", "--pool", "threads", "--concurrency", "8", "--loglevel", "INFO")
BEAT = ("beat", "--loglevel", "WARNING")
ALONE = ("--without-gossip", "--without-mingle", "--without-heartbeat")

Environment = dict[str, str] | None


def sandbox(logs: Path, environment: Environment = None) -> ChildProcess:
    return ChildProcess("sandbox", "-m", "sandbox", logs=logs, environment=environment)


def web_command(host: str, port: int) -> tuple[str, ...]:
    """Access is not logged: a hook's secret is part of its address."""
    return (*WEB, "--host", host, "--port", str(port), *SERVING)


def web(logs: Path, port: int, environment: Environment = None, *, host: str = "127.0.0.1") -> ChildProcess:
    return ChildProcess("web", *web_command(host, port), logs=logs, environment=environment)


def alone(role: str, host: str, port: int) -> tuple[str, ...]:
    """What Python is told for one of web, worker and beat."""
    return {
        "web": web_command(host, port),
        "worker": (*CELERY, *WORKER, *ALONE),
        "beat": (*CELERY, *BEAT),
    }[role]


def worker(logs: Path, environment: Environment = None) -> ChildProcess:
    return ChildProcess("worker", *CELERY, *WORKER, *ALONE, logs=logs, environment=environment)


def beat(logs: Path, environment: Environment = None) -> ChildProcess:
    return ChildProcess("beat", *CELERY, *BEAT, logs=logs, environment=environment)
