"""The codec: chunks as JSON, JSON Lines and MessagePack, and the JSON Schema of their documents."""

from .codec_json import decode_json, encode_json
from .codec_jsonl import decode_jsonl, encode_jsonl
from .codec_msgpack import decode_msgpack, encode_msgpack
from .json_schema import schema

__all__ = [
    "decode_json",
    "decode_jsonl",
    "decode_msgpack",
    "encode_json",
    "encode_jsonl",
    "encode_msgpack",
    "schema",
]
