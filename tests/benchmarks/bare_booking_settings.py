"""The portal's settings, with the bare way to book in its addresses."""

from bwt_cpd.settings import *  # noqa: F403 - the same settings, but for one

ROOT_URLCONF = "tests.benchmarks.bare_booking"
