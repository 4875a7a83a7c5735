"""How a person comes by their name: from their sign-in where that says one, else from themselves."""

from django.db import IntegrityError, transaction

from accounts.errors import UserError
from accounts.models import User
from accounts.people import names
from accounts.trail import audit


class NameRefused(UserError):
    text = (
        "Somebody here has this name already, or one that looks like it, or it is the dashboard’s own, or a "
        "word of it mixes alphabets. Choose another; your present name is kept."
    )


@transaction.atomic
def rename(user: User, name: str) -> None:
    """What a person calls themselves. Raises NameRefused."""
    name = names.cleaned(name)
    if name == user.name:
        return
    if user.named_by_sign_in or (name and not is_free(name, but=user)):
        raise NameRefused
    _store(user, name, by_sign_in=False)


def follow_sign_in(user: User, told: str) -> None:
    """Take over the name that the sign-in says, numbered where another has it; nothing where it says none."""
    told = names.cleaned(told)
    if not told or (user.named_by_sign_in and user.name in names.numbered(told)):
        return
    name = free_form(told, but=user)
    if name:
        with transaction.atomic():
            _store(user, name, by_sign_in=True)


def free_form(told: str, *, but: User | None = None) -> str:
    """The name, with a number where others have it; "" where nobody may be called so."""
    return next((each for each in names.numbered(names.cleaned(told)) if is_free(each, but=but)), "")


def is_free(name: str, *, but: User | None = None) -> bool:
    keys = names.skeletons(name)
    if not all(keys) or any(map(names.is_own, keys)) or names.is_deceptive(name):
        return False
    others = User.objects.exclude(pk=but.pk) if but else User.objects.all()
    return not others.filter(name_key__in=keys).exists()


def _store(user: User, name: str, *, by_sign_in: bool) -> None:
    before, was_by_sign_in = user.name, user.named_by_sign_in
    user.name, user.named_by_sign_in = name, by_sign_in
    try:
        with transaction.atomic():
            user.save(update_fields=["name", "named_by_sign_in"])
    except IntegrityError as error:  # another took it in this moment
        user.name, user.named_by_sign_in = before, was_by_sign_in
        raise NameRefused from error
    if name != before:
        audit.record(
            actor=user,
            customer=None,
            verb="person.renamed",
            subject=user,
            before={"name": before},
            after={"name": name, "from_sign_in": by_sign_in},
        )
