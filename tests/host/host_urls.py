"""An empty urlconf to mount in a test."""

urlpatterns: list = []
