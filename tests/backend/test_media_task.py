"""Which media are fetched or made to fit, and what is refused at the call."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from massgen_stream.backend import requirements
from massgen_stream.backend.media_options import MediaOptions
from massgen_stream.backend.media_task import MediaTask, media_tasks
from massgen_stream.errors import MissingExtra, UnreachableMedia
from massgen_stream.provider.spec import ProviderSpec
from massgen_stream.stream_chunk.formatter import (
    Formatter,
    GenerateContentFormatter,
    GrokFormatter,
    InteractionsFormatter,
    MessagesFormatter,
    OpenAIChatFormatter,
    ResponsesFormatter,
    normalise_messages,
)

PNG = b"\x89PNG\r\n\x1a\n"
BMP = b"BM" + bytes(60)
HOST = ProviderSpec(
    name="host",
    title="Host",
    protocol="openai.chat",
    default_model="m",
    input_media={"image": 100, "audio": None, "document": 100},
)
NO_URLS = ProviderSpec(
    name="bare", title="Bare", protocol="openai.chat", default_model="m", input_media={"image": 5}, reads_urls=False
)
FIT = MediaOptions(media_policy="fit")
CHAT, CLAUDE, GEMINI = OpenAIChatFormatter(), MessagesFormatter(), GenerateContentFormatter()


def planned(
    *parts: dict[str, Any],
    formatter: Formatter[Any] = CHAT,
    provider: ProviderSpec = HOST,
    options: MediaOptions = MediaOptions(),  # noqa: B008 - a value
    role: str = "user",
) -> list[MediaTask]:
    messages = normalise_messages([{"role": "system", "content": "x"}, {"role": role, "content": list(parts)}])
    found = media_tasks(messages, formatter, provider, options)
    assert all(place[0] == 1 for place in found)
    return [*found.values()]


def url(kind: str, address: str = "https://x.org/a", **more: str) -> dict[str, Any]:
    return {"type": kind, "url": address, **more}


@pytest.mark.parametrize(
    ("formatter", "fetched"),
    [
        (CHAT, {"audio", "document", "file"}),
        (ResponsesFormatter(), set()),
        (CLAUDE, set()),
        (GEMINI, set()),
        (InteractionsFormatter(), set()),
        (GrokFormatter(), set()),
    ],
)
def test_kinds_whose_urls_a_wire_does_not_take(formatter: Formatter[Any], fetched: set[str]) -> None:
    kinds = ("image", "audio", "video", "document", "file")
    found = {kind for kind in kinds if planned(url(kind), formatter=formatter)}
    assert found == fetched


@pytest.mark.parametrize("formatter", [GEMINI, InteractionsFormatter()])
def test_google_reads_only_what_is_encrypted(formatter: Formatter[Any]) -> None:
    assert planned(url("image", "http://x.org/a.png"), formatter=formatter)
    assert planned(url("image", "gs://bucket/a.png"), formatter=formatter) == []


@pytest.mark.parametrize(
    ("part", "is_fetched"),
    [
        (url("document", "https://x.org/a.pdf?x=.txt"), False),
        (url("document", "https://x.org/notes.md#a.pdf"), True),
        (url("document", mime_type="text/plain; charset=utf-8"), True),
        (url("file", "https://x.org/a.png"), True),
        (url("file", "https://x.org/a", mime_type="image/png"), False),
    ],
)
def test_of_documents_claude_reads_only_pdf(part: dict[str, Any], is_fetched: bool) -> None:
    assert bool(planned(part, formatter=CLAUDE)) is is_fetched


def test_a_host_that_reads_no_urls() -> None:
    (task,) = planned(url("image"), provider=NO_URLS)
    assert (task.kind, task.max_bytes, task.url) == ("image", 5, "https://x.org/a")
    assert planned(url("video"), provider=NO_URLS) == []  # it is dropped, and needs no bytes


def test_what_a_model_made_is_not_fetched() -> None:
    assert planned(url("audio"), role="assistant") == []


def test_nothing_is_done_with_what_fits(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG)
    parts: list[dict[str, Any]] = [
        {"type": "image", "data": PNG},
        {"type": "image", "path": str(picture)},
        {"type": "image", "file_id": "f"},
        {"type": "audio", "data": b"RIFF\0\0\0\0WAVE" + bytes(999)},
        {"type": "document", "data": bytes(101)},
    ]
    assert planned(*parts, options=FIT) == []


def test_what_is_over_the_limit_is_made_to_fit_only_when_asked(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(PNG + bytes(100))
    parts: list[dict[str, Any]] = [{"type": "image", "data": PNG + bytes(100)}, {"type": "image", "path": str(picture)}]
    assert [task.where for task in planned(*parts, options=FIT)] == ["messages[1].content[0]", "messages[1].content[1]"]
    assert planned(*parts) == []


def test_images_of_a_type_that_is_not_taken_are_made_to_fit(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"  # the bytes count
    picture.write_bytes(BMP)
    parts: list[dict[str, Any]] = [{"type": "image", "data": BMP}, {"type": "image", "path": str(picture)}]
    tasks = planned(*parts, formatter=CLAUDE, options=FIT)
    assert [task.stand_in()["mime_type"] for task in tasks] == ["image/jpeg", "image/jpeg"]
    assert planned(*parts, options=FIT) == []


@pytest.mark.parametrize(
    ("part", "known"),
    [
        (url("audio", "https://x.org/a.mp3?x#y"), {"mime_type": "audio/mpeg"}),
        (url("audio", "https://x.org/a"), {"mime_type": "audio/wav"}),
        (url("audio", "https://x.org/a.png"), {"mime_type": "audio/wav"}),
        (url("audio", "https://x.org/a.mp3", mime_type="audio/flac"), {"mime_type": "audio/flac"}),
        (url("file", "https://x.org/a.docx", filename="b.csv"), {"mime_type": "text/csv", "filename": "b.csv"}),
    ],
)
def test_the_stand_in_looks_like_the_medium(part: dict[str, Any], known: dict[str, str]) -> None:
    (task,) = planned(part)
    assert task.stand_in() == {"type": part["type"], "data": b"", **known}


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/a.wav",
        "http://[::1]/a.wav",
        "http://169.254.169.254/latest/meta-data",
        "http://user:secret@x.org/a.wav",
        "http:///a.wav",
        "http://x.org:99999/a.wav",
        "http://x.org/a b.wav",
    ],
)
def test_addresses_that_can_never_be_fetched_are_refused_at_the_call(address: str) -> None:
    with pytest.raises(UnreachableMedia, match=r"^messages\[1\]\.content\[0\]: ") as caught:
        planned(url("audio", address))
    assert "secret" not in str(caught.value)


def test_private_addresses_may_be_allowed() -> None:
    address = "http://10.1.2.3/a.wav"
    for allowed in (True, ("10.0.0.0/8",)):
        assert planned(url("audio", address), options=MediaOptions(allow_private_media=allowed))
    with pytest.raises(UnreachableMedia, match="allow it with allow_private_media"):
        planned(url("audio", address), options=MediaOptions(allow_private_media=("192.168.0.0/16",)))


@pytest.mark.parametrize(
    ("part", "options", "library"),
    [
        (url("audio"), MediaOptions(), "httpcore2"),
        ({"type": "image", "data": PNG + bytes(100)}, FIT, "PIL"),
    ],
)
def test_the_extra_is_named_at_the_call(
    monkeypatch: pytest.MonkeyPatch, part: dict[str, Any], options: MediaOptions, library: str
) -> None:
    monkeypatch.setattr(requirements, "find_spec", lambda name: None if name == library else find_spec(name))
    with pytest.raises(MissingExtra, match=r"massgen-stream\[media\]"):
        planned(part, options=options)
    assert planned({"type": "image", "data": PNG}, options=options) == []


def test_nothing_of_the_media_layer_is_loaded_with_the_backends() -> None:
    code = "import sys, massgen_stream.backend.chat_completions; print([m for m in sys.modules if '.media.' in m])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
