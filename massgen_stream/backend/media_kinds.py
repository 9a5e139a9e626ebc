"""Kinds of media that a host does not take, or is not known to take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ..errors import MediaError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import Loss
from .media_input import Message, asked_parts, kind_of

_ONE: Final[Mapping[str, str]] = {"image": "an image", "audio": "audio", "video": "a video", "document": "a document"}


def refuse_kinds(messages: Sequence[Message], provider: ProviderSpec, model: str) -> None:
    """Refuse media that a model is known not to take.

    Args:
        messages: Messages in normal form.
        provider: The host.
        model: Model id.

    Raises:
        MediaError: There is one.
    """
    refused = provider.kinds_refused_by(model)
    for _, where, part in asked_parts(messages) if refused else ():
        kind = kind_of(part)
        if kind in refused:
            raise MediaError(f"{where}: {model} takes no {kind}; leave it out, or ask another model")


def unknown_kinds(messages: Sequence[Message], provider: ProviderSpec, losses: Iterable[Loss]) -> Iterator[str]:
    """Yield what is sent to a host that is not known to take it, one line for each kind.

    Args:
        messages: Messages in normal form.
        provider: The host.
        losses: What the wire has no place for, which is not sent.
    """
    lost = {loss.where for loss in losses}
    told = {*provider.input_media}
    for _, where, part in asked_parts(messages):
        kind = kind_of(part)
        if kind not in told and where not in lost:
            told.add(kind)
            yield f"{where}: {_ONE[kind]} is sent, and {provider.name} is not known to take any"
