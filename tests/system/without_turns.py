"""The portal with one of its guards off: no form of the admin is known again.

A gunicorn application for the control of tests/system/repeats/test_controls.py; never imported by the portal.
"""

from bwt_cpd.wsgi import application
from staff.admin import once

__all__ = ["application"]

once.form_key = lambda request: ""
