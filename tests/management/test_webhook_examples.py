"""The examples of the user guide verify what we sign."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from taiga_crm.capabilities.webhook_signing import signature

PAGE = Path(__file__).resolve().parents[2] / "docs" / "user-guide" / "webhooks.md"
NOW, BODY, SECRET = 1_777_889_472, '{"name":"Ünal"}'.encode(), "whsec_one"


def example(language):
    (code,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return code


def headers(*secrets, at=NOW):
    signed = [f"sha256={signature(one, str(at), BODY)}" for one in secrets]
    return {"X-Crm-Timestamp": str(at), "X-Crm-Signature": ", ".join(signed)}


CASES = [
    (headers(SECRET), BODY, True),
    (headers("whsec_new", SECRET), BODY, True),
    (headers("whsec_new"), BODY, False),
    (headers(SECRET), BODY + b" ", False),
    (headers(SECRET, at=NOW - 3600), BODY, False),
    ({**headers(SECRET), "X-Crm-Timestamp": str(NOW + 1)}, BODY, False),
    ({**headers(SECRET), "X-Crm-Signature": ""}, BODY, False),
]


@pytest.mark.parametrize("given, body, genuine", CASES)
def test_the_python_example_verifies(given, body, genuine):
    scope = {}
    exec(example("python"), scope)
    assert scope["is_genuine"](given, body, SECRET, now=NOW) is genuine


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_node_example_verifies():
    cases = [
        [{name.lower(): value for name, value in given.items()}, body.decode()]
        for given, body, _genuine in CASES
    ]
    code = example("js") + (
        "const cases = JSON.parse(require('node:fs').readFileSync(0));\n"
        "console.log(JSON.stringify(cases.map(([headers, body]) =>"
        f" isGenuine(headers, Buffer.from(body), '{SECRET}', {NOW}))));"
    )
    done = subprocess.run(
        ["node", "-e", code], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == [genuine for *_case, genuine in CASES]


def test_the_example_of_a_delivery_is_json_with_the_parts_there_are():
    shown = json.loads(example("json"))
    assert {*shown} == {
        "version", "id", "event", "action", "at", "kind", "actor", "webhook", "record", "changes",
        "project_ids",
    }  # fmt: skip
