"""Opens the socket that the simulator listens on."""

from __future__ import annotations

import errno
import socket

from ..errors import ConfigurationError

_BACKLOG = 2048


def open_listener(host: str, port: int) -> socket.socket:
    """Return a socket that listens on *host* and *port*; 0 is any free port.

    Raises:
        ConfigurationError: The address cannot be had; says what to do.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as problem:
        raise ConfigurationError(
            f"cannot listen on {host!r}: {problem.strerror}; use an address like 127.0.0.1"
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as problem:
        listener.close()
        raise ConfigurationError(_told(host, port, problem)) from None
    listener.setblocking(False)
    return listener


def origin_of(listener: socket.socket) -> str:
    """Return the address of a listening socket as ``http://host:port``, as a client on this machine reaches it."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - only named here
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _told(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use; stop the other program, or choose another port (0 for any free one)"
    if problem.errno == errno.EACCES:
        return f"port {port} needs more rights than this user has; choose one above 1023 (0 for any free one)"
    return f"cannot listen on {host} port {port}: {problem.strerror}; use an address of this machine"
