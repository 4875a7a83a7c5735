"""A large inbox, made in the database: its people, threads, messages, labels, and who has read what."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Max

from accounts.models import Customer, Role, User
from contacts.models import Contact
from gateway import clock
from gateway.models import HookKind, HookSubscription, Service, ServiceKind, SubscriptionState
from messaging.inbox.models import Label, Message, Thread, ThreadRead
from messaging.inbox.search.words import kept_number, kept_words
from tests.bench import bulk_contacts
from tests.bench.bulk_contacts import BACKWARDS, NUMBERS
from tests.database import is_kept
from tests.factories import make_connection, make_service
from tests.people import make_person

CUSTOMER = "customer-inbox-bench"
PEOPLE, LABELS = 20, 5
KNOWN = 0.7  # of those who wrote are contacts
OF_EACH = 10  # messages of a thread; those of all the others come in between
SECONDS_APART = 6  # messages
NEWEST_READ = 1_000  # waiting threads, by the first of the people; of few threads half of them
BATCH = 250_000  # messages in a transaction
RARE, RARE_ROWS = "zorbium", 7  # so many have it, however many there are
EACH_WORD = {"avoinna": 23, "sunnuntai": 101, "tilaus": 1_009}  # one of so many messages has it; kiitos: 20
FILLING = [7919, 104_729, 15_485_863, 32_452_843, 49_979_687, 67_867_967, 86_028_121, 104_395_301]
WORDS = 8_000  # that fill messages, the first of them far more often than the last

MOMENT = {
    "postgresql": "%(now)s - ({ago}) * interval '1 second'",
    "sqlite": "datetime(%(now)s, '-' || ({ago}) || ' seconds')",
}
UUID = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}

Columns = dict[str, str]  # what is put into each, in SQL, of a row numbered n


@contextmanager
def large_inbox(threads: int) -> Iterator[tuple[Customer, list[User]]]:
    """As an earlier run left it, where the database is kept."""
    customer = Customer.objects.filter(remote_id=CUSTOMER).first() or _filled(threads)
    _subscribe(customer)
    try:
        yield customer, list(User.objects.filter(customers=customer).order_by("pk"))
    finally:
        if not is_kept():
            _remove(customer)


def _filled(threads: int) -> Customer:
    customer = Customer.objects.create(remote_id=CUSTOMER, name="Bench Oy")
    people = [make_person(f"Reader {number}", Role.MARKETER, customer) for number in range(PEOPLE)]
    make_connection(people[0])
    make_service(customer, allows_reply=True)
    bulk_contacts.fill(make_service(customer, kind=ServiceKind.GROUP), int(threads * KNOWN))
    with connection.cursor() as cursor:
        _Rows(cursor, customer, people[0].pk, threads).insert()
        vacuums = connection.vendor == "postgresql" and not connection.in_atomic_block
        cursor.execute("VACUUM ANALYZE" if vacuums else "ANALYZE")
    _expect_words_as_ours(customer)
    return customer


def _subscribe(customer: Customer) -> None:
    """Messages come here, as they did: else each page of the inbox offers to begin."""
    for service in Service.objects.of_customer(customer).two_way():
        HookSubscription.objects.get_or_create(
            customer=customer,
            service=service,
            kind=HookKind.INBOUND,
            defaults={"state": SubscriptionState.ACTIVE, "digest": f"bench-{service.pk}"},
        )


class _Rows:
    """Thread n of so many has the messages n, n + threads, n + 2 threads and so on, the last of them theirs.

    Every second is open, every fourth waits for us. Everybody has read one of PEOPLE threads, and `reader`
    the newest that wait, too.
    """

    def __init__(self, cursor: Any, customer: Customer, reader: int, threads: int) -> None:
        self.cursor, self.customer, self.reader, self.threads = cursor, customer, reader, threads
        self.service = make_service(customer, kind=ServiceKind.TWO_WAY)
        self.first_thread, self.first_message = _next_key(Thread), _next_key(Message)
        self.messages = threads * OF_EACH

    def insert(self) -> None:
        self._insert(Thread, self._thread(), self.threads)
        definitions = self._drop_indexes()
        for start in range(0, self.messages, BATCH):
            self._insert(Message, self._message(), min(BATCH, self.messages - start), start=start)
        for definition in definitions:
            self.cursor.execute(definition)
        self._insert(ThreadRead, self._read("n %% {PEOPLE}"), self.threads)
        newest_read = min(4 * NEWEST_READ, self.threads // 2)
        is_newest = f"n %% 4 = 0 AND n %% {PEOPLE} > 0 AND n >= {self.threads - newest_read}"
        self._insert(ThreadRead, self._read("0"), self.threads, where=is_newest)
        self._insert(Thread.labels.through, self._labelled(), self.threads, where="n %% 10 = 1")
        for model in [Thread, Message] if connection.vendor == "postgresql" else []:
            self.cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), max(id))"
                f" FROM {model._meta.db_table}"
            )

    def _insert(
        self, model: Any, columns: Columns, rows: int, *, start: int = 0, where: str = "true"
    ) -> None:
        quoted = connection.ops.quote_name
        numbers = f"SELECT CAST(n AS bigint) - 1 + {start} AS n FROM ({NUMBERS[connection.vendor]}) AS every"
        self.cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(map(quoted, columns))})"
            f" SELECT {', '.join(columns.values())}"
            f" FROM ({numbers}) AS rows WHERE {where}",
            {"rows": rows, "now": connection.ops.adapt_datetimefield_value(clock.now())},
        )

    def _thread(self) -> Columns:
        number = f"({1_000_000 + self.threads} - n)"  # the latest are contacts
        last = f"n + {self.messages - self.threads}"
        return {
            "id": f"{self.first_thread} + n",
            "customer_id": f"{self.customer.pk}",
            "service_id": f"{self.service.pk}",
            "address": f"'+35840' || {number}",
            "search_text": f"'@{self.customer.pk} 35840' || {number} || ' 40' || {number} || ' <' || "
            + BACKWARDS[connection.vendor].replace("number", number),
            "our_address": "'+358451234567'",
            "state": "CASE WHEN n %% 2 = 0 THEN 'open' ELSE 'closed' END",
            "assignee_id": f"CASE WHEN n %% 5 = 2 THEN {self.reader} + n %% {PEOPLE} END",
            "unanswered_since": f"CASE WHEN n %% 4 = 0 THEN {self._at(last)} END",
            "newest_received": f"{self.first_message} + {last}",
            "last_message_at": self._at(last),
            "last_text": "'Hei, kiitos viestista'",
            "last_direction": "'in'",
            "last_channel": "'SMS'",
        }

    def _message(self) -> Columns:
        is_ours = f"n / {self.threads} %% 2 = 0"
        texts = {"our_address", "intent", "error_text"}
        return {
            "id": f"{self.first_message} + n",
            "uuid": UUID[connection.vendor],
            "thread_id": f"{self.first_thread} + n %% {self.threads}",
            "direction": f"CASE WHEN {is_ours} THEN 'out' ELSE 'in' END",
            "content": f"'Hei, ' || {self._words()}",
            "search_text": f"'@{self.customer.pk} hei ' || {self._words()}",
            "attachments": "'[]'",
            "values": "'[]'",
            "protocol": "'SMS'",
            "remote_id": f"CASE WHEN {is_ours} THEN '' ELSE 'message-' || n END",
            "state": f"CASE WHEN {is_ours} THEN 'delivered' ELSE '' END",
            "created_by_id": f"CASE WHEN {is_ours} THEN {self.reader} + n %% {PEOPLE} END",
            **dict.fromkeys(["at", "received_at"], self._at("n")),
            **dict.fromkeys(texts, "''"),
            **dict.fromkeys(["automatic", "tried_again", "dismissed"], "false"),
        }

    def _words(self) -> str:
        """About 100 letters, of every tenth with the number of an order."""
        rare = max(1, self.messages // RARE_ROWS)
        filling = [f"((n * {prime} %% {WORDS}) * (n * {prime} %% {WORDS}) / {WORDS})" for prime in FILLING]
        begun = "'sana' || " + " || ' sana' || ".join(filling)
        thanks = (
            "CASE WHEN n %% 60 = 0 THEN ' kiitos paljon' WHEN n %% 60 = 20 THEN ' paljon kiitos'"
            " WHEN n %% 60 = 40 THEN ' kiitos' ELSE '' END"
        )
        some = [f"CASE WHEN n %% {each} = 1 THEN ' {word}' ELSE '' END" for word, each in EACH_WORD.items()]
        order = "CASE WHEN n %% 10 = 3 THEN ' numero ' || (70000000 + n) ELSE '' END"
        seldom = f"CASE WHEN n %% {rare} = 0 THEN ' {RARE}' ELSE '' END"
        return " || ".join([begun, thanks, *some, order, seldom])

    def _read(self, person: str) -> Columns:
        last = f"n + {self.messages - self.threads}"
        return {
            "thread_id": f"{self.first_thread} + n",
            "user_id": f"{self.reader} + {person.format(PEOPLE=PEOPLE)}",
            "up_to": f"{self.first_message} + {last}",
        }

    def _labelled(self) -> Columns:
        labels = [Label.objects.create(customer=self.customer, name=f"Label {n}") for n in range(LABELS)]
        return {"thread_id": f"{self.first_thread} + n", "label_id": f"{labels[0].pk} + n / 10 %% {LABELS}"}

    def _at(self, message: str) -> str:
        ago = f"({self.messages} - ({message})) * {SECONDS_APART}"
        return MOMENT[connection.vendor].format(ago=ago)

    def _drop_indexes(self) -> list[str]:
        """Of messages, which are made sooner once the rows are there; and how they are made again."""
        if connection.vendor == "sqlite":
            return []
        self.cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [Message._meta.db_table],
        )
        found = dict(self.cursor.fetchall())
        for name in found:
            self.cursor.execute(f"DROP INDEX {name}")
        return list(found.values())


def _next_key(model: Any) -> int:
    return (model.objects.aggregate(last=Max("pk"))["last"] or 0) + 1


def _remove(customer: Customer) -> None:
    tables = [model._meta.db_table for model in (Message, ThreadRead, Thread.labels.through, Thread, Contact)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        else:
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")
    people = list(User.objects.filter(customers=customer))
    customer.delete()
    User.objects.filter(pk__in=[person.pk for person in people]).delete()


def _expect_words_as_ours(customer: Customer) -> None:
    """What is made here must be what the product would have made, or something else is measured."""
    for message in Message.objects.order_by("-pk")[:200]:
        assert message.search_text == kept_words(customer.pk, message.content), f"{message.pk} is not ours"
    for thread in Thread.objects.order_by("-pk")[:200]:
        assert thread.search_text == kept_number(customer.pk, thread.address), f"{thread} is not ours"
