import threading
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend.formatted import Formatted
from massgen_stream.errors import InvalidMessage, MediaError, UnresolvedMedia
from massgen_stream.provider.spec import ProviderSpec
from massgen_stream.stream_chunk.formatter import OpenAIChatFormatter

pytestmark = pytest.mark.anyio
HOST = ProviderSpec(
    name="host",
    title="Host",
    protocol="openai.chat",
    default_model="m",
    input_media={"image": 100, "document": None},
    request_media_bytes=250,
)
PNG = b"\x89PNG\r\n\x1a\n"


def formatted(*messages: dict[str, Any]) -> Formatted[list[dict[str, Any]]]:
    return Formatted(OpenAIChatFormatter(), messages, HOST)


def user(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


async def test_messages_without_files_are_ready_at_once() -> None:
    found = formatted({"role": "user", "content": "hi"})
    assert found.losses == []
    assert await found.payload() == [{"role": "user", "content": "hi"}]


async def test_losses_are_known_before_anything_is_read() -> None:
    said = {"role": "assistant", "content": [{"type": "reasoning", "text": "Hm."}, {"type": "text", "text": "a"}]}
    (loss,) = formatted({"role": "user", "content": "hi"}, said).losses
    assert loss.where == "messages[1].content[0]"


async def test_a_file_is_read_when_it_is_sent_once_and_in_a_worker_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG)
    threads: list[int] = []
    from massgen_stream.backend import formatted as module

    def read(path: Any) -> bytes:
        threads.append(threading.get_ident())
        return Path(path).read_bytes()

    monkeypatch.setattr(module, "whole", read)
    found = formatted(user({"type": "image", "path": str(picture)}))
    assert threads == []
    picture.write_bytes(PNG + b"later")
    url = (await found.payload())[0]["content"][0]["image_url"]["url"]
    assert url == "data:image/png;base64,iVBORw0KGgpsYXRlcg=="
    picture.unlink()
    assert (await found.payload())[0]["content"][0]["image_url"]["url"] == url
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


async def test_a_file_that_has_gone_since_the_call(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG)
    found = formatted(user({"type": "image", "path": picture}))
    picture.unlink()
    with pytest.raises(MediaError, match=r"messages\[0\]\.content\[0\]: cannot read .*a\.png"):
        await found.payload()


async def test_mistakes_are_raised_at_the_call(tmp_path: Path) -> None:
    with pytest.raises(InvalidMessage):
        formatted({"role": "nobody", "content": "x"})
    with pytest.raises(MediaError, match="over the limit"):
        formatted(user({"type": "image", "data": PNG + bytes(100)}))
    with pytest.raises(MediaError, match="cannot read"):
        formatted(user({"type": "image", "path": str(tmp_path / "none.png")}))
    with pytest.raises(UnresolvedMedia):
        formatted(user({"type": "audio", "file_id": "file-1"}))


async def test_all_media_of_a_request_are_counted_at_the_call_and_when_they_are_there(tmp_path: Path) -> None:
    image = {"type": "image", "data": PNG + bytes(80)}
    with pytest.raises(MediaError, match="3 media together"):
        formatted(user(image, image), user(image))
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG)
    found = formatted(user(image, image, {"type": "image", "path": picture}))
    picture.write_bytes(PNG + bytes(85))  # it has grown meanwhile, and alone it may be as large
    with pytest.raises(MediaError, match="3 media together"):
        await found.payload()


async def test_the_messages_of_the_caller_stay_as_they_are(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG)
    message = user({"type": "image", "path": str(picture)})
    await formatted(message).payload()
    assert message == user({"type": "image", "path": str(picture)})
