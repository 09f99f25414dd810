"""What never reaches a log line."""

import logging
import re

# A private calendar's address, and the link of a mail to set a password.
TOKEN_IN_PATH = re.compile(r"(/calendar/|/password/reset/key/)[^/\s.?\"']+")


class TokenFilter(logging.Filter):
    """Blanks the private token of an address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, without its tokens."""
        message = record.getMessage()
        if TOKEN_IN_PATH.search(message):
            record.msg, record.args = TOKEN_IN_PATH.sub(r"\1…", message), ()
        return True
