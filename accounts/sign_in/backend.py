"""Who is signed in, as each request reads it. Of passwords, Django's own backend knows."""

from django.contrib.auth.backends import BaseBackend

from accounts.models import User, active_person


class PeopleBackend(BaseBackend):
    def get_user(self, user_id: int) -> User | None:
        """With the customers whom they reach, for every page asks for these."""
        return active_person(user_id)
