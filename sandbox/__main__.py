"""python -m sandbox [--fresh]: bring the database to shape and serve on 127.0.0.1:$SANDBOX_PORT."""

import argparse
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "sandbox.settings"

import django
import uvicorn


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A stand-in SmartDialog platform.")
    parser.add_argument(
        "--fresh", action="store_true", help="forget everything and begin with the demo people"
    )
    options = parser.parse_args()
    django.setup()

    from django.conf import settings

    if options.fresh:
        from sandbox.prepare import prepare

        prepare(fresh=True)
    uvicorn.run(
        "sandbox.asgi:application",
        host="127.0.0.1",
        port=settings.SANDBOX_PORT,
        lifespan="on",
        log_level="warning",
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
