"""Options on their way into a request: what each wire calls them, does without, or refuses.

This stands for the origin's "API params handler".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from ..errors import ConfigurationError, excerpt
from ..provider.spec import ProviderSpec
from .media_options import MediaOptions

Options = Mapping[str, Any]
Body = dict[str, Any]
TRANSPORT: Final = ("extra_headers", "extra_query")
"""Options that are no part of the body."""
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """What one wire makes of the names of options; a name in none of the tables goes into the body as it is.

    Attributes:
        renamed: Neutral name, and the wire's; ``a.b`` is field ``b`` of object ``a``.
        dropped: Names that the wire does without, and why; told as a loss.
        refused: Names that would be misunderstood, and what to do instead.
        special: Names that the backend itself reads.
    """

    renamed: Mapping[str, str] = {}
    dropped: Mapping[str, str] = {}
    refused: Mapping[str, str] = {}
    special: frozenset[str] = frozenset()

    def at(self, provider: ProviderSpec) -> Parameters:
        """Return these tables with what a host renames and does without besides."""
        renamed, dropped = {**self.renamed, **provider.renamed_options}, {**self.dropped, **provider.dropped_options}
        return replace(self, renamed=renamed, dropped=dropped)

    def knows(self, name: str) -> bool:
        """Return whether something is known of an option, or of the field that it becomes."""
        return name in _SPECIAL or name in self.special or name in {*self.meaningful(), *self.dropped, *self.refused}

    def meaningful(self) -> frozenset[str]:
        """Return the names that have an effect."""
        fields = (path.partition(".")[0] for path in self.renamed.values())
        return frozenset((*self.renamed, *fields, *self.special, *_SPECIAL)).difference(self.dropped, self.refused)

    def body(self, options: Options) -> tuple[Body, list[str]]:
        """Return the fields of the body that *options* ask for, and the losses, one line each.

        ``None`` asks for nothing. ``extra_body`` wins over all and is not looked at.

        Raises:
            ConfigurationError: An option is refused, is given under two names, or has no JSON form.
        """
        refuse_misplaced(options)
        body: Body = {}
        losses: list[str] = []
        for name, value in options.items():
            if value is None or name in self.special or name in _SPECIAL:
                continue
            if name in self.refused:
                raise ConfigurationError(f"option {name}: {self.refused[name]}")
            if name in self.dropped:
                losses.append(f"option {name} dropped: {self.dropped[name]}")
                continue
            _put(body, self.renamed.get(name, name), value, name)
        body |= dict(options.get("extra_body") or {})
        refuse_formless(body)
        return body, losses


def transport_of(options: Options) -> dict[str, Any]:
    """Return ``extra_headers`` and ``extra_query``, for the SDK."""
    return {name: options[name] for name in TRANSPORT if options.get(name)}


def refuse_misplaced(options: Options) -> None:
    """Check the options that every wire refuses.

    Raises:
        ConfigurationError: One of them is there, or a group of options is no object.
    """
    if "timeout" in options:
        ours = "connect_timeout, first_chunk_timeout, read_timeout and total_timeout"
        raise ConfigurationError(f"timeout says too little for a stream; use {ours}")
    if options.get("stream") is False:
        raise ConfigurationError("stream=False is not possible: a backend always streams; leave it out")
    for name in (*TRANSPORT, "extra_body", "stream_options"):
        if not isinstance(options.get(name), Mapping | None):
            raise ConfigurationError(f"{name} must be an object, not {type(options[name]).__name__}")
    _check_headers(options.get("extra_headers") or {})


def _check_headers(headers: Mapping[Any, Any]) -> None:
    """Refuse what libraries report with the value, which may be a secret, once they have begun to send.

    https://www.rfc-editor.org/rfc/rfc9110#section-5.5: a value is of one line, and no white space stands around it.
    """
    for name, value in headers.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise ConfigurationError(f"extra_headers: {excerpt(str(name))!r} is no name of a header")
        if not isinstance(value, str) or not value.isprintable() or value != value.strip():
            raise ConfigurationError(f"extra_headers: the value of {name} must be a text of one line, trimmed")


def merge_lists(body: Body, more: Mapping[str, Any]) -> None:
    """Put *more* into *body*: lists grow, everything else is replaced."""
    for name, value in more.items():
        known = body.get(name)
        body[name] = [*known, *value] if isinstance(known, list) and isinstance(value, list) else value


_SPECIAL: Final = frozenset((*TRANSPORT, *MediaOptions.__struct_fields__, "extra_body", "stream"))


def _put(body: Body, path: str, value: Any, given_as: str) -> None:
    *outer, name = path.split(".")
    for step in outer:
        known = body.get(step)
        if not isinstance(known, Mapping | None):
            raise ConfigurationError(f"option {given_as} belongs into {step}, which is no object: {excerpt(known)!r}")
        body[step] = body = dict(known or {})
    if name in body:
        raise ConfigurationError(f"option {given_as} is the same as {path}, which is given too; leave one out")
    body[name] = value


def refuse_formless(body: Body) -> None:
    """Check that every field of a body can be sent.

    Raises:
        ConfigurationError: One has no JSON form, or text that UTF-8 cannot carry.
    """
    for name, value in body.items():
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ConfigurationError(f"option {name} cannot be sent: it holds half a character") from None
        except (TypeError, ValueError, RecursionError):
            raise ConfigurationError(f"option {name} cannot be sent: {type(value).__name__} has no JSON form") from None
