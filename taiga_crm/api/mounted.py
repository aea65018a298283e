"""Our URLs under their real prefix, for describing them independently of the host's others."""

from django.urls import include, path

urlpatterns = [path("api/v1/crm/", include("taiga_crm.urls"))]
