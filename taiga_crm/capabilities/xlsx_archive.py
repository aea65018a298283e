"""Open an XLSX file without trusting it: caps before unpacking, no entities, no giant tokens."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from taiga_crm.capabilities.tables import unreadable
from taiga_crm.kernel.errors import InvalidInput

MAX_MEMBERS = 2_000
MAX_DIRECTORY = 1_000_000
MAX_UNPACKED = 200_000_000  # 100,000 rows of 20 cells; nothing of it is held, it is streamed
MAX_RATIO = 100
MAX_TOKEN = 1_000_000
PIECE = 1 << 16
END_OF_DIRECTORY = b"PK\x05\x06"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1


def open_archive(file: IO[bytes]) -> zipfile.ZipFile:
    """Return the archive; InvalidInput for `file` when it is none or is a bomb."""
    size = _check_directory(file)
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, struct.error) as error:
        raise _broken() from error
    members = archive.infolist()
    unpacked = sum(one.file_size for one in members)
    if len(members) > MAX_MEMBERS:
        raise _too_much()
    if unpacked > MAX_UNPACKED or unpacked > max(size, 1) * MAX_RATIO:
        raise _too_much()
    if len({one.filename for one in members}) < len(members):
        raise _broken()
    if any(one.compress_type not in METHODS or one.flag_bits & ENCRYPTED for one in members):
        raise unreadable(_("The file is protected or packed in an unknown way."))
    return archive


def parse(archive: zipfile.ZipFile, member: str, handlers: dict[str, Any]) -> Callable[[], bool]:
    """Return a function that reads one more piece of a member; False at its end."""
    parser: Any = expat.ParserCreate()
    parser.buffer_text = True
    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse_entities
    for name, handler in handlers.items():
        setattr(parser, name, handler)
    try:
        source = archive.open(member)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _broken() from error
    fed = 0

    def step() -> bool:
        nonlocal fed
        try:
            piece = source.read(PIECE)
            fed += len(piece)
            parser.Parse(piece, not piece)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise _broken() from error
        if piece and fed - parser.CurrentByteIndex > MAX_TOKEN:
            raise _too_much()
        return bool(piece)

    return step


def parse_whole(archive: zipfile.ZipFile, member: str, handlers: dict[str, Any]) -> None:
    """Read a whole member."""
    step = parse(archive, member, handlers)
    while step():
        pass


def _check_directory(file: IO[bytes]) -> int:
    """Look at the end of the file before the library reads a directory of millions."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    end = file.read()
    place = end.rfind(END_OF_DIRECTORY)
    if place < 0 or len(end) - place < 22:
        raise _broken()
    members, directory = struct.unpack_from("<HI", end, place + 10)
    if members > MAX_MEMBERS or directory > MAX_DIRECTORY:
        raise _too_much()
    file.seek(0)
    return size


def _refuse_entities(*args: Any) -> None:
    raise unreadable(_("The file declares entities, which no spreadsheet needs."))


def _broken() -> InvalidInput:
    return unreadable(_("The file is not a valid XLSX file."))


def _too_much() -> InvalidInput:
    return unreadable(_("The file would unpack to more than can be read."))
