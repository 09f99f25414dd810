"""The portal as it is, but that a password is hashed at once and not in a second (as tests/conftest.py has it), and a
code of an app is good for half a minute longer, so that no test ends with the minute.

A gunicorn application for tests/system/repeats/test_forms.py and tests/flows/; never imported by the portal.
"""

from django.conf import settings

from bwt_cpd.wsgi import application

__all__ = ["application"]

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.MFA_TOTP_TOLERANCE = 1
