from django.contrib import admin
from django.urls import include, path

from django_host import views
from postinterview.contrib.django.views import AsyncProcessView

urlpatterns = [
    path("", views.Employers.as_view(), name="employers"),
    path("employers/<str:key>/", views.EmployerPage.as_view(), name="employer"),
    path("api/employers/<str:key>", views.EmployerApi.as_view()),
    path("async/employers/<str:key>", AsyncProcessView.as_view()),
    path("accounts/", include("django.contrib.auth.urls")),
    path("admin/", admin.site.urls),
]
