"""XML parts of an archive, parsed as a stream; stopped, as the bytes come, at what no spreadsheet holds."""

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from xml.parsers.expat import ParserCreate, XMLParserType

from contacts.importing.files import refusals

_BLOCK = 64 * 1024
_MAX_TOKEN = 256 * 1024  # bytes of one tag with its attributes
_COSTLY = (b"<", b"=", b"&")  # of each tag, attribute and reference
_ANY, _A_BYTE = 1_500_000, 2.5  # of the most frequent of them; a list of contacts has one or two a byte

OnStart = Callable[[str, dict[str, str]], None]
OnEnd = Callable[[str], None]


class XmlParts:
    """Of one archive; what is costly about all its parts together is counted."""

    def __init__(self, archive: zipfile.ZipFile, size: int, *, deepest: int) -> None:
        """`size`: of the packed file. `deepest`: how deep elements may lie in elements."""
        self._archive, self._deepest = archive, deepest
        self._left = _ANY + _A_BYTE * size

    def size(self, name: str) -> int:
        """Unpacked."""
        return self._archive.getinfo(posixpath.normpath(name)).file_size

    def parse(
        self,
        name: str,
        start: OnStart,
        end: OnEnd | None = None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Parse a part, and pause after each block of it."""
        parser = _parser(start, end, text, self._deepest)
        fed = 0
        with self._archive.open(posixpath.normpath(name)) as part:
            while block := part.read(_BLOCK):
                self._count(block)
                parser.Parse(block, False)
                fed += len(block)
                if fed - parser.CurrentByteIndex > _MAX_TOKEN:
                    raise refusals.damaged("workbook")
                yield
            parser.Parse(b"", True)
            yield

    def _count(self, block: bytes) -> None:
        self._left -= max(map(block.count, _COSTLY))
        if self._left < 0:
            raise refusals.large_workbook()


def _parser(
    start: OnStart, end: OnEnd | None, text: Callable[[str], None] | None, deepest: int
) -> XMLParserType:
    depth = 0

    def started(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise refusals.damaged("workbook")
        start(name, attributes)

    def ended(name: str) -> None:
        nonlocal depth
        depth -= 1
        if end is not None:
            end(name)

    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    parser.StartDoctypeDeclHandler = _refuse_entities
    return parser


def _refuse_entities(*_declaration: object) -> None:
    """No workbook declares a document type; a hostile one does, to let a few bytes stand for many."""
    raise refusals.damaged("workbook")
