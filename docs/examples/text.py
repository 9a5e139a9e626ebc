"""Stream an answer. ``python docs/examples/text.py [provider]``; without one, the simulator answers."""

import asyncio
import sys

from massgen_stream import create_backend


async def main(provider: str = "simulator") -> None:
    messages = [{"role": "user", "content": "Write a haiku about rivers"}]
    async with create_backend(provider) as backend:
        async for chunk in backend.stream_with_tools(messages, []):
            if chunk.type == "content":
                print(chunk.content, end="", flush=True)
            elif chunk.type == "done":
                print(f"\n[{chunk.finish_reason}] {chunk.usage}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
