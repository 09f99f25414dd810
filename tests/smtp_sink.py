"""A real mail server on loopback for tests: keeps what it is handed."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Keeps every mail, and takes `seconds` to answer for each.

    Refuses recipients named in `refused` for good and those in `greylisted` for now. After
    `mails_a_connection` it says 421, or nothing at all where `is_rude`, and hangs up.
    """

    def __init__(self, *, seconds: float = 0, mails_a_connection: int | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()
        self.greylisted: set[str] = set()
        self.seconds = seconds
        self.mails_a_connection = mails_a_connection
        self.is_rude = False
        self.connections = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        session.taken = 0  # type: ignore[attr-defined]
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if session.taken == self.mails_a_connection:  # type: ignore[attr-defined]
            assert server.transport is not None
            if self.is_rude:
                server.transport.abort()
            asyncio.get_running_loop().call_later(0.01, server.transport.close)
            return "421 4.7.0 too many mails, closing"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        if address in self.greylisted:
            return "450 4.2.0 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.seconds)
        session.taken += 1  # type: ignore[attr-defined]
        content = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


def start(sink: Sink) -> Controller:
    """The running server; `controller.port` is where, `controller.stop()` ends it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    return controller
