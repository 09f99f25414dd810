import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bwt_cpd.settings")

application = get_wsgi_application()

from staff.database import exit_if_not_usable  # noqa: E402 (the applications are loaded now)

exit_if_not_usable()
# Every address and view is read here, once, before the server forks its workers: not by whoever comes first, twenty
# of them at the same time.
get_resolver().reverse_dict  # noqa: B018 - reading it is what reads the rest
