"""What runs by itself (DESIGN section 6): when, and by how much a run may be late."""

import os
from datetime import timedelta

from celery.schedules import crontab, schedule

BEAT_SCHEDULE = {
    "send_messages": {"task": "staff.tasks.send_messages", "schedule": schedule(15)},
    "send_reminders": {"task": "bwt_cpd.tasks.send_reminders", "schedule": crontab(hour="7", minute="0")},
    "end_offers": {"task": "courses.tasks.end_offers", "schedule": schedule(60)},
    "give_up_places_of_leavers": {
        "task": "courses.tasks.give_up_places_of_leavers",
        "schedule": crontab(hour="3", minute="10"),
    },
    "recompute_statements": {
        "task": "entitlements.tasks.recompute_statements",
        "schedule": crontab(hour="2", minute="10"),
    },
    "keep_needs_cycles": {
        "task": "pathways.tasks.keep_needs_cycles",
        "schedule": crontab(hour="1", minute="40"),
    },
    "keep_early_careers": {
        "task": "pathways.tasks.keep_early_careers",
        "schedule": crontab(hour="1", minute="50"),
    },
    "keep_inductions": {"task": "pathways.tasks.keep_inductions", "schedule": crontab(minute="25")},
}

# `/health/ready/` turns red when the last success of a job is older than this.
OVERDUE_AFTER = {
    "send_messages": timedelta(minutes=5),
    "end_offers": timedelta(minutes=10),
    "send_reminders": timedelta(hours=26),
    "give_up_places_of_leavers": timedelta(hours=26),
    "recompute_statements": timedelta(hours=26),
    "keep_needs_cycles": timedelta(hours=26),
    "keep_early_careers": timedelta(hours=26),
    "keep_inductions": timedelta(hours=3),
}

# Those that run only where somebody has named something for them.
WHEN_NAMED = ("import_staff",)

if os.environ.get("STAFF_IMPORT_FOLDER"):
    BEAT_SCHEDULE["import_staff"] = {
        "task": "bwt_cpd.tasks.import_staff",
        "schedule": crontab(hour="1", minute="0"),
    }
    OVERDUE_AFTER["import_staff"] = timedelta(hours=26)
