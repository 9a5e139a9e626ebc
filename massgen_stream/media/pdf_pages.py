"""Pages of a PDF through pypdfium2, one document at a time: PDFium is not safe in several threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw as pdfium

from ..errors import BrokenMedia, MediaError, excerpt
from .converted import Converted
from .decoding_limits import DecodingLimits, refuse_above
from .local_file import LocalFile
from .pillow_encoding import PictureForm, encoded_picture
from .worker_pool import Stop

_ONE_AT_A_TIME: Final = Lock()
_USUAL_SIZE: Final = 1024
"""Pixels of the longer side of a page."""


@contextmanager
def opened_pages(file: LocalFile, limits: DecodingLimits) -> Iterator[Any]:
    """Open a PDF, as `pypdfium2.PdfDocument`; a file is read by page, not loaded.

    Raises:
        BrokenMedia: It is damaged.
        MediaError: It is locked with a password.
        UnsafeMedia: It is over a limit.
    """
    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(file.path if file.path is not None else file.data)
            try:
                pages = len(document)
                if not pages:
                    raise BrokenMedia("the document has no pages; it is cut off or damaged")
                refuse_above("max_pages", pages, limits.max_pages, f"a document of {pages} pages")
                yield document
            finally:
                document.close()
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
                raise MediaError("the document is locked with a password; unlock it first") from error
            raise BrokenMedia(f"the document cannot be read: {excerpt(error)}; it is cut off or damaged") from error


def page_picture(stop: Stop, file: LocalFile, number: int, form: PictureForm, limits: DecodingLimits) -> Converted:
    """Return one page, counted from 1, as large as *form* allows; blocks.

    Raises:
        MediaError: There is no such page, or the document cannot be read.
    """
    with opened_pages(file, limits) as document:
        stop.check()
        page = document.get_page(_index(document, number))
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise BrokenMedia(f"page {number} has no size; the document is damaged")
        scale = min((form.max_width or _USUAL_SIZE) / width, (form.max_height or _USUAL_SIZE) / height)
        limits.check_size(max(1, round(width * scale)), max(1, round(height * scale)))
        image = page.render(scale=scale).to_pil()
    return encoded_picture(image, form, [])


def page_text(stop: Stop, file: LocalFile, number: int, most: int, limits: DecodingLimits) -> str:
    """Return the text of one page, counted from 1, of at most *most* characters; blocks.

    Raises:
        MediaError: There is no such page, or the document cannot be read.
    """
    with opened_pages(file, limits) as document:
        stop.check()
        text = document.get_page(_index(document, number)).get_textpage()
        count = max(0, min(text.count_chars(), most))
        return str(text.get_text_range(0, count)) if count else ""


def page_count(stop: Stop, file: LocalFile, limits: DecodingLimits) -> int:
    """Return how many pages there are; blocks."""
    stop.check()
    with opened_pages(file, limits) as document:
        return len(document)


def _index(document: Any, number: int) -> int:
    if not 1 <= number <= len(document):
        raise MediaError(f"there is no page {number}; the document has {len(document)}")
    return number - 1
