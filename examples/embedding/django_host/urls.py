from django.urls import path

from django_host import views

urlpatterns = [
    path("employers/<str:key>", views.employer),
    path("employers/<str:key>/events", views.tell),
]
