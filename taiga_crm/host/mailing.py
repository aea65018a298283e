"""Mails by Django's configured backend, which every supported host has."""

from __future__ import annotations

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage

from taiga_crm.host.port import MailRefused


def send_plain_mail(user: Any, subject: str, text: str) -> None:
    """Send one mail to an active person with an address; MailRefused when it was not taken."""
    if not user.is_active or getattr(user, "is_system", False) or not user.email:
        return
    message = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        raise MailRefused(type(error).__name__) from error


def language_of(user: Any) -> str:
    """Return the language the person has chosen, else the installation's."""
    return str(getattr(user, "lang", "") or settings.LANGUAGE_CODE)


def address_of(site: dict[str, str], path: str) -> str:
    """Return a page's address on a site given by `scheme` and `domain`."""
    return f"{site.get('scheme') or 'http'}://{site['domain'].rstrip('/')}/{path}"
