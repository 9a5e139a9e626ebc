"""What a receiver takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from massgen_stream.errors import MediaOverLimit
from massgen_stream.media.limits import MediaLimits, RequestLimits, breaches, check_request, request_breaches
from massgen_stream.stream_chunk.kinds import MediaType
from massgen_stream.stream_chunk.multimodal import MediaMetadata

PHOTO = MediaMetadata(mime_type="image/jpeg", size_bytes=3_000_001, width=4000, height=3000)
SONG = MediaMetadata(mime_type="audio/mpeg", size_bytes=900, duration_seconds=61.5, channels=2)
REPORT = MediaMetadata(mime_type="application/pdf", size_bytes=5000, pages=120)


@pytest.mark.parametrize(
    ("metadata", "limits", "text"),
    [
        (PHOTO, MediaLimits(max_bytes=3_000_000), "it has 3000001 bytes, over max_bytes 3000000"),
        (
            PHOTO,
            MediaLimits(max_base64_bytes=4_000_000),
            "it has 4000004 bytes as base64, over max_base64_bytes 4000000",
        ),
        (PHOTO, MediaLimits(max_pixels=10**6), "it has 12000000 pixels, over max_pixels 1000000"),
        (PHOTO, MediaLimits(max_width=3999), "it has 4000 pixels of width, over max_width 3999"),
        (PHOTO, MediaLimits(max_height=2000), "it has 3000 pixels of height, over max_height 2000"),
        (PHOTO, MediaLimits(max_long_edge=1568), "it has 4000 pixels on its longer side, over max_long_edge 1568"),
        (PHOTO, MediaLimits(mime_types=("image/png",)), "it is image/jpeg, and mime_types are image/png"),
        (SONG, MediaLimits(max_seconds=60), "it has 61.5 seconds, over max_seconds 60"),
        (REPORT, MediaLimits(max_pages=100), "it has 120 pages, over max_pages 100"),
        (
            MediaMetadata(mime_type="image/gif", frames=9),
            MediaLimits(max_frames=8),
            "it has 9 frames, over max_frames 8",
        ),
    ],
)
def test_a_report_names_limit_and_value(metadata: MediaMetadata, limits: MediaLimits, text: str) -> None:
    (breach,) = breaches(metadata, limits, "it")
    assert str(breach) == text


@pytest.mark.parametrize("metadata", [PHOTO, SONG, REPORT, MediaMetadata(mime_type="image/png")])
def test_what_is_exactly_at_the_limit_or_unknown_is_kept(metadata: MediaMetadata) -> None:
    limits = MediaLimits(
        max_bytes=3_000_001,
        max_base64_bytes=4_000_004,
        max_pixels=12_000_000,
        max_width=4000,
        max_height=3000,
        max_long_edge=4000,
        max_seconds=61.5,
        max_pages=120,
        mime_types=("image/jpg", "image/png", "audio/mp3", "application/pdf"),
    )
    assert breaches(metadata, limits) == []
    assert breaches(metadata, MediaLimits()) == []


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_most_bytes_keep_both_limits_of_size(plain: int, encoded: int) -> None:
    limits = MediaLimits(max_bytes=plain, max_base64_bytes=encoded)
    most = limits.most_bytes
    assert most is not None
    assert breaches(MediaMetadata(mime_type="x/y", size_bytes=most), limits) == []
    assert breaches(MediaMetadata(mime_type="x/y", size_bytes=most + 3), limits) != [] or most + 3 <= plain
    assert MediaLimits().most_bytes is None


def test_a_request() -> None:
    limits = RequestLimits(
        receiver="claude",
        each={"image": MediaLimits(max_long_edge=8000), "document": MediaLimits(max_pages=100)},
        max_count={"image": 1},
        max_all_count=3,
        max_all_bytes=6_000_000,
        max_all_pages=100,
        max_all_seconds=60,
    )
    media = [
        (MediaType.IMAGE, PHOTO),
        ("image", PHOTO),
        (MediaType.AUDIO, SONG),
        (MediaType.DOCUMENT, REPORT),
    ]
    assert [(breach.limit, breach.allowed, breach.value) for breach in request_breaches(media, limits)] == [
        ("max_pages", 100, 120),
        ("max_count", 1, 2),
        ("max_all_count", 3, 4),
        ("max_all_bytes", 6_000_000, 6_005_902),
        ("max_all_pages", 100, 120),
        ("max_all_seconds", 60, 61.5),
    ]
    with pytest.raises(MediaOverLimit) as caught:
        check_request(media, limits)
    assert caught.value.breaches[:2] == (
        "document 4 has 120 pages, over max_pages 100 of claude",
        "the request, of image, has 2 media of this kind, over max_count 1 of claude",
    )
    check_request(media[:1], limits)
    check_request([], RequestLimits())
