"""Small files that an option names."""

from __future__ import annotations

from pathlib import Path

from ..errors import ConfigurationError, excerpt


def file_text(path: str, option: str) -> str:
    """Return what a text file holds.

    Args:
        path: The file.
        option: Its option, for the error.

    Raises:
        ConfigurationError: It cannot be read, or is not UTF-8 text.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{option}: {excerpt(path)!r} is not UTF-8 text") from None
    except (OSError, ValueError) as problem:  # a name with a null character is a ValueError
        why = getattr(problem, "strerror", None) or str(problem)
        raise ConfigurationError(f"{option}: cannot read {excerpt(path)!r}: {why}") from None
