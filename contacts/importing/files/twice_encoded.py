"""UTF-8 that some program took for Windows letters and encoded again: "Ã„ijÃ¤" in place of "Äijä"."""

import codecs
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

TWICE = "utf8_twice"  # as Python calls it once this is imported
_KEEP = "utf8_twice.keep"


def _kept(error: UnicodeError) -> tuple[bytes, int]:
    """What Windows has no letter for: a byte without a meaning, or a character that was encoded once."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    kept = error.object[error.start : error.end]
    return b"".join(bytes([ord(each)]) if ord(each) < 0x100 else each.encode() for each in kept), error.end


class _TwiceDecoder(codecs.IncrementalDecoder):
    def __init__(self, errors: str = "strict") -> None:
        super().__init__(errors)
        self._outer = codecs.getincrementaldecoder("utf-8-sig")(errors)
        self._inner = codecs.getincrementaldecoder("utf-8-sig")(errors)

    def decode(self, data: "ReadableBuffer", final: bool = False) -> str:
        return self._inner.decode(self._outer.decode(data, final).encode("cp1252", _KEEP), final)

    def reset(self) -> None:
        self._outer.reset()
        self._inner.reset()


def _decode(data: "ReadableBuffer", errors: str = "strict") -> tuple[str, int]:
    content = bytes(data)
    return _TwiceDecoder(errors).decode(content, final=True), len(content)


def _encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
    return text.encode().decode("cp1252", errors).encode(), len(text)


def _info(name: str) -> codecs.CodecInfo | None:
    if name != TWICE:
        return None
    return codecs.CodecInfo(_encode, _decode, name=TWICE, incrementaldecoder=_TwiceDecoder)


codecs.register_error(_KEEP, _kept)
codecs.register(_info)
