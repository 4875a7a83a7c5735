"""The bare hook: one Django view that inserts what was posted and says so. A floor, under the same server.

Served with tests.bench.baseline_hook_settings.
"""

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

KEYS = {"postgresql": "bigserial", "sqlite": "integer"}
BYTES = {"postgresql": "bytea", "sqlite": "blob"}


def make_table() -> None:
    with connection.cursor() as cursor:
        vendor = connection.vendor
        cursor.execute(
            f"CREATE TABLE bare_hook (id {KEYS[vendor]} PRIMARY KEY, body {BYTES[vendor]} NOT NULL)"
        )


def drop_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bare_hook")


def take(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bare_hook (body) VALUES (%s)", [request.body])
    return HttpResponse("ok", content_type="text/plain", headers={"Content-Length": "2"})


urlpatterns = [path("hook/", take)]


def application():
    return WSGIMiddleware(get_wsgi_application(), workers=16)
