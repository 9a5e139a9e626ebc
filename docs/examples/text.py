"""Stream an answer. ``python docs/examples/text.py [provider]``; without one, the simulator answers."""

import asyncio
import sys

from massgen_stream import TextStreamChunk, create_backend


async def main(provider: str = "simulator") -> None:
    messages = [{"role": "user", "content": "Write a haiku about rivers"}]
    async with create_backend(provider) as backend:
        async for chunk in backend.stream_with_tools(messages, []):
            match chunk:
                case TextStreamChunk(type="content", content=text):
                    print(text, end="", flush=True)
                case TextStreamChunk(type="done", finish_reason=reason, usage=usage):
                    print(f"\n[{reason}] {usage}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
