"""The journey of a webhook: added, tried out, told of a change, verified by the receiver."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from embedded_host import HOOK_PORT
from playwright.sync_api import Page, expect
from prepared import Prepared
from shells import Shell

pytestmark = pytest.mark.browser
SOON = 30_000


@pytest.fixture
def received(shell: Shell, unique: str) -> Iterator[list[Any]]:
    """Listen where the host may send webhooks to; return what came to us: (headers, body)."""
    if HOOK_PORT not in os.environ:
        pytest.skip(f"name the port that the host may call: {HOOK_PORT}")
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == f"/{unique}":
                got.append((dict(self.headers), body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"thank you")

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", int(os.environ[HOOK_PORT])), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield got
    server.shutdown()
    server.server_close()


@pytest.fixture
def name(prepared: Prepared, unique: str) -> Iterator[str]:
    """Return the name of a webhook; delete it afterwards."""
    yield f"Shop {unique}"
    project = prepared.project["id"]
    for row in prepared.boss.get(f"/crm/webhooks?project={project}"):
        if unique in row["name"]:
            prepared.boss.delete(f"/crm/webhooks/{row['id']}")


def is_genuine(message: Any, secret: str) -> bool:
    headers, body = message
    signed = headers["X-Crm-Timestamp"].encode() + b"." + body
    wanted = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return bool(headers["X-Crm-Signature"] == f"sha256={wanted}")


def test_a_webhook_is_added_tried_and_told_of_a_change(
    enter: Callable[..., Page],
    shell: Shell,
    prepared: Prepared,
    unique: str,
    received: list[Any],
    name: str,
) -> None:
    account = prepared.account(f"Golden {unique}")
    page = enter("boss", shell.crm("/settings"))
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_role("button", name="Add a webhook").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("textbox", name="Address").fill("http://169.254.169.254/")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Only these ports are called")
    address = f"http://127.0.0.1:{os.environ[HOOK_PORT]}/{unique}"
    dialog.get_by_role("textbox", name="Address").fill(address)
    dialog.get_by_role("button", name="Save", exact=True).click()
    secret = dialog.get_by_role("textbox", name="Secret").input_value()
    dialog.get_by_role("button", name="Close", exact=True).last.click()

    page.get_by_role("button", name=f"Send a test to {name}").click()
    lines = page.locator(".log-rows li")
    expect(lines.first).to_contain_text("HTTP 200", timeout=SOON)
    assert received[0][0]["X-Crm-Event"] == "ping"
    assert is_genuine(received[0], secret)

    record = prepared.boss.get(f"/crm/accounts/{account['id']}")
    prepared.boss.patch(
        f"/crm/accounts/{account['id']}", {"version": record["version"], "city": "Oslo"}
    )
    page.reload()
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("HTTP 200", timeout=SOON)
    assert is_genuine(received[1], secret)
    body = json.loads(received[1][1])
    assert (body["event"], body["record"]["id"]) == ("account.changed", account["id"])
    assert body["changes"] == [{"field": "city", "old": "", "new": "Oslo"}]

    lines.first.get_by_role("button").first.click()
    expect(lines.first.get_by_label("Body")).to_contain_text('"event": "account.changed"')
    expect(lines.first.get_by_label("Answer")).to_have_text("thank you")
    lines.first.get_by_role("button", name="Send again").click()
    expect(lines.first).to_contain_text("2 attempts", timeout=SOON)
    numbers = [headers["X-Crm-Delivery"] for headers, _body in received[1:]]
    assert numbers == [body["id"], body["id"]]
