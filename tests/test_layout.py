"""The shape of the project: tests mirror the source, files and functions stay small, names say what is inside.

An exception is a row in a table here, with its reason; a row that nothing needs any more is an error.
"""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "massgen_stream"
TESTS = ROOT / "tests"
FOLDERS = (SOURCE, TESTS, ROOT / "benchmarks", ROOT / "docs")

MOST_LINES = 299
MOST_FUNCTION_LINES = 40
VAGUE_NAMES = {"utils", "util", "common", "helpers", "helper", "manager", "misc"}

LONG_FILES = {
    "errors.py": "the one error tree, kept together",
}
LONG_FUNCTIONS = {
    "stream_chunk/narrow/media.py::media": "one line for each field of a chunk, twice",
}
BROAD_HANDLERS = {
    "agent/call.py": (1, "the border to other people's functions: whatever they raise is told to the model"),
    "agent/tool_task.py": (1, "handed to the reader of the tool, who raises it"),
    "backend/attempt.py": (2, "the border to vendors' libraries: whatever they raise becomes a chunk"),
    "backend/run.py": (1, "the same border, written out where every chunk passes"),
    "cli/program.py": (1, "the border between errors and exit codes"),
    "backend/merging.py": (1, "handed to the reader of all the streams, who gets it raised"),
    "generation/production.py": (1, "an answer whose documented end has come is whole, however its connection ends"),
    "generation/clients.py": (1, "whose medium is done is not troubled by another client that does not close"),
    "generation/jobs.py": (2, "a look that fails is told and tried again; a stream that is left has only the log"),
    "media/worker_thread.py": (1, "handed to whoever waits for the thread, who raises it"),
    "provider/discovery.py": (1, "a plug-in may raise anything, and must not take the other hosts along"),
    "simulator/threads.py": (1, "handed to the thread that waits, which raises it"),
}
"""How many handlers of a file catch everything and do not raise it again, and why."""

TESTED_THROUGH = {
    "generation/media_request.py": ("generation/test_media_stream.py", "what `generate_media` makes of its arguments"),
    "generation/streaming.py": ("generation/test_media_stream.py", "how the one order of a call becomes a stream"),
    "generation/job_handle.py": ("generation/test_resuming.py", "a handle is worth what can be done with it"),
    "__main__.py": ("cli/test_program.py", "two lines; run as a program there"),
    "agent/relay.py": ("agent/test_calls.py", "what a tool streams, on its way"),
    "agent/schemas.py": ("agent/test_signatures.py", "the schema of a signature"),
    "agent/spending.py": ("agent/test_loop.py", "sums over turns"),
    "agent/sync_calls.py": ("agent/test_stream.py", "plain functions, and what becomes of those that are left"),
    "agent/tools.py": ("agent/test_toolbox.py", "the interface that everything in a box has"),
    "backend/anthropic_client.py": ("backend/test_claude.py", "the client of the backend"),
    "backend/attempt.py": ("backend/test_run.py", "one attempt of a run"),
    "backend/azure_access.py": ("backend/test_azure_openai.py", "the way into a resource, seen by its server"),
    "backend/chat_request.py": ("backend/test_chat_completions.py", "what the backend sends"),
    "backend/claude_models.py": ("backend/test_claude_options.py", "what options come to for a model"),
    "backend/claude_request.py": ("backend/test_claude_options.py", "the body that options make"),
    "backend/file_endpoint.py": ("backend/test_uploading.py", "the vendors' endpoints, used there"),
    "backend/filesystem.py": ("backend/test_base.py", "an enum of the base class"),
    "backend/gemini_capture.py": ("backend/test_gemini.py", "the HTTP client of the backend's client"),
    "backend/gemini_client.py": ("backend/test_gemini.py", "the client of the backend"),
    "backend/google_backend.py": ("backend/test_gemini.py", "what both backends of Google's APIs share"),
    "backend/google_sdk.py": ("backend/test_gemini.py", "what both clients of Google's SDK share"),
    "backend/grok_call.py": ("backend/test_grok.py", "the call of the backend, read over a real channel"),
    "backend/grok_client.py": ("backend/test_grok.py", "the channel of the backend"),
    "backend/grok_request.py": ("backend/test_grok.py", "what the backend sends"),
    "backend/instruments.py": ("backend/test_run.py", "what a run is given"),
    "backend/interactions_*.py": ("backend/test_interactions.py", "what the backend sends, and through what"),
    "backend/openai_client.py": ("backend/test_chat_completions.py", "the client of the backend"),
    "backend/raw_response.py": ("backend/test_chat_completions.py", "the base of the backends that read raw responses"),
    "backend/response_request.py": ("backend/test_response.py", "what the backend sends"),
    "backend/status_error.py": ("backend/test_translate.py", "errors by HTTP status, a part of the translation"),
    "backend/uploads.py": ("backend/test_uploading.py", "what was uploaded, seen by uploading again"),
    "cli/*": ("cli/test_program.py", "parts of the command line, seen where a person sees them"),
    "cli/screen/*": ("cli/test_render.py", "parts of the screen, seen on a terminal"),
    "media/archive.py": ("media/test_probing.py", "archives, seen by probing them"),
    "media/av_*.py": ("media/test_recording_conversion.py", "sound and video, seen by converting and probing them"),
    "media/*_ends.py": ("media/test_file_ends.py", "the ends of each format"),
    "media/box_sizes.py": ("media/test_probing.py", "cut files, seen by probing them"),
    "media/converted.py": ("media/test_picture_conversion.py", "what conversions return"),
    "media/cache_files.py": ("media/test_cache.py", "the files of the cache"),
    "media/closing.py": ("media/test_offloading.py", "streams are closed there"),
    "media/fetch_options.py": ("media/test_url_origin.py", "each option is used there"),
    "media/guarded_connection.py": ("media/test_url_origin.py", "connections of a download"),
    "media/inlining.py": ("media/test_offloading.py", "the way back"),
    "media/offload_mark.py": ("media/test_offloading.py", "what goes there and comes back"),
    "media/origin*.py": ("media/test_source.py", "what a source reads"),
    "media/store_sweeping.py": ("media/test_store.py", "what a killed process leaves"),
    "media/stored_media.py": ("media/test_store.py", "what a store returns"),
    "media/decoding_limits.py": ("media/test_probing.py", "each limit is broken there"),
    "media/pdf_pages.py": ("media/test_previews.py", "pages and texts of documents"),
    "media/picture_fitting.py": ("media/test_fitting.py", "a part of fitting"),
    "media/pillow_*.py": ("media/test_picture_conversion.py", "pictures, seen by converting and probing them"),
    "media/recording_fitting.py": ("media/test_fitting.py", "a part of fitting"),
    "media/*signatures.py": ("media/test_detection.py", "what detection looks for"),
    "generation/config_*.py": ("generation/test_config.py", "what a request does with its values"),
    "generation/vendors/elevenlabs/client.py": (
        "generation/vendors/elevenlabs/test_speech.py",
        "the doors of the vendor's SDK",
    ),
    "generation/vendors/elevenlabs/dialogue.py": (
        "generation/vendors/elevenlabs/test_speech.py",
        "speech of several voices",
    ),
    "generation/vendors/elevenlabs/effects.py": (
        "generation/vendors/elevenlabs/test_music.py",
        "what is no speech and no song",
    ),
    "generation/vendors/elevenlabs/fl*.py": (
        "generation/vendors/elevenlabs/test_videos.py",
        "the jobs of videos and images",
    ),
    "generation/vendors/elevenlabs/formats.py": (
        "generation/vendors/elevenlabs/test_speech.py",
        "what each word for a format is",
    ),
    "generation/vendors/elevenlabs/images.py": (
        "generation/vendors/elevenlabs/test_videos.py",
        "one form of request for both",
    ),
    "generation/vendors/elevenlabs/sound.py": (
        "generation/vendors/elevenlabs/test_speech.py",
        "the call of all that sounds",
    ),
    "generation/vendors/elevenlabs/voices.py": ("generation/vendors/elevenlabs/test_speech.py", "voices by name"),
    "generation/transcription/engine.py": (
        "generation/transcription/test_transcribing.py",
        "what each engine is asked",
    ),
    "generation/transcription/openai.py": ("generation/transcription/test_transcribing.py", "the first engine"),
    "generation/vendors/google/client.py": ("generation/vendors/google/test_imagen.py", "the doors of Google's SDK"),
    "generation/vendors/google/files.py": ("generation/vendors/google/test_omni.py", "large videos, fetched there"),
    "generation/vendors/google/interacting.py": (
        "generation/vendors/google/test_speech.py",
        "the call of all that is streamed",
    ),
    "generation/vendors/google/jobs.py": ("generation/vendors/google/test_veo.py", "jobs, taken up again there"),
    "generation/vendors/google/omni_*.py": (
        "generation/vendors/google/test_omni.py",
        "what is asked, seen by the server",
    ),
    "generation/vendors/google/parts.py": (
        "generation/vendors/google/test_omni.py",
        "media of requests, seen by the server",
    ),
    "generation/vendors/google/veo_*.py": (
        "generation/vendors/google/test_veo.py",
        "what is asked, seen by the server",
    ),
    "generation/vendors/google/image_*.py": (
        "generation/vendors/google/test_images.py",
        "what is asked, through either API",
    ),
    "generation/vendors/google/imagen_*.py": (
        "generation/vendors/google/test_imagen.py",
        "what is asked, seen by the server",
    ),
    "generation/vendors/google/pictures.py": (
        "generation/vendors/google/test_images.py",
        "what becomes of the answers",
    ),
    "generation/vendors/grok/fields.py": (
        "generation/vendors/grok/test_videos.py",
        "the words and media of its requests",
    ),
    "generation/vendors/grok/service.py": ("generation/vendors/grok/test_images.py", "the channel of both generators"),
    "generation/openai_sdk.py": (
        "generation/vendors/openrouter/test_images.py",
        "the client, and an endpoint that it has no method for",
    ),
    "generation/sdk_answers.py": ("generation/vendors/openai/test_speech.py", "what all calls of SDKs share"),
    "generation/sdk_documents.py": ("generation/vendors/openai/test_videos.py", "the requests of its jobs"),
    "generation/drawn_answers.py": (
        "generation/vendors/openai/test_image_tool.py",
        "answers with a picture, and without one",
    ),
    "generation/vendors/openai/deprecations.py": (
        "generation/vendors/openai/test_speech.py",
        "what is said of retired models",
    ),
    "generation/vendors/grok/video_offer.py": (
        "generation/vendors/grok/test_videos.py",
        "what its models take, refused there",
    ),
    "generation/vendors/openai/image_files.py": ("generation/vendors/openai/test_images.py", "the files of its edits"),
    "generation/vendors/openai/image_offer.py": (
        "generation/vendors/openai/test_images.py",
        "what its models take, refused there",
    ),
    "generation/vendors/openai/video_request.py": (
        "generation/vendors/openai/test_videos.py",
        "what it sends and refuses",
    ),
    "generation/vendors/openrouter/parts.py": (
        "generation/vendors/openrouter/test_videos.py",
        "the media of its requests",
    ),
    "generation/vendors/openrouter/video_models.py": (
        "generation/vendors/openrouter/test_videos.py",
        "what is refused, at the call and after a look at the host's list",
    ),
    "generation/order.py": ("generation/vendors/test_local.py", "what the author of a generator gets"),
    "generation/picture_changes.py": (
        "generation/vendors/stable_diffusion/test_images.py",
        "what diffusion models change, seen there",
    ),
    "generation/vendors/replicate/*.py": (
        "generation/vendors/replicate/test_predictions.py",
        "what models take, and their jobs",
    ),
    "generation/vendors/stable_diffusion/*.py": (
        "generation/vendors/stable_diffusion/test_images.py",
        "what a server takes, and how it is asked",
    ),
    "generation/sketch/*": ("generation/vendors/test_local.py", "parts of the local engine, seen in its media"),
    "provider/*": ("provider/test_hosts.py", "hosts are data; one test reads them all"),
    "simulator/*": ("simulator/test_sdk.py", "parts of the server, seen through a vendor's SDK"),
    "stream_chunk/codec.py": ("laws/test_roundtrip.py", "a table of contents"),
    "stream_chunk/formatter/*": ("stream_chunk/formatter/test_laws.py", "parts of the formatter"),
    "stream_chunk/source_finals.py": ("stream_chunk/test_gate.py", "the finals that the gate owes"),
    "stream_chunk/narrow/*": ("stream_chunk/test_narrow.py", "one test reads all constructors"),
    "stream_chunk/vocabulary.py": ("stream_chunk/test_rules.py", "words that the rules use"),
    "testing/faulty_turns.py": ("stream_chunk/test_verifier.py", "each of them breaks its rule there"),
    "testing/strategies_*.py": ("testing/test_strategies.py", "one public module in several files"),
    "testing/wires*.py": ("wire/test_laws.py", "what generated wires are made of"),
    "wire/error_words.py": ("wire/test_error_kinds.py", "words that the kinds are found by"),
    "wire/anthropic_messages/*": (
        "wire/test_recorded_anthropic_messages.py",
        "one decoder and encoder in several files",
    ),
    "wire/google_generate_content/*": (
        "wire/test_recorded_google_generate_content.py",
        "one decoder and encoder in several files",
    ),
    "wire/google_imagen/*": ("wire/test_recorded_media.py", "one decoder and encoder in several files"),
    "wire/google_interactions/*": (
        "wire/test_recorded_google_interactions.py",
        "one decoder and encoder in several files",
    ),
    "wire/grok/*": ("wire/grok/test_laws.py", "one decoder and encoder in several files"),
    "wire/openai_responses/*": ("wire/test_recorded_openai_responses.py", "one decoder and encoder in several files"),
    "wire/answer_decoder.py": ("wire/openai_chat/test_decoder.py", "the shell of the decoders of whole answers"),
    "wire/client_call.py": ("wire/anthropic_messages/test_tool_blocks.py", "calls, seen through a decoder"),
    "wire/figures.py": ("wire/openai_chat/test_usage.py", "figures of usage reports"),
    "wire/google_report.py": ("wire/test_recorded_google_generate_content.py", "usage reports of Google's APIs"),
    "wire/indexed_parts.py": ("wire/anthropic_messages/test_blocks.py", "parts, seen through a decoder"),
    "wire/lenient_fields.py": ("wire/openai_chat/test_decoder.py", "fields of odd types, seen through a decoder"),
    "wire/response_encoder.py": ("wire/anthropic_messages/test_encoder.py", "what encoders share, seen through them"),
    "wire/part_writer.py": ("wire/anthropic_messages/test_encoder.py", "parts, seen through an encoder"),
    "wire/endpoint*.py": ("wire/openai_images/test_decoder.py", "what media endpoints share, seen through them"),
    "wire/elevenlabs_sound/*": ("wire/elevenlabs_sound/test_decoder.py", "one decoder and encoder in several files"),
    "wire/polled*.py": ("wire/xai_video/test_decoder.py", "what polled jobs share, seen through them"),
    "wire/replicate_predictions/outputs.py": ("wire/replicate_predictions/test_decoder.py", "what a decoder gives"),
    "wire/openai_images/*": ("wire/test_recorded_openai_images.py", "one decoder and encoder in several files"),
    "wire/openai_speech/*": ("wire/test_recorded_openai_speech.py", "one decoder and encoder in several files"),
    "wire/openai_transcription/*": (
        "wire/test_recorded_openai_transcription.py",
        "one decoder and encoder in several files",
    ),
    "wire/openai_chat/*": ("wire/test_recorded_openai_chat.py", "one decoder and encoder in several files"),
}
"""Modules without a test file of their own name: the file that tests them, and why that one."""

CROSSING = {
    "docs/*": "pages and examples, not modules",
    "laws/*": "what must hold across modules",
    "test_layout.py": "this file",
    "backend/test_conversations_across_providers.py": "conversations that go from one provider to another",
    "backend/test_origin_listings.py": "the origin's own listings",
    "*/test_redirects.py": "all providers and backends at once, and generators",
    "backend/test_every_provider.py": "all providers and backends at once",
    "generation/test_every_generator.py": "all generators at once",
    "generation/test_strict.py": "all generators under one policy",
    "*/test_recorded_*.py": "recorded streams go through many modules",
    "cli/*": "what a person sees",
    "media/test_contents.py": "the public names of the package",
    "provider/test_hosts.py": "all hosts at once",
    "provider/test_quirks.py": "what each host wants otherwise",
    "simulator/*": "the server seen from outside",
    "stream_chunk/formatter/test_laws.py": "all formatters at once",
    "stream_chunk/formatter/grok/test_replay.py": "an answer through decoder, accumulator and formatter",
    "stream_chunk/test_exports.py": "the public names of the package",
    "stream_chunk/test_narrow.py": "all constructors at once",
    "wire/grok/test_laws.py": "laws of a whole decoder and encoder",
    "wire/test_laws.py": "all decoders and encoders at once",
    "wire/test_video_jobs.py": "each decoder and encoder of videos",
    "wire/test_contents.py": "the public names of the package",
    "wire/test_media_recordings.py": "all decoders of media at once",
    "wire/test_media_witnesses.py": "the vendor's SDK over what several encoders write",
    "wire/test_sse_*.py": "limits and outside witnesses of one module",
}
"""Tests that mirror no module of their name."""


def modules() -> list[str]:
    """Return every module but the tables of contents, relative to the package."""
    found = (path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))
    return sorted(path for path in found if not path.endswith("__init__.py"))


def mirror(module: str) -> Path:
    return TESTS / Path(module).parent / f"test_{Path(module).name}"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", [one for one in modules() if not mirror(one).exists()])
def test_a_module_has_a_test_of_its_name_or_a_reason(module: str) -> None:
    assert any(fnmatch(module, pattern) for pattern in TESTED_THROUGH), f"write {mirror(module).relative_to(ROOT)}"


@pytest.mark.parametrize("pattern", TESTED_THROUGH)
def test_a_module_that_is_tested_elsewhere_is_tested(pattern: str) -> None:
    test, _ = TESTED_THROUGH[pattern]
    assert (TESTS / test).exists(), f"{pattern} is to be tested by {test}"
    needs = [one for one in modules() if fnmatch(one, pattern) and not mirror(one).exists()]
    assert needs, f"nothing needs the row {pattern!r} any more"


def test_a_test_mirrors_a_module_or_says_what_it_crosses() -> None:
    mirrors = {mirror(module).relative_to(TESTS).as_posix() for module in modules()}
    tests = {path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")}
    packages = {f"{path.parent.relative_to(SOURCE).as_posix()}" for path in SOURCE.rglob("__init__.py")}
    lost = [
        test
        for test in sorted(tests - mirrors)
        if Path(test).with_name(Path(test).stem.removeprefix("test_")).as_posix() not in packages
        and not any(fnmatch(test, pattern) for pattern in CROSSING)
    ]
    assert lost == []


@pytest.mark.parametrize("pattern", CROSSING)
def test_what_crosses_is_there(pattern: str) -> None:
    assert any(fnmatch(path.relative_to(TESTS).as_posix(), pattern) for path in TESTS.rglob("test_*.py"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_names_say_what_is_inside(folder: Path) -> None:
    paths = [path for path in folder.rglob("*") if path.suffix == ".py" or path.is_dir()]
    vague = [path for path in paths if VAGUE_NAMES & set(path.stem.removeprefix("test_").lower().split("_"))]
    assert vague == []


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder != TESTS], ids=lambda folder: folder.name)
def test_files_are_short(folder: Path) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in folder.rglob("*.py")}
    long = {path.relative_to(folder).as_posix() for path, lines in lengths.items() if lines > MOST_LINES}
    assert long == (set(LONG_FILES) if folder == SOURCE else set())


def functions(module: str) -> Iterator[tuple[str, int]]:
    """Yield name and length of every function, decorators and docstring included."""
    for node in ast.walk(tree(SOURCE / module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            yield f"{module}::{node.name}", node.end_lineno - node.lineno + 1


def test_functions_are_short() -> None:
    long = {name for module in modules() for name, lines in functions(module) if lines > MOST_FUNCTION_LINES}
    assert long == set(LONG_FUNCTIONS)


def swallowed(module: str) -> int:
    """Return how many handlers catch everything and do not end by raising it again."""
    handlers = [node for node in ast.walk(tree(SOURCE / module)) if isinstance(node, ast.ExceptHandler)]
    return sum(_is_broad(handler) and not isinstance(handler.body[-1], ast.Raise) for handler in handlers)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    names = {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def test_only_borders_catch_everything() -> None:
    found = {module: count for module in modules() if (count := swallowed(module))}
    assert found == {module: count for module, (count, _) in BROAD_HANDLERS.items()}


def test_no_handler_is_silent() -> None:
    """Catching everything and passing hides what nobody has foreseen."""
    silent = [
        f"{module}:{node.lineno}"
        for module in modules()
        for node in ast.walk(tree(SOURCE / module))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and isinstance(node.body[0], ast.Pass)
    ]
    assert silent == []


def test_code_and_pages_are_in_four_folders() -> None:
    inside = [*ROOT.glob("[!.]*/*.py"), *ROOT.glob("[!.]*/*.md")]
    assert {path.parent for path in inside} <= set(FOLDERS)
