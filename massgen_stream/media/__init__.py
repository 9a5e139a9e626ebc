"""Media bytes: detect, check, fetch, convert, preview, store. This file is a table of contents.

A name is loaded when it is first used; no module has the name of one, since it would hide it.
"""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names as _lazy_names

if TYPE_CHECKING:
    from .base64_stream import Base64Decoder as Base64Decoder
    from .base64_stream import Base64Encoder as Base64Encoder
    from .cache import MediaCache as MediaCache
    from .chunk_file import read_jsonl as read_jsonl
    from .chunk_file import write_jsonl as write_jsonl
    from .converted import Converted as Converted
    from .decoding_limits import DecodingLimits as DecodingLimits
    from .detection import Detected as Detected
    from .detection import detect as detect
    from .fetch_options import FetchOptions as FetchOptions
    from .fetching import fetch as fetch
    from .fitting import Fitted as Fitted
    from .fitting import fit as fit
    from .inlining import inline as inline
    from .joining import JoinedMedia as JoinedMedia
    from .joining import join as join
    from .limits import Breach as Breach
    from .limits import MediaLimits as MediaLimits
    from .limits import RequestLimits as RequestLimits
    from .limits import breaches as breaches
    from .limits import check_request as check_request
    from .limits import request_breaches as request_breaches
    from .offloading import offload as offload
    from .origin import Origin as Origin
    from .picture_conversion import convert_image as convert_image
    from .previews import page_pictures as page_pictures
    from .previews import page_texts as page_texts
    from .previews import poster as poster
    from .previews import preview as preview
    from .previews import thumbnail as thumbnail
    from .previews import waveform as waveform
    from .probing import Probed as Probed
    from .probing import probe as probe
    from .recording_conversion import convert_audio as convert_audio
    from .recording_conversion import convert_video as convert_video
    from .recording_conversion import stream_audio as stream_audio
    from .recording_conversion import stream_video as stream_video
    from .several import each as each
    from .source import MediaSource as MediaSource
    from .splitting import split as split
    from .store import MediaStore as MediaStore
    from .stored_media import StoredMedia as StoredMedia
    from .url_origin import UrlOrigin as UrlOrigin
    from .worker_pool import Workers as Workers

_PLACES = {
    "Base64Decoder": ".base64_stream",
    "Base64Encoder": ".base64_stream",
    "Breach": ".limits",
    "Converted": ".converted",
    "DecodingLimits": ".decoding_limits",
    "Detected": ".detection",
    "FetchOptions": ".fetch_options",
    "Fitted": ".fitting",
    "JoinedMedia": ".joining",
    "MediaCache": ".cache",
    "MediaLimits": ".limits",
    "MediaSource": ".source",
    "MediaStore": ".store",
    "Origin": ".origin",
    "Probed": ".probing",
    "RequestLimits": ".limits",
    "StoredMedia": ".stored_media",
    "UrlOrigin": ".url_origin",
    "Workers": ".worker_pool",
    "breaches": ".limits",
    "check_request": ".limits",
    "convert_audio": ".recording_conversion",
    "convert_image": ".picture_conversion",
    "convert_video": ".recording_conversion",
    "detect": ".detection",
    "each": ".several",
    "fetch": ".fetching",
    "fit": ".fitting",
    "inline": ".inlining",
    "join": ".joining",
    "offload": ".offloading",
    "page_pictures": ".previews",
    "page_texts": ".previews",
    "poster": ".previews",
    "preview": ".previews",
    "probe": ".probing",
    "read_jsonl": ".chunk_file",
    "request_breaches": ".limits",
    "split": ".splitting",
    "stream_audio": ".recording_conversion",
    "stream_video": ".recording_conversion",
    "thumbnail": ".previews",
    "waveform": ".previews",
    "write_jsonl": ".chunk_file",
}

__all__ = list(_PLACES)

__getattr__, __dir__ = _lazy_names(__name__, _PLACES, globals())
