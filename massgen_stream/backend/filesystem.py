"""Whether a backend's agent can work with files."""

from __future__ import annotations

from enum import Enum


class FilesystemSupport(Enum):
    """How a backend reaches files."""

    NONE = "none"
    """Not at all."""
    NATIVE = "native"
    """With tools of its own, as CLI agents do."""
    MCP = "mcp"
    """Through Model Context Protocol servers."""
