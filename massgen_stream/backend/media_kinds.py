"""Kinds of media that a host does not take, or is not known to take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..errors import MediaError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import Loss
from .media_input import Message, kind_of, media_parts
from .picture_sizes import is_asked

_ONE: dict[str, str] = {"image": "an image", "audio": "audio", "video": "a video", "document": "a document"}


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
    for place, where, part in media_parts(messages) if refused else ():
        kind = kind_of(part)
        if kind in refused and is_asked(messages, place):
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
    for place, where, part in media_parts(messages):
        kind = kind_of(part)
        if kind not in told and where not in lost and is_asked(messages, place):
            told.add(kind)
            yield f"{where}: {_ONE[kind]} is sent, and {provider.name} is not known to take any"
