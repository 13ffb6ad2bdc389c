from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from kanban.models import COLUMNS, Card


@login_required
def board(request):
    cards = Card.objects.filter(owner=request.user)
    columns = {column: cards.filter(column=column) for column in COLUMNS}
    return render(request, "kanban/board.html", {"columns": columns})


@login_required
@require_POST
def add(request):
    Card.objects.create(owner=request.user, company=request.POST["company"], email=request.POST["email"])
    return redirect("board")


@login_required
@require_POST
def move(request, pk):
    get_object_or_404(Card, pk=pk, owner=request.user).move(request.POST["column"])
    return redirect("board")


@login_required
@require_POST
def nudge(request, pk):
    get_object_or_404(Card, pk=pk, owner=request.user).nudge()
    messages.success(request, "The message was sent.")
    return redirect("board")
