"""Sessions made for a flow, so that nothing depends on what the demo trust happens to hold."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

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
    """A working day so many days from now, or the next one after."""
    day = date.today() + timedelta(days=days)
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)
