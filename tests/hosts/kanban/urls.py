from django.urls import include, path
from kanban import views

urlpatterns = [
    path("", views.board, name="board"),
    path("add", views.add, name="add"),
    path("<int:pk>/move", views.move, name="move"),
    path("<int:pk>/nudge", views.nudge, name="nudge"),
    path("accounts/", include("django.contrib.auth.urls")),
]
