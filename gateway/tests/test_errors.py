"""The tree of errors that is drawn is the tree that there is."""

import inspect
import re

from gateway.smartdialog import errors
from gateway.smartdialog.errors import GatewayError


def drawn() -> dict[str, str]:
    """By the name of each error, that of the one it is drawn below."""
    parents: dict[str, str] = {}
    above = [GatewayError.__name__]
    for branches, name in re.findall(r"^([│ ]*)[├└]── (\w+)", errors.__doc__ or "", re.MULTILINE):
        depth = len(branches) // 4 + 1
        above[depth:] = [name]
        parents[name] = above[depth - 1]
    return parents


def test_each_error_is_drawn_below_the_one_that_it_is_a_kind_of():
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    kinds = [each for each in classes if issubclass(each, GatewayError) and each is not GatewayError]

    assert drawn() == {each.__name__: each.__base__.__name__ for each in kinds}
