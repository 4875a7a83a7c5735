"""What may have been meant by a name that nothing bears."""

import difflib
from collections.abc import Iterable

MOST = 3


def near(name: str, names: Iterable[str]) -> list[str]:
    """Those that look like it, the likest first."""
    by_folded = {each.casefold(): each for each in names}
    return [by_folded[each] for each in difflib.get_close_matches(name.casefold(), by_folded, MOST)]
