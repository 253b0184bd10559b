"""/scholen"""

from django.urls import URLPattern, path

from overstap.aanjager import views

urlpatterns: list[URLPattern] = [path("scholen", views.scholen, name="scholen")]
