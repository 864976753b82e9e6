"""Addresses of tasks and of units' progress with them."""

from django.urls import path

from programs.views import cutting, task

urlpatterns = [
    path("tasks/", task.task_list, name="task_list"),
    path("tasks/export.xlsx", task.task_export, name="task_export"),
    path("tasks/<int:pk>/", task.assignment_detail, name="assignment_detail"),
    path("documents/<int:pk>/tasks/", task.task_matrix, name="task_matrix"),
    path("documents/<int:pk>/tasks/cut/", cutting.task_cut, name="task_cut"),
]
