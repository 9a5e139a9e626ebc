"""Feed a user interface: chunks as JSON Lines over any transport, rebuilt by an accumulator on the other side."""

import asyncio
import sys

from massgen_stream import Accumulator, create_backend, decode_json, encode_json


class Window:
    """Stands for a web page or a widget: it gets bytes, and shows what they add up to."""

    def __init__(self) -> None:
        self.state = Accumulator()

    def receive(self, line: bytes) -> None:
        self.state.feed(decode_json(line))

    def show(self) -> str:
        return f"{self.state.text}\n[{self.state.finish_reason}] {len(self.state.tool_calls)} calls"


async def main(provider: str = "simulator") -> None:
    window = Window()
    messages = [{"role": "user", "content": "Write a haiku about rivers"}]
    async with create_backend(provider) as backend, backend.stream_with_tools(messages, []) as stream:
        async for chunk in stream:
            if chunk.display:
                window.receive(encode_json(chunk))
    print(window.show())
    print(f"first chunk after {stream.timing.time_to_first_chunk:.3f} s")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
