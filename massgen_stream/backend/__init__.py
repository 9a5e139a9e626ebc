"""Async backends. This file is a table of contents: a name is loaded when it is first used."""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from .azure_openai import AzureOpenAIBackend as AzureOpenAIBackend
    from .base import LLMBackend as LLMBackend
    from .base import Prepared as Prepared
    from .capabilities import BACKEND_CAPABILITIES as BACKEND_CAPABILITIES
    from .capabilities import BackendCapabilities as BackendCapabilities
    from .chat_completions import ChatCompletionsBackend as ChatCompletionsBackend
    from .claude import ClaudeBackend as ClaudeBackend
    from .factory import create_backend as create_backend
    from .filesystem import FilesystemSupport as FilesystemSupport
    from .gemini import GeminiBackend as GeminiBackend
    from .grok import GrokBackend as GrokBackend
    from .instruments import Instruments as Instruments
    from .interactions import InteractionsBackend as InteractionsBackend
    from .limits import StreamLimits as StreamLimits
    from .response import ResponseBackend as ResponseBackend
    from .retry import RetryPolicy as RetryPolicy
    from .stream import ChunkStream as ChunkStream
    from .timing import StreamTiming as StreamTiming
    from .turn import Turn as Turn

_PLACES = {
    "AzureOpenAIBackend": ".azure_openai",
    "BACKEND_CAPABILITIES": ".capabilities",
    "BackendCapabilities": ".capabilities",
    "ChatCompletionsBackend": ".chat_completions",
    "ChunkStream": ".stream",
    "ClaudeBackend": ".claude",
    "FilesystemSupport": ".filesystem",
    "GeminiBackend": ".gemini",
    "GrokBackend": ".grok",
    "Instruments": ".instruments",
    "InteractionsBackend": ".interactions",
    "LLMBackend": ".base",
    "Prepared": ".base",
    "ResponseBackend": ".response",
    "RetryPolicy": ".retry",
    "StreamLimits": ".limits",
    "StreamTiming": ".timing",
    "Turn": ".turn",
    "create_backend": ".factory",
}

__all__ = list(_PLACES)

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
