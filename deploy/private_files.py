"""Files that only their owner may read: what the all-in-one stack makes for itself and keeps under its data folder."""

import os
import secrets
from pathlib import Path
from typing import Final

KEY_FILE: Final = "secret.key"


def kept_secret_key(data: Path) -> str | None:
    """The key of this installation, where one was made."""
    file = data / KEY_FILE
    return file.read_text().strip() if file.exists() else None


def secret_key(data: Path) -> str:
    """The key of this installation, made once and kept."""
    kept = kept_secret_key(data)
    if kept is None:
        kept = secrets.token_urlsafe(48)
        write_secret(data / KEY_FILE, kept)
    return kept


def write_secret(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    beside.replace(file)
