"""The floors beside the product: the host door mounts the CRM above them."""

from django.urls import path
from floors import FLOORS

urlpatterns = [path(f"bench/{name}", view.as_view()) for name, view in FLOORS.items()]
