"""The people team's side of courses: the catalogue to edit, sessions and bookings to look at."""

from courses.admin import bookings, catalogue

__all__ = ["bookings", "catalogue"]
