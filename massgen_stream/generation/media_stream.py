"""`generate_media`: a medium as a stream of chunks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

from ..backend.stream import ChunkStream
from ..errors import ConfigurationError
from ..stream_chunk.base import BaseStreamChunk
from ..stream_chunk.kinds import MediaType
from ..stream_chunk.narrow import backend_status
from .batch import Part, numbered, parts_of
from .batch_stream import Batch, batch_stream
from .config import GenerationConfig
from .file_names import check_places
from .generator import Generator
from .inputs import check_inputs
from .media_request import Request
from .selector import ANY, Candidate, Selection, refusal
from .streaming import stream_of

LOCAL: Final = "local"
"""Name of the generator that needs no key."""
_INSTEAD_OF_PROMPT: Final = frozenset(("dialogue", "composition"))
"""Beside them a prompt has no say."""


def generate_media(
    prompt: str | Sequence[str] | None = None,
    mode: MediaType | str | None = None,
    *,
    backend_type: str | type[Generator] | None = None,
    model: str | None = None,
    output_path: str | os.PathLike[str] | None = None,
    output_dir: str | os.PathLike[str] | None = None,
    **options: Any,
) -> ChunkStream:
    """Return the stream that makes a medium; nothing is sent before its first read.

    Without a name the first generator is taken, by priority, that can do it and has a key; without any key the local
    engine makes a sketch and says so in the first status chunk.

    Several prompts, or more media (`n`) than one request brings, are made side by side, ``concurrency`` at a time. Each
    request is a `source` of the stream and ends with a `turn_done`; one that fails does not end the others.

    Args:
        prompt: What to make; of speech, the words to speak. A list: several of them.
        mode: ``image`` (unless given), ``video`` or ``audio``.
        backend_type: Name of the generator, such as ``openai`` or ``local``; or a generator class of your own.
        model: Model id; by default the generator's own.
        output_path: File for the medium; it appears when it is whole.
        output_dir: Folder for it, instead.
        options: Fields of `GenerationConfig`, and of `StreamLimits` (``total_timeout`` …); ``policy`` (see `Policy`);
            ``api_key`` and ``base_url`` of the named generator; ``config``, a whole `GenerationConfig` instead of its
            fields; ``concurrency``; ``clients`` (see `MediaClients`); ``environ``, ``instruments`` and
            ``continuations`` instead of the process's.

    Raises:
        UnknownProvider: No generator has that name.
        MissingKey: The named generator has no key.
        MissingExtra: The SDK of the named generator is not installed.
        ConfigurationError: Something cannot be, or nobody can do it; tells who could, and with which variable.
        MediaError: A file of the request cannot be read.
    """
    named: dict[str, Any] = {"model": model, "output_path": output_path, "output_dir": output_dir}
    return _stream(_requests(prompt, mode, backend_type, **named, **options))


def explain_media(
    prompt: str | Sequence[str] | None = None, mode: MediaType | str | None = None, **options: Any
) -> list[str]:
    """Return who would make a medium and why the others would not, one line each; arguments as `generate_media`.

    Raises:
        UnknownProvider: No generator has that name.
        ConfigurationError: Something cannot be.
    """
    if prompt is None and options.get("config") is None and not options.keys() & _INSTEAD_OF_PROMPT:
        prompt = "anything"
    requests = _requests(prompt, mode, **options)
    return list(dict.fromkeys(line for request in requests for line in request.selection().lines()))


def _stream(requests: Sequence[Request]) -> ChunkStream:
    parts: list[Part] = []
    notes: list[BaseStreamChunk] = []
    for request in requests:
        selection = request.selection()
        found = selection.chosen
        if found is None:
            raise refusal(selection, request.config)
        check_places(request.config)
        check_inputs(request.config)
        order = request.order(found, selection.model)
        parts += parts_of(found.generator, order, found.offer.at_once(order.config))
        notes += [note for note in _notes(request, selection, found) if note not in notes]
    first = requests[0]
    if len(parts) == 1:
        return stream_of(*parts[0], notes, first.limits, first.instruments)
    return batch_stream(Batch(numbered(parts), first.limits, first.instruments, first.concurrency), notes)


def _requests(
    prompt: str | Sequence[str] | None,
    mode: object,
    backend_type: object = None,
    config: GenerationConfig | None = None,
    **options: Any,
) -> list[Request]:
    """Return the requests, one for each prompt."""
    several = isinstance(prompt, Sequence) and not isinstance(prompt, str)
    prompts = list(prompt) if isinstance(prompt, Sequence) and several else [prompt]
    usual = prompt is None or isinstance(prompt, str)
    if not prompts or not (usual or (several and all(isinstance(one, str) for one in prompts))):
        raise ConfigurationError("prompt is a text, or a list of texts that is not empty")
    first = Request.of(config, media_type=mode, backend=backend_type, prompt=prompts[0], **options)
    return [first, *(first.saying(str(one)) for one in prompts[1:])]


def _notes(request: Request, selection: Selection, found: Candidate) -> list[BaseStreamChunk]:
    said = []
    if found.generator.name == LOCAL and request.config.backend in ANY:
        said.append(("info", _why_local(selection)))
    said += [("loss", note) for note in request.notes]
    if found.offer.warning is not None:
        said.append(("warning", found.offer.warning))
    retirement = found.offer.retirement(selection.model)
    if retirement is not None:
        said.append(("warning", f"model {selection.model}: {retirement}"))
    said += [("loss", f"{found.generator.name}: {loss}") for loss in found.fit.losses]
    return [backend_status(status, detail=detail) for status, detail in said]


def _why_local(selection: Selection) -> str:
    able = [one for one in selection.candidates if one.able]
    doors = dict.fromkeys(variable for one in able for variable in one.missing[:1])
    installs = dict.fromkeys(one.needs()[-1] for one in able if one.extras and not one.missing)
    hints = [*installs, *([f"set {' or '.join(doors)}"] if doors else [])]
    hint = f"; for a model's work {', or '.join(hints)}" if hints else ""
    lack = "what a key is set for is not installed" if installs else "no key is set that could make this"
    return f"{lack}, so the local engine does: a sketch, and no model behind it{hint}"
