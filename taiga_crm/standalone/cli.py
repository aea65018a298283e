"""The command `taiga-crm`: the demo, the tests' database, and Django's own commands."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from taiga_crm import __version__


def main(argv: list[str] | None = None) -> int:
    """Run one sub-command and return its exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taiga_crm.standalone.settings")
    if arguments[:1] == ["manage"]:
        return _manage(arguments[1:])
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="taiga-crm", description="The CRM on its embedded host.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="start the product with sample data")
    demo.add_argument("--reset", action="store_true", help="delete the demo's data first")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--host", default="127.0.0.1", help="address to listen on")
    demo.set_defaults(run=_demo)
    test_db = commands.add_parser("test-db", help="keep the tests' PostgreSQL running")
    test_db.add_argument("--data", type=Path, default=Path(".test-db/pg"))
    test_db.set_defaults(run=_test_db)
    commands.add_parser("manage", help="run a Django command: taiga-crm manage check")
    return parser


def _manage(arguments: list[str]) -> int:
    from django.core.management import ManagementUtility

    ManagementUtility(["taiga-crm manage", *(arguments or ["help"])]).execute()
    return 0


def _demo(options: argparse.Namespace) -> int:
    from taiga_crm.standalone.demo.start import DemoRefused, start

    try:
        start(host=options.host, port=options.port, reset=options.reset)
    except DemoRefused as refusal:
        print(f"taiga-crm demo: {refusal}", file=sys.stderr)
        return 1
    return 0


def _test_db(options: argparse.Namespace) -> int:
    from taiga_crm.standalone.database_url import NAME
    from taiga_crm.standalone.embedded_postgres import SUPERUSER, socket_directory

    socket = socket_directory(options.data.absolute(), database=NAME, durable=False)
    print(f"DATABASE_URL=postgres://{SUPERUSER}@/{NAME}?host={socket}")
    print("The server stays up until you press Enter or Ctrl-C.")
    try:
        sys.stdin.readline()
    except KeyboardInterrupt:
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
