"""The body of a Responses request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..errors import ConfigurationError
from ..provider.spec import ProviderSpec
from ..stream_chunk.formatter import ResponsesFormatter
from .formatted import Formatted
from .native_tools import split_native_tools
from .parameters import Body, Options, Parameters, merge_lists
from .request import FormattedRequest, offered

_NO_FIELD: Final = "the Responses API has no field for it"
PARAMETERS: Final = Parameters(
    renamed={
        "max_tokens": "max_output_tokens",
        "max_completion_tokens": "max_output_tokens",
        "reasoning_effort": "reasoning.effort",
        "reasoning_summary": "reasoning.summary",
        "verbosity": "text.verbosity",
    },
    dropped=dict.fromkeys(("stop", "seed", "frequency_penalty", "presence_penalty", "logit_bias"), _NO_FIELD),
    refused={
        "n": "the Responses API gives one answer; ask several times, or use api='chat'",
        "messages": "messages are the first argument",
        "input": "messages are the first argument",
        "modalities": "the Responses API answers with text; use api='chat' for sound, image_generation=True for images",
        "audio": "the Responses API answers with text; use api='chat' for sound",
    },
    special=frozenset(("tool_choice", "stream_options", "response_format", "include", "logprobs")),
)

ENCRYPTED: Final = "reasoning.encrypted_content"
_LOGPROBS: Final = "message.output_text.logprobs"
_INCLUDED: Final = {"code_interpreter": "code_interpreter_call.outputs"}
"""Tools of OpenAI's whose results come only when they are asked for."""


class ResponseRequest(FormattedRequest[list[dict[str, Any]]]):
    """One request of the Responses API.

    Attributes:
        include: What the answer shall hold besides the usual.
    """

    def __init__(
        self,
        provider: ProviderSpec,
        messages: Iterable[Mapping[str, Any]],
        tools: Iterable[Any],
        model: str,
        options: Options,
        *,
        padded: bool,
    ) -> None:
        """Format a request.

        Args:
            provider: The host.
            messages: Neutral messages.
            tools: Neutral tools.
            model: Model id.
            options: Everything else for the body, and for the transport.
            padded: Whether the host pads its events unless told not to.

        Raises:
            UsageError: A message, tool or option cannot be used.
            MediaError: A file cannot be read, or a medium is too large.
        """
        native, rest = split_native_tools(options, provider)
        fields, losses = _fields(PARAMETERS.at(provider), rest)
        formatter = ResponsesFormatter(stored=fields.get("store") is not False)
        body: Body = {"model": model, "input": (), "stream": True, **_stream_options(rest, padded=padded)}
        body |= offered(formatter, tools, rest)
        merge_lists(body, native)
        body |= fields
        self.include = _include(body, rest)
        body |= {"include": self.include} if self.include else {}
        conversation = Formatted(formatter, messages, provider, rest, model=model)
        super().__init__(body, conversation, provider, rest, losses)

    def _conversation(self, payload: list[dict[str, Any]]) -> Body:
        return {"input": payload}


def _fields(parameters: Parameters, options: Options) -> tuple[Body, list[str]]:
    """The fields of the body; names of this API first, so that neutral ones find the objects that they belong into."""
    ordered = dict(sorted(options.items(), key=lambda option: option[0] in parameters.renamed))
    fields, losses = parameters.body(ordered)
    wanted = options.get("response_format")
    if wanted is None:
        return fields, losses
    text = fields.get("text") or {}
    if not isinstance(text, Mapping):
        raise ConfigurationError(f"text must be an object, not {type(text).__name__}")
    if "format" in text:
        raise ConfigurationError("option response_format is the same as text.format, which is given too; leave one out")
    return {**fields, "text": {**text, "format": _format(wanted)}}, losses


def _format(wanted: Any) -> Body:
    """OpenAI-shaped formats nest the schema, those of this API are flat."""
    if not isinstance(wanted, Mapping) or not isinstance(wanted.get("type"), str):
        raise ConfigurationError("response_format must be an object with a type: text, json_object or json_schema")
    body = wanted.get("json_schema")
    if wanted["type"] != "json_schema" or not isinstance(body, Mapping):
        return dict(wanted)
    return {"type": "json_schema", "name": "answer", **body}


def _include(body: Body, options: Options) -> list[Any]:
    wanted = [*_names(options.get("include")), *_names(body.get("include"))]
    # a server that keeps nothing refuses reasoning that comes back without it
    wanted += [ENCRYPTED] if body.get("store") is False else []
    wanted += [_LOGPROBS] if options.get("logprobs") else []
    tools = [tool.get("type") for tool in body.get("tools") or () if isinstance(tool, Mapping)]
    wanted += [_INCLUDED[kind] for kind in tools if kind in _INCLUDED]
    return list(dict.fromkeys(wanted))


def _names(given: Any) -> list[str]:
    names = [] if given is None else given
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise ConfigurationError("include must be a list of names, such as ['reasoning.encrypted_content']")
    return list(names)


def _stream_options(options: Options, *, padded: bool) -> Body:
    ours: Body = {"include_obfuscation": False} if padded else {}
    given = ours | dict(options.get("stream_options") or {})
    return {"stream_options": given} if given else {}
