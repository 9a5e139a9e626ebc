"""Media and progress on a terminal and elsewhere."""

from massgen_stream.cli.render import Renderer
from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MediaMetadata
from massgen_stream.stream_chunk.narrow import attachment, attachment_complete, content, media, media_progress

from ..screens import pipe, rows, screen, shown, terminal, written

PNG = MediaMetadata(mime_type="image/png", width=1024, height=768, size_bytes=1_234_567)


def test_a_medium_is_a_line_with_type_size_and_path() -> None:
    assert shown(media("m", "image", path="out/cat.png", media_metadata=PNG, text_content="A cat")) == [
        "◆ image  image/png, 1024×768, 1.2 MB → out/cat.png",
        "  A cat",
    ]


def test_data_in_the_chunk_is_measured_and_never_printed() -> None:
    assert shown(
        media("a", "file", media_data=b"12345", media_encoding="binary"),
        media("b", "file", media_data="MTIzNA==", media_encoding="base64"),
        media("c", "image", media_data="data:image/png;base64,MTIzNA==", media_encoding="url"),
        media("d", "image", media_data="https://x/y.png?sig=1", media_encoding="url"),
    ) == ["◆ file  5 B", "◆ file  4 B", "◆ image", "◆ image → https://x/y.png?sig=1"]


def test_a_preview_says_so() -> None:
    preview = media("m", "image", media_data=b"12", media_encoding="binary", is_partial=True, partial_kind="preview")
    assert shown(preview) == ["◆ image preview  2 B"]


def test_a_bar_per_medium_while_it_is_made_and_none_after() -> None:
    console = terminal()
    renderer = Renderer(console, animate=False)
    renderer.feed(content("Here:"))
    renderer.feed(media_progress("m1", progress_percentage=40, stage="running", media_type="image", eta_seconds=5))
    renderer.feed(media_progress("m2", bytes_transferred=500, total_bytes=2000, media_type="video"))
    bars = [row.translate({ord(drawn): None for drawn in "━╸╺"}).split() for row in rows(console)]
    assert bars == [
        ["Here:"],
        ["image", "m1", "40%", "running,", "5.00", "s", "left"],
        ["video", "m2", "25%", "500", "B", "of", "2.0", "kB"],
    ]
    renderer.feed(media("m1", "image", path="a.png"))
    assert rows(console) == ["Here:", "", "◆ image → a.png"]
    renderer.feed(media_progress("m2", bytes_transferred=1000, total_bytes=2000))
    assert "50%" in rows(console)[-1]
    assert len(rows(console)) == 4
    renderer.close()
    assert rows(console) == ["Here:", "", "◆ image → a.png"]
    assert not screen(console).cursor.hidden


def test_text_goes_on_below_when_the_bars_step_aside() -> None:
    assert shown(content("a"), media_progress("m", progress_percentage=1), content("b")) == ["a", "b"]


def test_a_log_line_stands_above_the_bar() -> None:
    console = terminal()
    renderer = Renderer(console, animate=False)
    renderer.feed(media_progress("m", progress_percentage=1, log="step 1 [of] 9"))
    assert rows(console)[0] == "  step 1 [of] 9"
    assert rows(console)[1].startswith("media m ━")
    renderer.close()


def test_segments_move_a_bar_and_the_end_tells_their_size() -> None:
    console = terminal()
    renderer = Renderer(console, animate=False)
    for index, total in enumerate([2, 2]):
        renderer.feed(
            media(
                "m",
                "audio",
                media_data=b"x" * 800,
                media_encoding="binary",
                is_partial=True,
                partial_kind="segment",
                chunk_index=index,
                total_chunks=total * 2,
                byte_offset=800 * index,
            )
        )
    assert "50%" in rows(console)[0]
    assert rows(console)[0].endswith("1.6 kB")
    renderer.feed(media("m", "audio", media_metadata=MediaMetadata(mime_type="audio/wav", duration_seconds=2.5)))
    assert rows(console) == ["◆ audio  audio/wav, 2.50 s, 1.6 kB"]


def test_what_a_voice_says_is_part_of_the_answer_and_is_told_once() -> None:
    def said(text: str) -> BaseStreamChunk:
        return media(
            "m", "audio", text_content=text, is_partial=True, partial_kind="segment", chunk_index=0, byte_offset=0
        )

    whole = media("m", "audio", text_content="Hello you", media_metadata=MediaMetadata(mime_type="audio/wav"))
    assert shown(said("Hello "), said("you"), whole) == ["Hello you", "", "◆ audio  audio/wav"]
    assert shown(whole) == ["Hello you", "", "◆ audio  audio/wav"]


def test_attachments_move_and_arrive() -> None:
    parts = [{"type": "image", "filename": "cat.png", "mime_type": "image/png", "file_id": "f-1"}]
    assert shown(
        attachment(media_id="u", bytes_transferred=10, total_bytes=100, stage="uploading"),
        attachment_complete(media_id="u", attachments=parts),
        attachment_complete(path="a.txt"),
    ) == ["◆ image  cat.png, image/png → f-1", "◆ attachment → a.txt"]


def test_without_a_terminal_progress_is_a_few_lines() -> None:
    console = pipe()
    with Renderer(console, aside=console) as renderer:
        for percentage in range(0, 101, 5):
            renderer.feed(media_progress("m", progress_percentage=percentage, stage="running"))
        renderer.feed(media_progress("m", progress_percentage=100, stage="processing"))
        renderer.feed(media("m", "image", path="a.png"))
    assert written(console).splitlines() == [
        "· media m 0% running",
        "· media m 25% running",
        "· media m 50% running",
        "· media m 75% running",
        "· media m 100% running",
        "· media m 100% processing",
        "◆ image → a.png",
    ]
