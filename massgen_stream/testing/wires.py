"""Bodies of every wire protocol, as servers send them and as nobody should: for laws of decoders and encoders.

A new protocol gets them by a row in `STRATEGIES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ..errors import UnknownProtocol

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

STRATEGIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "openai.chat": ".wires_openai_chat:wires",
        "openai.responses": ".wires_openai_responses:wires",
        "anthropic.messages": ".wires_anthropic_messages:wires",
        "google.generate_content": ".wires_google_generate_content:wires",
        "google.interactions": ".wires_google_interactions:wires",
        "google.imagen": ".wires_google_imagen:wires",
        "openai.images": ".wires_openai_images:wires",
        "openai.videos": ".wires_polled:video_job_wires",
        "openai.speech": ".wires_openai_speech:wires",
        "elevenlabs.sound": ".wires_elevenlabs_sound:wires",
        "openai.transcription": ".wires_openai_transcription:wires",
        "replicate.predictions": ".wires_polled:prediction_wires",
        "xai.video": ".wires_polled:video_wires",
    }
)
"""Where the strategy of each protocol is: ``module:function``."""


@cache
def wires(protocol: str) -> SearchStrategy[bytes]:
    """Return a hypothesis strategy of the bytes of responses in *protocol*: whole, cut, odd and broken ones.

    Raises:
        UnknownProtocol: There is no row for it.
    """
    if protocol not in STRATEGIES:
        raise UnknownProtocol(protocol, tuple(STRATEGIES))
    module, _, name = STRATEGIES[protocol].partition(":")
    strategy: SearchStrategy[bytes] = getattr(import_module(module, __package__), name)()
    return strategy
