from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the checks of sign-in and of the database."""
        from staff import checks, database  # noqa: F401 (registering is their effect)
