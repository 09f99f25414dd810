"""Sessions made for a flow, so that nothing depends on what the demo trust happens to hold."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from staff import clock

COLUMNS = (
    "course_code,session_code,school,room,online_link,starts_at,ends_at,capacity,"
    "trainer_payroll_number,booking_opens_at,booking_closes_at,parts"
)


def bring_in(
    manage: Callable[..., str],
    folder: Path,
    *,
    course: str,
    code: str,
    on: date,
    capacity: int = 10,
    begins: str = "18:30",
    ends: str = "19:30",
    trainer: str = "",
) -> None:
    """Bring one session in by `import_catalogue`; the same code again moves it."""
    row = f"{course},{code},BPS,Main hall,,{on}T{begins},{on}T{ends},{capacity},{trainer},,,"
    path = folder / f"{code}.csv"
    path.write_text(f"{COLUMNS}\n{row}\n", encoding="utf-8")
    manage("import_catalogue", str(path))


def a_weekday(days: int) -> date:
    """The day so many working days from now: each number is a day of its own, on whatever day this runs."""
    day = clock.today()
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
