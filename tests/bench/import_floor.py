"""The FULL floor of an import: parse, check, COPY, leave out doubles, keep a history and a report
of every row; no product code."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from copying import ESCAPES
from data import CITIES, COUNTRIES, Names
from django.db import connection, transaction

HEADER = (
    "Account", "Industry", "Website", "Street", "City", "Postal code", "Country",
    "Registration number", "Employees", "Annual revenue (EUR)", "Email", "Phone",
)  # fmt: skip
WIDTHS = (255, 100, 255, 255, 100, 20, 2, 50, 12, 24, 254, 40)
FAULTY = 50  # every so many rows have a cell that nobody can read
TWICE = 100  # every so many rows name the company of the row before


def write_file(
    path: Path, rows: int, seed: int, industries: list[str], road: str = "street"
) -> None:
    """Write a CSV of companies that nobody knows, some with faults; `road` is in every street."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_lines(rows, seed, industries, road))


def make_target() -> None:
    """Make a bare table with the known companies, and the staging table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS bench_target, bench_staging, bench_history, bench_report;"
            "CREATE UNLOGGED TABLE bench_staging (key text, name text, industry text, website text,"
            " street text, city text, code text, country text, number text, employees int,"
            " revenue numeric, email text, phone text);"
            "CREATE TABLE bench_target (id bigserial PRIMARY KEY, LIKE bench_staging);"
            "INSERT INTO bench_target (key, name, city)"
            " SELECT DISTINCT ON (lower(name)) lower(name), name, city FROM taiga_crm_account;"
            "CREATE UNIQUE INDEX ON bench_target (key); ANALYZE bench_target;"
            "CREATE TABLE bench_history (id bigserial PRIMARY KEY, object_id bigint, label text,"
            " changes jsonb, at timestamptz DEFAULT now());"
            "CREATE INDEX ON bench_history (object_id, id);"
            "CREATE TABLE bench_report (id bigserial PRIMARY KEY, line int, name text,"
            " reason text);"
            "CREATE INDEX ON bench_report (line)"
        )


def drop_target() -> None:
    """Drop the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DROP TABLE IF EXISTS bench_target, bench_staging, bench_history, bench_report"
        )


def load_file(path: Path) -> int:
    """Load a file as fast as this can be done in Python and PostgreSQL; return the new rows."""
    faults: list[tuple[int, str]] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        rows = [tuple(_checked(line, row, faults)) for line, row in enumerate(reader)]
    text = "\n".join("\t".join(row) for row in rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_staging")
        cursor.copy_expert("COPY bench_staging FROM STDIN", io.StringIO(text + "\n"))
        cursor.copy_expert(
            "COPY bench_report (line, name, reason) FROM STDIN", io.StringIO(_report(rows, faults))
        )
        cursor.execute(
            "WITH fresh AS (INSERT INTO bench_target (key, name, industry, website, street,"
            " city, code, country, number, employees, revenue, email, phone)"
            " SELECT DISTINCT ON (s.key) s.* FROM bench_staging s"
            " WHERE NOT EXISTS (SELECT 1 FROM bench_target t WHERE t.key = s.key) RETURNING *)"
            " INSERT INTO bench_history (object_id, label, changes) SELECT id, name,"
            " (SELECT jsonb_agg(jsonb_build_object('field', one.key, 'old', '', 'new', one.value))"
            " FROM jsonb_each_text(to_jsonb(fresh)) AS one) FROM fresh"
        )
        return int(cursor.rowcount)


def _report(rows: list[tuple[str, ...]], faults: list[tuple[int, str]]) -> str:
    reasons = dict(faults)
    lines = (
        f"{line}\t{row[1]}\t{reasons.get(line, '').translate(ESCAPES)}\n"
        for line, row in enumerate(rows)
    )
    return "".join(lines)


def _checked(line: int, row: list[str], faults: list[tuple[int, str]]) -> Iterator[str]:
    yield row[0].strip().lower().translate(ESCAPES)
    for place, cell in enumerate(row):
        text = cell.strip()
        if len(text) > WIDTHS[place]:
            faults.append((line, text[:50]))
            text = ""
        if place in (8, 9):
            text = _number(line, text, faults)
        elif place == 10 and text and "@" not in text:
            faults.append((line, text))
            text = ""
        yield text.translate(ESCAPES) if text or place not in (8, 9) else "\\N"


def _number(line: int, text: str, faults: list[tuple[int, str]]) -> str:
    try:
        return str(Decimal(text)) if text else ""
    except InvalidOperation:
        faults.append((line, text))
        return ""


def _lines(rows: int, seed: int, industries: list[str], road: str) -> Iterator[tuple[object, ...]]:
    chance = random.Random(seed)
    names = Names(chance)
    name = ""
    for number in range(rows):
        stem, domain = names.company(number)
        name = name if number % TWICE == TWICE - 1 else f"{stem} {seed} {number}"
        yield (
            name, chance.choice(industries), f"https://{domain}", f"{stem} {road} {number % 90}",
            chance.choice(CITIES), f"{chance.randint(10_000, 99_999)}", chance.choice(COUNTRIES),
            f"{seed}-{number}", "many" if number % FAULTY == 7 else chance.randint(1, 5_000),
            chance.randint(10, 90_000) * 1_000, f"office{number}.{seed}@{domain}",
            f"+82 2 {chance.randint(100, 999)} {chance.randint(1000, 9999)}",
        )  # fmt: skip
