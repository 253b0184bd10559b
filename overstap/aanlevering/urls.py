from django.urls import path

from overstap.aanlevering import views

urlpatterns = [
    path("import", views.importeren, name="import"),
    path("import/leerling", views.een_leerling, name="import-leerling"),
    path("import/<uuid:pk>", views.bestand, name="import-bestand"),
]
