from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from massgen_stream.stream_chunk.base import BaseStreamChunk
from massgen_stream.stream_chunk.multimodal import MultimodalStreamChunk

from .verifying import done, error, media, metadata, preview, progress, rules, said, segment, turn_done


def final(**fields: Any) -> MultimodalStreamChunk:
    return media(**{"media_metadata": metadata(), **fields})


def digest(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


class TestPartial:
    def test_it_says_its_kind(self) -> None:
        nameless = media(media_data=b"x", media_encoding="binary", is_partial=True)
        assert rules(nameless, final(), done()) == [("partial_kind", 0)]

    def test_it_has_an_id(self) -> None:
        partial = {"is_partial": True, "partial_kind": "preview"}
        assert rules(media(None, media_data="u", media_encoding="url", **partial), done()) == [("partial_kind", 0)]


class TestSegments:
    def test_they_are_contiguous(self) -> None:
        made = [segment(b"ab", 0, 0), segment(b"", 1, 2), segment(b"cde", 2, 2)]
        described = metadata(size_bytes=5, checksum=digest(b"abcde"))
        assert rules(*made, final(media_metadata=described), done()) == []

    @pytest.mark.parametrize("index", [0, 2, 3])
    def test_a_gap_in_chunk_index_is_told(self, index: int) -> None:
        assert rules(segment(b"ab", 0, 0), segment(b"c", index, 2), final(), done()) == [("segment_index", 1)]

    def test_the_first_index_is_zero(self) -> None:
        assert rules(segment(b"ab", 1, 0), final(), done()) == [("segment_index", 0)]

    def test_the_index_may_be_absent(self) -> None:
        assert rules(segment(b"ab", None, 0), segment(b"c", None, 2), final(), done()) == []

    @pytest.mark.parametrize("offset", [0, 1, 3, 2**70])
    def test_a_gap_in_byte_offset_is_told(self, offset: int) -> None:
        assert rules(segment(b"ab", 0, 0), segment(b"c", 1, offset), final(), done()) == [("segment_offset", 1)]

    def test_base64_counts_the_bytes_that_it_stands_for(self) -> None:
        texts = [b64encode(data).decode() for data in (b"ab", b"cde")]
        encoded = {"media_encoding": "base64"}
        made = [segment(b"", 0, 0, media_data=texts[0], **encoded), segment(b"", 1, 2, media_data=texts[1], **encoded)]
        assert rules(*made, final(media_metadata=metadata(checksum=digest(b"abcde"))), done()) == []

    def test_after_bytes_that_cannot_be_counted_offsets_are_believed(self) -> None:
        unread = segment(b"", 0, 0, media_data="https://example.com/a", media_encoding="url")
        broken = segment(b"", 0, 0, media_data="?", media_encoding="base64")
        for first in (unread, broken):
            described = metadata(size_bytes=7, checksum=digest(b"?"))
            assert rules(first, segment(b"c", 1, 99), final(media_metadata=described), done()) == []

    def test_media_are_apart(self) -> None:
        one, two = {"media_id": "m"}, {"media_id": "n"}
        made = [segment(b"ab", 0, 0, **one), segment(b"c", 0, 0, **two), segment(b"d", 1, 2, **one)]
        assert rules(*made, final(**two), final(**one), done()) == []
        sources = [segment(b"ab", 0, 0, source="a"), segment(b"c", 0, 0, source="b")]
        assert rules(*sources, final(source="a"), final(source="b"), done()) == []

    def test_a_transcript_is_no_bytes(self) -> None:
        spoken = segment(b"", 1, 2, media_data=None, media_encoding=None, text_content="Hi")
        assert rules(segment(b"ab", 0, 0), spoken, segment(b"c", 2, 2), final(), done()) == []


class TestFinal:
    def test_that_of_segments_has_metadata(self) -> None:
        path = final(media_metadata=None, path="a.wav")
        assert rules(segment(b"ab", 0, 0), path, done()) == [("media_metadata", 1)]
        assert rules(path, done()) == []

    @pytest.mark.parametrize("held", [(b"ab", "binary"), ("YWI=", "base64")])
    def test_that_of_segments_has_no_second_copy(self, held: tuple[bytes | str, str]) -> None:
        copy = final(media_data=held[0], media_encoding=held[1])
        assert rules(segment(b"ab", 0, 0), copy, done()) == [("media_copy", 1)]

    def test_that_of_segments_may_refer_to_them(self) -> None:
        reference = final(media_data="https://example.com/a", media_encoding="url")
        assert rules(segment(b"ab", 0, 0), reference, done()) == []

    def test_that_of_previews_has_the_bytes(self) -> None:
        whole = final(media_data=b"abc", media_encoding="binary", media_metadata=metadata(checksum=digest(b"abc")))
        assert rules(preview(b"a"), preview(b"ab"), whole, done()) == []

    @pytest.mark.parametrize("wrong", [{"size_bytes": 1}, {"checksum": digest(b"ba")}, {"checksum": "sha256:"}])
    def test_size_and_digest_are_those_of_the_bytes(self, wrong: dict[str, object]) -> None:
        described = metadata(**wrong)
        assert rules(segment(b"ab", 0, 0), final(media_metadata=described), done()) == [("media_digest", 1)]
        whole = final(media_data=b"ab", media_encoding="binary", media_metadata=described)
        assert rules(whole, done()) == [("media_digest", 0)]

    @pytest.mark.parametrize("checksum", [digest(b"ab").upper().replace("SHA", "sha"), "md5:1"])
    def test_other_spellings_and_digests_are_believed(self, checksum: str) -> None:
        assert rules(segment(b"ab", 0, 0), final(media_metadata=metadata(checksum=checksum)), done()) == []

    @pytest.mark.parametrize("late", [final(), segment(b"c", 1, 2), preview(b"c"), progress(5.0), progress(None)])
    def test_nothing_follows_it(self, late: BaseStreamChunk) -> None:
        assert rules(segment(b"ab", 0, 0), final(), said(), late, done()) == [("media_late", 3)]

    def test_media_without_id_stand_alone(self) -> None:
        assert rules(final(media_id=None), final(media_id=None), done()) == []
        wrong = final(media_id=None, media_data=b"", media_encoding="binary", media_metadata=metadata(size_bytes=1))
        assert rules(wrong, done()) == [("media_digest", 0)]


class TestOpen:
    @pytest.mark.parametrize("begun", [segment(b"ab", 0, 0), preview(b"ab")])
    @pytest.mark.parametrize("reason", ["stop", "length", "pause", "other"])
    def test_a_medium_ends(self, begun: BaseStreamChunk, reason: str) -> None:
        assert rules(begun, done(reason)) == [("media_open", 1)]

    def test_also_one_of_an_earlier_turn(self) -> None:
        assert rules(segment(b"ab", 0, 0), turn_done(), final(), done()) == []
        assert rules(segment(b"ab", 0, 0), turn_done(), said(), done()) == [("media_open", 3)]

    @pytest.mark.parametrize("reason", ["cancelled", "content_filter"])
    def test_after_a_cut_it_stays_open(self, reason: str) -> None:
        assert rules(segment(b"ab", 0, 0), done(reason)) == []
        assert rules(segment(b"ab", 0, 0), turn_done(reason), said(), done()) == []

    def test_one_that_failed_stays_open(self) -> None:
        assert rules(segment(b"ab", 0, 0), error(media_id="m"), said(), done()) == []

    def test_another_one_does_not(self) -> None:
        assert rules(segment(b"ab", 0, 0), error(media_id="n"), said(), done()) == [("media_open", 3)]

    def test_a_failure_may_be_told_first(self) -> None:
        assert rules(error(media_id="m"), segment(b"ab", 0, 0), done()) == []

    def test_progress_alone_is_no_medium(self) -> None:
        assert rules(progress(5.0), done()) == []


class TestProgress:
    def test_it_may_stand_still_but_not_fall(self) -> None:
        assert rules(progress(5.0), progress(5.0), progress(None), progress(7.5), done()) == []
        assert rules(progress(5.0), progress(4.0), progress(4.5), done()) == [("progress", 1), ("progress", 2)]

    def test_each_medium_has_its_own(self) -> None:
        assert rules(progress(50.0), progress(5.0, "n"), progress(1.0, None), progress(0.0, source="a"), done()) == []

    def test_an_attachment_has_it_too(self) -> None:
        def moved(percentage: float) -> BaseStreamChunk:
            return MultimodalStreamChunk(
                type="attachment", media_id="m", bytes_transferred=1, progress_percentage=percentage
            )

        assert rules(moved(5.0), moved(4.0), done()) == [("progress", 1)]

    def test_its_range_belongs_to_the_chunk(self) -> None:
        assert rules(progress(101.0), done()) == [("chunk", 0)]
