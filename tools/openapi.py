"""`python -m tools.openapi`: it writes the contract of the HTTP API to `docs/openapi.json`."""

import json
import sys
from pathlib import Path

from api.openapi import published_document

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"


def main() -> int:
    text = json.dumps(published_document(), indent=2, ensure_ascii=False)
    FILE.write_text(f"{text}\n", encoding="utf-8")
    sys.stdout.write(f"Written to {FILE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
