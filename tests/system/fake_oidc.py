"""An OpenID Connect provider on loopback: as strict as a real one, and as wrong as a test asks."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

KEY = "a key of the fake provider, long enough for its algorithm"


@dataclass
class FakeProvider:
    """Each code is good once, for one redirect address and one PKCE verifier, as the standard says."""

    tenant: str
    port: int = 0
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    issuer_of_common: str = ""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def issuer(self, tenant: str = "") -> str:
        return f"{self.base}/{tenant or self.tenant}/v2.0"

    def authorise(self, address: str, **claims: Any) -> dict[str, str]:
        """What the browser brings back from the address we sent it to, for somebody with these claims.

        A claim given here replaces the right one; None leaves it out.
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        now = int(time.time())
        token = {
            "iss": self.issuer(),
            "aud": asked["client_id"],
            "tid": self.tenant,
            "iat": now,
            "exp": now + 600,
            "nonce": asked.get("nonce"),
            "sub": "subject-1",
            "email": "marta.kowalczyk@trust.example",
            "email_verified": True,
        } | claims
        code = secrets.token_urlsafe(16)
        self.codes[code] = {
            "challenge": asked.get("code_challenge"),
            "redirect_uri": asked["redirect_uri"],
            "id_token": {name: value for name, value in token.items() if value is not None},
        }
        return {"code": code, "state": asked["state"]}

    def discovery(self, tenant: str) -> dict[str, Any]:
        return {
            # A multi-tenant endpoint takes whoever comes, under whatever issuer.
            "issuer": self.issuer_of_common if tenant == "common" else self.issuer(tenant),
            "authorization_endpoint": f"{self.base}/{tenant}/authorize",
            "token_endpoint": f"{self.base}/{tenant}/token",
            "jwks_uri": f"{self.base}/{tenant}/keys",
            "userinfo_endpoint": f"{self.base}/{tenant}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def redeem(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """A code for a token, once; wrong verifier or address: refused."""
        kept = self.codes.pop(form.get("code", ""), None)
        if kept is None or kept["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != kept["challenge"]:
            return 400, {"error": "invalid_grant", "error_description": "PKCE"}
        token = jwt.encode(kept["id_token"], KEY, algorithm="HS256")
        return 200, {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": token}


@contextmanager
def serving(provider: FakeProvider) -> Iterator[FakeProvider]:
    """Serve it in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200, provider.discovery(self.path.strip("/").split("/")[0]))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer(*provider.redeem({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
