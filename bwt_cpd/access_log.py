"""Gunicorn's own log lines, with the rule that the portal's have: no private token is told."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from bwt_cpd.logging import TokenFilter


class QuietLogger(Logger):
    """Gunicorn's logger, blanking tokens in the address, the referrer and errors (RELIABILITY row 19)."""

    def setup(self, cfg: Config) -> None:
        """As gunicorn does, and then the filter; gunicorn's loggers do not pass through Django's handlers."""
        super().setup(cfg)
        for log in (self.access_log, self.error_log):
            log.addFilter(TokenFilter())
