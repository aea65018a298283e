"""OpenAPI, derived from the same declarations as everything else."""

from __future__ import annotations

from typing import Any


def described(entity, viewset):
    return viewset


def schema_view(request):
    from django.http import JsonResponse
    return JsonResponse({})
