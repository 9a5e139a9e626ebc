import pytest

from massgen_stream.backend import FilesystemSupport, LLMBackend
from massgen_stream.errors import ConfigurationError, UnknownProvider
from massgen_stream.provider import ProviderSpec
from massgen_stream.stream_chunk.narrow import done

from .fakes import SPEC, ScriptedBackend, saying, yielding
from .reading import HELLO, read

MEDIA = ProviderSpec(
    name="media",
    title="Media",
    protocol="openai.chat",
    default_model="m",
    key_required=False,
    input_media={"image": 1000, "document": None},
    output_media=("audio",),
)


def backend() -> ScriptedBackend:
    return ScriptedBackend(saying("a"), provider=MEDIA)


def test_what_a_backend_says_of_itself() -> None:
    assert backend().get_provider_name() == "media"
    assert backend().get_filesystem_support() is FilesystemSupport.NONE
    assert backend().is_stateful() is False
    backend().clear_history()
    backend().reset_state()


def test_media() -> None:
    assert backend().supports_multimodal_input() == {"image": True, "audio": False, "video": False, "document": True}
    assert backend().supports_multimodal_output() == {"image": False, "audio": True, "video": False, "document": False}
    assert backend().get_max_media_size("image") == 1000
    assert backend().get_max_media_size("document") is None
    assert backend().get_max_media_size("smell") is None


@pytest.mark.parametrize(
    ("kind", "data", "valid"),
    [
        ("image", bytes(1000), True),
        ("image", bytes(1001), False),
        ("image", "A" * 1332, True),
        ("image", "A" * 1340, False),
        ("document", bytes(10_000), True),
        ("image", object(), True),
        ("audio", b"", False),
        ("smell", b"", False),
    ],
)
def test_media_input(kind: str, data: object, valid: bool) -> None:
    assert backend().validate_media_input(kind, data) is valid


def test_a_provider_by_name_or_by_value() -> None:
    assert ScriptedBackend(saying(), provider=SPEC).model == "fake-1"
    with pytest.raises(UnknownProvider, match="nobody"):
        ScriptedBackend(saying(), provider="nobody")  # type: ignore[arg-type]


@pytest.mark.parametrize("model", ["", 5])
def test_a_model_is_a_string(model: object) -> None:
    with pytest.raises(ConfigurationError, match="model"):
        ScriptedBackend(saying(), model=model)


def test_repr_shows_no_key() -> None:
    shown = repr(ScriptedBackend(saying(), api_key="topsecret", base_url="http://u:pw@here/v1"))
    assert shown == "ScriptedBackend(provider='fake', model='fake-1', base_url='http://here/v1')"
    assert "topsecret" not in repr(vars(ScriptedBackend(saying(), api_key="topsecret")))


def test_an_author_writes_one_method() -> None:
    assert LLMBackend.__abstractmethods__ == {"stream_attempt"}


@pytest.mark.anyio
async def test_options_of_the_call_win_and_reach_the_author() -> None:
    scripted = ScriptedBackend(saying("a"), temperature=0.1, seed=1, max_retries=5)
    await read(scripted.stream_with_tools(HELLO, [{"name": "f"}], temperature=0.2, model="other", total_timeout=9))
    (turn,) = scripted.turns
    assert turn.payload == {
        "messages": HELLO,
        "tools": [{"name": "f"}],
        "model": "other",
        "temperature": 0.2,
        "seed": 1,
    }
    assert (turn.limits.max_retries, turn.limits.total_timeout) == (5, 9)
    assert scripted.limits.total_timeout is None


@pytest.mark.anyio
async def test_async_with_and_aclose() -> None:
    async with ScriptedBackend(yielding(done("stop"))) as scripted:
        await read(scripted.stream_with_tools(HELLO))
    await scripted.aclose()
