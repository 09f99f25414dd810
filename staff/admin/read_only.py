"""The base of admin pages of rows that the portal writes itself."""

from django.http import HttpRequest, HttpResponse

from staff.admin.headings import HeadingMixin, Row
from staff.admin.once import OnceAdmin


class ReadOnlyAdmin(HeadingMixin[Row], OnceAdmin):
    """Rows that are looked at here and never added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, object], *args: object, **kwargs: object
    ) -> HttpResponse:
        """Without the admin's history: nothing is ever changed here, so it would be empty."""
        return super().render_change_form(request, {**context, "show_history": False}, *args, **kwargs)
