"""django-newsletter in a process and an environment of its own: people subscribed, listed, and sent to.

`python tests/bench/baseline_newsletter.py PEOPLE` there prints it. It keeps no record of who got it.
"""

import json
import resource
import sys
import time
from collections.abc import Callable

from django.conf import settings

SENT = 500  # messages, whose cost is each one's


def configure() -> None:
    settings.configure(
        INSTALLED_APPS=[
            *(f"django.contrib.{name}" for name in ("contenttypes", "auth", "sites")),
            "newsletter",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "newsletter.sqlite3"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        ROOT_URLCONF="newsletter.urls",
        SITE_ID=1,
        USE_TZ=True,
    )
    import django

    django.setup()


def measure(people: int) -> dict[str, float]:
    from django.contrib.sites.models import Site
    from django.core.management import call_command
    from newsletter.models import Message, Newsletter, Submission, Subscription

    call_command("migrate", verbosity=0)
    newsletter = Newsletter.objects.create(title="News", slug="news", email="a@b.example", sender="Bench")
    newsletter.site.set(Site.objects.all())
    Subscription.objects.bulk_create(
        Subscription(newsletter=newsletter, name_field="Maija", email_field=f"{n}@b.example", subscribed=True)
        for n in range(people)
    )
    message = Message.objects.create(newsletter=newsletter, title="Hei", slug="hei")
    listed: list[Submission] = []
    listing = seconds_of(lambda: listed.append(Submission.from_message(message)))
    some = listed[0].get_subscriptions()[:SENT]
    sending = seconds_of(lambda: [listed[0].send_message(each) for each in some])
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"listing": listing, "each": sending / len(some), "memory": used}


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    configure()
    print(json.dumps(measure(int(sys.argv[1]))))
