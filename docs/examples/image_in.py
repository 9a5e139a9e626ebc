"""Ask about an image: a part with bytes, a path, a URL or base64 works with every provider that takes images."""

import asyncio
import struct
import sys
import zlib

from massgen_stream import TextStreamChunk, create_backend


def red_square(size: int = 8) -> bytes:
    """Return a small PNG, so that the example needs no file."""
    rows = b"".join(b"\0" + b"\xff\0\0" * size for _ in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    blocks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = (struct.pack(">I", len(data)) + k + data + struct.pack(">I", zlib.crc32(k + data)) for k, data in blocks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


async def main(provider: str = "simulator") -> None:
    question = {"type": "text", "text": "What colour is this?"}
    image = {"type": "image", "data": red_square(), "mime_type": "image/png"}
    messages = [{"role": "user", "content": [question, image]}]
    async with create_backend(provider) as backend:
        async for chunk in backend.stream_with_tools(messages, []):
            if isinstance(chunk, TextStreamChunk) and chunk.type == "content":
                print(chunk.content, end="", flush=True)
    print()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
