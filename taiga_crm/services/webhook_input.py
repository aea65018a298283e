"""Read what somebody says about a webhook; refuse addresses that are not called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.outgoing import DOOR, Door, checked_target, look_up
from taiga_crm.capabilities.webhook_events import EVENTS, told_kinds
from taiga_crm.conf import conf
from taiga_crm.kernel.addresses import AddressFault
from taiga_crm.kernel.errors import InvalidInput

MAX_NAME = 120
Values = dict[str, Any]
Faults = dict[str, list[str]]


def read_webhook(data: Mapping[str, Any], *, creating: bool, door: Door = DOOR) -> Values:
    """Return the values that are given; InvalidInput with all faults.

    Looks the name of the address up, so it is called outside of a transaction.
    """
    faults: Faults = {}
    values: Values = {}
    for name, read in READERS.items():
        if name in data or (creating and name in REQUIRED):
            try:
                values[name] = read(data.get(name))
            except ValueError as fault:
                faults[name] = [str(fault)]
    if "url" in values:
        try:
            look_up(checked_target(values["url"]), door)
        except AddressFault as fault:
            faults["url"] = [address_text(fault.code)]
    if faults:
        raise InvalidInput(faults)
    return values


def address_text(code: str) -> str:
    """Return why an address is not called, in the reader's language."""
    ports = ", ".join(str(port) for port in conf().webhook_ports)
    scheme = _("The address must begin with https://.")
    if conf().webhook_http:
        scheme = _("The address must begin with https:// or http://.")
    return {
        "scheme": scheme,
        "credentials": _("The address must not contain a user name or password."),
        "host": _("The address needs a host by its name, or by an IP address as usually written."),
        "port": _("Only these ports are called: %s") % ports,
        "address": _("This host was not found, or lies inside a network that is not called."),
    }.get(code, _("This is no web address."))


def _name(value: Any) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or "\0" in text:
        raise ValueError(_("This field is required."))
    if len(text) > MAX_NAME:
        raise ValueError(_("At most %d characters.") % MAX_NAME)
    return text


def _url(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(_("This field is required."))
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Yes or no is expected."))
    return value


def _some_of(value: Any, known: list[str]) -> list[str]:
    if not isinstance(value, list) or any(one not in known for one in value):
        raise ValueError(_("Choose one from the list."))
    if not value:
        raise ValueError(_("Choose at least one."))
    return [one for one in known if one in value]


def _kinds(value: Any) -> list[str]:
    return _some_of(value, [one.key for one in told_kinds()])


def _events(value: Any) -> list[str]:
    return _some_of(value, list(EVENTS))


READERS: dict[str, Any] = {
    "name": _name,
    "url": _url,
    "kinds": _kinds,
    "events": _events,
    "is_active": _flag,
}
REQUIRED = ("name", "url", "kinds", "events")
