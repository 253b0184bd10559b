"""Deny by default for the API: a view that names no permission of its own serves nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

if TYPE_CHECKING:  # rest_framework.views reads this class while it is being imported itself
    from rest_framework.request import Request
    from rest_framework.views import APIView


class Niemand(BasePermission):
    """Refuses every call."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
