from courses.models.bookings import (
    LIVE_STATES,
    Attendance,
    Booking,
    BookingDecision,
    CalendarFeed,
)
from courses.models.catalogue import Course, Interest, Strand
from courses.models.sessions import Session, SessionPart

__all__ = [
    "LIVE_STATES",
    "Attendance",
    "Booking",
    "BookingDecision",
    "CalendarFeed",
    "Course",
    "Interest",
    "Session",
    "SessionPart",
    "Strand",
]
