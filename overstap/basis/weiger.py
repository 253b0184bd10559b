"""Deny by default for the API: a view that names no permission of its own serves nobody."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class Niemand(BasePermission):
    """Refuses every call."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return False
