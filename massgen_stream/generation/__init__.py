"""Media generators: image, video and audio through one stream; and transcripts. This file is a table of contents.

A name is loaded when it is first used; no module has the name of one, since it would hide it.
"""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from .choices import AudioType as AudioType
    from .choices import Background as Background
    from .choices import EditMode as EditMode
    from .choices import MaskMode as MaskMode
    from .choices import OutputFormat as OutputFormat
    from .choices import Policy as Policy
    from .clients import MediaClients as MediaClients
    from .collecting import collect_media as collect_media
    from .config import GenerationConfig as GenerationConfig
    from .continuations import Continuations as Continuations
    from .generator import Generator as Generator
    from .jobs import JobGenerator as JobGenerator
    from .jobs import Look as Look
    from .jobs import VendorJob as VendorJob
    from .media_stream import explain_media as explain_media
    from .media_stream import generate_media as generate_media
    from .offer import Durations as Durations
    from .offer import Offer as Offer
    from .order import Order as Order
    from .registry import BACKEND_API_KEYS as BACKEND_API_KEYS
    from .registry import BACKEND_PRIORITY as BACKEND_PRIORITY
    from .registry import DEFAULT_MODELS as DEFAULT_MODELS
    from .registry import generators as generators
    from .registry import has_api_key as has_api_key
    from .result import GenerationResult as GenerationResult
    from .resuming import resume_media as resume_media
    from .segments import Segments as Segments
    from .transcription.result import Transcript as Transcript
    from .transcription.result import collect_transcript as collect_transcript
    from .transcription.transcribing import transcribe as transcribe

_PLACES = {
    "BACKEND_API_KEYS": ".registry",
    "BACKEND_PRIORITY": ".registry",
    "DEFAULT_MODELS": ".registry",
    "AudioType": ".choices",
    "Background": ".choices",
    "Continuations": ".continuations",
    "Durations": ".offer",
    "EditMode": ".choices",
    "GenerationConfig": ".config",
    "GenerationResult": ".result",
    "Generator": ".generator",
    "JobGenerator": ".jobs",
    "Look": ".jobs",
    "MaskMode": ".choices",
    "MediaClients": ".clients",
    "Offer": ".offer",
    "Order": ".order",
    "OutputFormat": ".choices",
    "Policy": ".choices",
    "Segments": ".segments",
    "Transcript": ".transcription.result",
    "VendorJob": ".jobs",
    "collect_media": ".collecting",
    "collect_transcript": ".transcription.result",
    "explain_media": ".media_stream",
    "generate_media": ".media_stream",
    "generators": ".registry",
    "has_api_key": ".registry",
    "resume_media": ".resuming",
    "transcribe": ".transcription.transcribing",
}

__all__ = list(_PLACES)

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
