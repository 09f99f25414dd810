"""What may be attached to a claim, by content (RELIABILITY row 18)."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from entitlements.evidence import (
    EMPTY,
    MAX_BYTES,
    NOT_ACCEPTED,
    TOO_LARGE,
    WORD,
    EvidenceRefused,
    clean_name,
    inspect,
)

PDF, JPEG, PNG = b"%PDF-1.7\n", b"\xff\xd8\xff\xe0JFIF", b"\x89PNG\r\n\x1a\n"


def zipped(*names, content=b"x"):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return file.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
BOMB = zipped("[Content_Types].xml", "xl/workbook.xml", content=b"0" * 5_000_000)


def look(name, content, size=None):
    return inspect(BytesIO(content), name=name, size=len(content) if size is None else size)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("certificate.pdf", PDF, "application/pdf"),
        ("photo.JPG", JPEG, "image/jpeg"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("screen.png", PNG, "image/png"),
        ("notes.docx", DOCX, WORD),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_is_and_says_it_is_is_taken(name, content, kind):
    assert look(name, content).content_type == kind


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("certificate.pdf.html", PDF),
        ("certificate.html", PDF),
        ("certificate.pdf", JPEG),
        ("photo.jpg", PNG),
        ("tool.exe", b"MZ\x90"),
        ("tool.pdf", b"MZ\x90 %PDF-1.7"),
        ("archive.zip", DOCX),
        ("sheet.docx", zipped("[Content_Types].xml", "xl/workbook.xml")),
        ("macros.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("climbs.docx", zipped("[Content_Types].xml", "word/document.xml", "../../etc/cron.d/x")),
        ("broken.docx", DOCX[:40]),
        ("bomb.docx", BOMB),
        ("no_extension", PDF),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_something_else_is_refused(name, content):
    with pytest.raises(EvidenceRefused) as refused:
        look(name, content)

    assert str(refused.value) == NOT_ACCEPTED


def test_a_polyglot_is_taken_for_what_it_begins_with():
    found = look("both.pdf", PDF + b"<script>alert(1)</script>" + DOCX)

    assert found.content_type == "application/pdf"


def test_too_large_and_empty_are_refused():
    with pytest.raises(EvidenceRefused) as too_large:
        look("large.pdf", PDF, size=MAX_BYTES + 1)
    with pytest.raises(EvidenceRefused) as empty:
        look("empty.pdf", b"")

    assert str(too_large.value) == TOO_LARGE
    assert str(empty.value) == EMPTY


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\me\\scan.pdf", "scan.pdf"),
        ("exe\u202efdp.pdf", "exefdp.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a bSet-Cookie x.pdf"),
        ("..", "evidence"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_the_name_is_the_last_part_without_tricks(given, kept):
    assert clean_name(given) == kept


def test_the_file_is_left_at_its_beginning():
    file = BytesIO(DOCX)

    inspect(file, name="notes.docx", size=len(DOCX))

    assert file.tell() == 0
