"""Personal data as a file that people and programs can read."""

from dataclasses import asdict
from datetime import datetime
from json import dumps

from okno.accounts.dto import PersonalData


def to_json(data: PersonalData) -> bytes:
    """Write UTF-8 JSON; times as ISO 8601."""
    return dumps(asdict(data), ensure_ascii=False, indent=2, default=datetime.isoformat).encode()
