"""Fixtures of the whole suite: the database, a client with a token, and the personas."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from api_client import ApiClient
from listening import Listener, listening

from personas import PERSONAS, World, make_world


def pytest_configure(config: Any) -> None:
    """Let hypothesis take its time; a Taiga's Python does not have it."""
    if config.pluginmanager.hasplugin("hypothesispytest"):
        from hypothesis import settings

        settings.register_profile("suite", deadline=None, derandomize=bool(os.getenv("CI")))
        settings.load_profile("suite")


@pytest.fixture
def api(db: None) -> Callable[..., ApiClient]:
    """Return a function that makes a client for a person; None is anonymous."""
    return ApiClient


@pytest.fixture
def configured(settings: Any) -> Iterator[Callable[..., None]]:
    """Return a function that changes our settings for one test."""
    from taiga_crm import conf

    def configure(**values: Any) -> None:
        settings.TAIGA_CRM = {**settings.TAIGA_CRM, **values}
        conf.conf.cache_clear()

    yield configure
    conf.conf.cache_clear()


@pytest.fixture
def listener(configured: Callable[..., None]) -> Iterator[Listener]:
    """Return a server on the loopback that webhooks may reach."""
    with listening() as one:
        configured(webhook_http=True, webhook_ports=[one.port], webhook_inside=["127.0.0.1"])
        yield one


@pytest.fixture
def world(db: None) -> World:
    """Return a project with the CRM on and all personas in it."""
    return make_world()


def _persona(name: str) -> Any:
    @pytest.fixture(name=name)
    def person(world: World) -> Any:
        return world.people[name]

    person.__doc__ = f"Return the {name} of the world."
    return person


for _name in PERSONAS:
    globals()[f"persona_{_name}"] = _persona(_name)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say aloud what an earlier step of `make test` could not run."""
    for line in filter(None, os.environ.get("TAIGA_CRM_NOT_RUN", "").split("\n")):
        terminalreporter.write_line(f"NOT RUN: {line}", yellow=True)
    for line in filter(None, os.environ.get("TAIGA_CRM_FAILED", "").split("\n")):
        terminalreporter.write_line(f"FAILED EARLIER: {line}", red=True)
