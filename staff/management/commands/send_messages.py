from staff.actions.jobs import recorded_job
from staff.actions.outbox import send_due_messages
from staff.management.base import PortalCommand


class Command(PortalCommand):
    help = "Send the mails that are due: one pass of what beat runs every 15 seconds."

    def handle(self, *args: object, **options: object) -> None:
        with recorded_job("send_messages") as run:
            sent = send_due_messages()
            run.detail = f"{sent} sent"
        self.stdout.write(f"{sent} sent.")
