"""What the script says to the person at the terminal."""

import sys
from typing import TextIO

_voice: TextIO = sys.stdout


def speak_to(stream: TextIO) -> None:
    """Say everything to this stream; `manage` leaves stdout to the command."""
    global _voice  # noqa: PLW0603 - one terminal, one voice
    _voice = stream


def say(text: str) -> None:
    """One line, at once."""
    print(text, file=_voice, flush=True)
