"""Collect the package's messages, merge them into each language's catalogue, compile it.

`--check` changes nothing and fails when a catalogue or its compiled form is not current.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "taiga_crm"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("ko",)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
NOT_OURS = {"front", "static", "locale", "migrations", "__pycache__"}


class SteadyCatalog(Catalog):
    """A catalogue whose header names neither a date nor a version: no change, no difference."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return what Django needs."""
        return [
            ("Project-Id-Version", "taiga_crm"),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def main(arguments: list[str]) -> int:
    """Renew the catalogues, or only compare them."""
    faults = []
    for language in LANGUAGES:
        po, mo = po_path(language), po_path(language).with_suffix(".mo")
        catalog = updated(language)
        faults += [f"{po.relative_to(ROOT)}: {text}" for text in untranslated(catalog)]
        for path, content in ((po, po_bytes(catalog)), (mo, mo_bytes(catalog))):
            if path.exists() and path.read_bytes() == content:
                continue
            if "--check" in arguments:
                faults.append(f"{path.relative_to(ROOT)} is not current: make messages")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                print(f"Renewed {path.relative_to(ROOT)}")
    print("\n".join(faults), file=sys.stderr) if faults else None
    return 1 if faults else 0


def po_path(language: str) -> Path:
    """Return the place of a language's catalogue."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def updated(language: str) -> Catalog:
    """Return a language's catalogue with exactly the messages of today, in the code's order."""
    path = po_path(language)
    known = read_po(io.BytesIO(path.read_bytes() if path.exists() else b""), locale=language)
    catalog = SteadyCatalog(locale=language, project="taiga_crm", fuzzy=False)
    catalog.header_comment = f"# Messages of taiga_crm in {catalog.locale.english_name}."
    for name, _line, message, comments, context in _extracted():
        before = known.get(message, context)
        catalog.add(
            message,
            before.string if before else None,
            locations=[(str(Path("taiga_crm") / name), None)],
            flags=before.flags if before else (),
            auto_comments=comments,
            context=context,
        )
    return catalog


def _extracted() -> list[Any]:
    found = extract_from_dir(
        str(PACKAGE),
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda folder: Path(folder).name not in NOT_OURS,
    )
    return sorted(found, key=lambda one: one[:2])


def untranslated(catalog: Catalog) -> list[str]:
    """Return what is wrong with single messages: missing, fuzzy, other placeholders."""
    faults = []
    for message in catalog:
        if not message.id:
            continue
        parts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
        if not all(parts):
            faults.append(f"no translation of “{message.id}”")
        elif message.fuzzy:
            faults.append(f"the translation of “{message.id}” is fuzzy")
        else:
            faults += [f"“{message.id}”: {error}" for error in message.check(catalog)]
    return faults


def po_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as text for translators; places without line numbers."""
    file = io.BytesIO()
    write_po(file, catalog, width=96, include_lineno=False)
    return file.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as Django reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
