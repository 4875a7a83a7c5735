"""A group of very many contacts, made in the database."""

from django.db import connection

from contacts.models import Contact
from gateway.models import Service

RARE, RARE_ROWS = "Harvinainen", 100  # so many have the rare name, however many there are
FIRST = ["Aino", "Vaino", "Eeva", "Onni", "Helmi", "Eino", "Giulia", "Matteo", "Chiara", "Lorenzo"] * 2
FIRST[-1] = "Anna"  # one in twenty
LAST = ["Virtanen", "Korhonen", "Makinen", "Nieminen", "Rossi", "Bianchi", "Esposito", "Laine", "Koski"]
CITIES = ["Helsinki", "Tampere", "Oulu", "Milano", "Torino", "Bergamo", ""]

NUMBERS = {
    "postgresql": "SELECT n FROM generate_series(1, %(rows)s) AS n",
    "sqlite": "WITH RECURSIVE every(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM every WHERE n < %(rows)s) "
    "SELECT n FROM every",
}
PASSING = {
    "postgresql": "now() - n * interval '1 second'",
    "sqlite": "datetime('now', '-' || n || ' seconds')",
}
BACKWARDS = {
    "postgresql": "reverse('35840' || number)",
    "sqlite": "backwards('35840' || number)",
}
PROPERTIES = {
    "postgresql": "jsonb_build_object('Level', level)",
    "sqlite": "json_object('Level', level)",
}


def fill(group: Service, rows: int) -> None:
    """So many; every twentieth opted out, every thousandth failed, one in fifty gold, RARE of 100 in all."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.create_function("backwards", 1, lambda text: text[::-1], deterministic=True)
        cursor.execute(_statement(rows), {"rows": rows, "group": group.pk})
        vacuums = connection.vendor == "postgresql" and not connection.in_atomic_block
        cursor.execute("VACUUM ANALYZE contacts_contact" if vacuums else "ANALYZE")
    _expect_words_as_ours(group)


def _statement(rows: int) -> str:
    last = f"CASE WHEN n %% {max(1, rows // RARE_ROWS)} = 0 THEN '{RARE}' ELSE {_one_of(LAST, 7)} END"
    level = "CASE WHEN n %% 50 = 0 THEN 'gold' ELSE 'basic' END"
    values = {
        "group_id": "%(group)s",
        "phone": "'+35840' || number",
        "first_name": "first",
        "last_name": "last",
        "email": "lower(first) || n || '@example.fi'",
        "gender": _one_of(["Female", "Male", ""], 1),
        "birth_year": "1940 + n %% 65",
        "street_address": "'Mannerheimintie ' || n %% 900",
        "zip_code": "'00100'",
        "sync_error": "''",
        "city": _one_of(CITIES, 3),
        "country_code": "'FIN'",
        "properties": PROPERTIES[connection.vendor],
        "active": "n %% 20 <> 0",
        "sync_state": "CASE WHEN n %% 1000 = 1 THEN 'failed' ELSE 'synced' END",
        "known_remotely": "true",
        "revision": "1",
        "name_key": "lower(last) || ' ' || lower(first)",
        "search_text": "lower(first) || ' ' || lower(last) || ' ' || lower(first) || n || ' example fi ' "
        f"|| level || ' 35840' || number || ' 40' || number || ' <' || {BACKWARDS[connection.vendor]}",
        **dict.fromkeys(["verified_at", "created_at", "updated_at"], PASSING[connection.vendor]),
    }
    people = (
        f"SELECT n, 1000000 + n AS number, {_one_of(FIRST, 1)} AS first, {last} AS last, {level} AS level"
    )
    return (
        f"INSERT INTO contacts_contact ({', '.join(values)}) SELECT {', '.join(values.values())} "
        f"FROM ({people} FROM ({NUMBERS[connection.vendor]}) AS numbers) AS people"
    )


def _one_of(texts: list[str], step: int) -> str:
    cases = " ".join(f"WHEN {place} THEN '{text}'" for place, text in enumerate(texts))
    return f"CASE (n * {step}) %% {len(texts)} {cases} END"


def _expect_words_as_ours(group: Service) -> None:
    """What is made here must be what the product would have made, or something else is measured."""
    for contact in Contact.objects.filter(group=group).order_by("pk")[:200]:
        made = contact.name_key, contact.search_text
        contact.index()
        assert made == (contact.name_key, contact.search_text), f"{made} is not ours"
