"""The embedded host's REST_FRAMEWORK is as hostile as Taiga's, and nobody relies on it."""

import pytest
from django.test import RequestFactory
from rest_framework.views import APIView

pytestmark = pytest.mark.django_db


def test_a_view_that_relies_on_the_hosts_settings_fails_loudly():
    with pytest.raises((AssertionError, TypeError)):
        APIView.as_view()(RequestFactory().get("/"))


@pytest.mark.parametrize("path", ["/api/v1/users/me", "me", "accounts", "schema"])
def test_a_missing_token_is_401_everywhere(api, path):
    answer = api().get(path)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("path", ["/api/v1/users/me", "/api/v1/issues", "me", "accounts"])
def test_a_preflight_request_needs_no_token(api, path):
    assert api().options(path).status_code == 200
