"""Hooks of schemathesis: they sign in, again for every request.

Some requests end the sign-in that they came with, so none is used twice.
"""

import os
from typing import Any

import requests
import schemathesis


@schemathesis.auth(refresh_interval=None)
class SignIn:
    """Signs in by password, and sends the token."""

    def get(self, _case: Any, _context: Any) -> str:
        address = os.environ["OKNO_TESTED"]
        credentials = {
            "username": os.environ["OKNO_LOGIN"],
            "password": os.environ["OKNO_PASSWORD"],
        }
        reply = requests.post(f"{address}/api/auth/login", json=credentials, timeout=20)
        reply.raise_for_status()
        return str(reply.json()["token"])

    def set(self, case: Any, data: str, _context: Any) -> None:
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
