"""Lines of a text file that some program has quoted whole, so that all their cells look like one."""

from collections.abc import Collection, Sequence

JUDGED = 200  # lines


def are_wrapped(lines: Sequence[str], delimiters: Collection[str]) -> bool:
    """Whether most are one quoted cell, and within it, as in the others, one and the same delimiter is."""
    filled = [line for line in lines if line.strip()]
    within = [unwrapped(line) for line in filled]
    changed = sum(1 for line, bare in zip(filled, within, strict=True) if line != bare)
    return changed * 2 > len(filled) and any(all(each in line for line in within) for each in delimiters)


def unwrapped(line: str) -> str:
    """What is within the quotation marks; the line itself where it is not one quoted cell."""
    text = line.rstrip("\r\n")
    inner = text[1:-1]
    if len(text) < 2 or text[0] != '"' or text[-1] != '"' or '"' in inner.replace('""', ""):
        return line
    return inner.replace('""', '"') + line[len(text) :]
