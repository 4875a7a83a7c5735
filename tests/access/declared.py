"""Who may use each address. An address that is not declared here fails the suite."""

from enum import Enum


class Role(Enum):
    PUBLIC = "anybody, signed in or not"
    WAITING = "anybody signed in, approved or not"
    PERSON = "any approved person; what it changes is their own"
    VIEWER = "any approved person; it changes nothing"
    MARKETER = "marketers and admins; a viewer's post is 403"
    WRITER = "marketers and admins; a viewer gets 403 for looking, too"
    ADMIN = "admins"


# By name. An address with an id is tried with one of the person's own customer and one of a stranger's.
DECLARED = {
    "overview": Role.VIEWER,
    "accounts:sign_in": Role.PUBLIC,
    "accounts:sign_out": Role.WAITING,
    "accounts:waiting": Role.WAITING,
    "accounts:switch_customer": Role.PERSON,
    "accounts:connect": Role.VIEWER,
    "accounts:preferences": Role.PERSON,
    "settings:people": Role.ADMIN,
    "settings:approval": Role.ADMIN,
    "settings:role": Role.ADMIN,
    "settings:activity": Role.ADMIN,
    "settings:audit": Role.ADMIN,
    "settings:styleguide": Role.ADMIN,
    "gateway:sign_in": Role.PUBLIC,
    "gateway:callback": Role.PUBLIC,
    "gateway:inbound": Role.PUBLIC,
    "gateway:delivery": Role.PUBLIC,
    "gateway:healthz": Role.PUBLIC,
    "gateway:live": Role.VIEWER,
    "gateway:meter": Role.VIEWER,
    "gateway:pausing": Role.MARKETER,
    "gateway:usage": Role.ADMIN,
    "gateway:operations": Role.ADMIN,
    "gateway:retry_failed": Role.ADMIN,
    "gateway:retry": Role.ADMIN,
    "gateway:services": Role.ADMIN,
    "gateway:read_services": Role.ADMIN,
    "gateway:subscribing": Role.ADMIN,
    "gateway:revoking": Role.ADMIN,
    "gateway:system": Role.ADMIN,
}
