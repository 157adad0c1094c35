"""Documents as a clerk's reader sees them: text, fonts, level and pages read back from the PDF."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk.documents.complaint import ComplaintDocument
from kiosk.documents.encode import BadPictureError, MissingGlyphError, printable
from kiosk.documents.fonts import FontsMissingError, load_fonts
from kiosk.documents.model import FormRow, NaturalPerson, Signature
from kiosk.documents.papers import (
    AddressConfirmationDocument,
    CorrectionListDocument,
    CorrectionOrigin,
    ElectronicService,
    EvidenceListDocument,
    FilingReceiptDocument,
    UndertakingDocument,
)
from kiosk.documents.render import Document, Renderer, render_complaint, render_filing_receipt
from kiosk.i18n import Language, Text

TextOf = Callable[[bytes], str]


@pytest.fixture(params=["complaint", "evidence_list", "address_confirmation", "undertaking", "receipt", "corrections"])
def document(request: pytest.FixtureRequest) -> Document:
    found: Document = request.getfixturevalue(request.param)
    return found


def strings_in(value: object) -> list[str]:
    """Every plain string a person or the court gave, in depth."""
    match value:
        case Enum() | bytes():
            return []
        case str():
            return [value] if value else []
        case Text():
            return [value.zh]
        case tuple():
            return [text for item in value for text in strings_in(item)]
        case _ if is_dataclass(value):
            return [text for field in fields(value) for text in strings_in(getattr(value, field.name))]
        case _:
            return []


def test_declares_pdfa_2b_and_embeds_every_font(renderer: Renderer, document: Document) -> None:
    pdf = renderer.render(document)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert opened.open_metadata().pdfa_status == "2B"
        assert "/OutputIntents" in opened.Root
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    rows = [row.split() for row in listed.splitlines()[2:]]
    assert rows
    assert all(re.search(r"NotoSansCJKsc", row[0]) for row in rows)
    assert all(row[-5] == "yes" for row in rows), "a font is not embedded"


def test_same_document_gives_same_bytes(renderer: Renderer, document: Document) -> None:
    fresh = Renderer(renderer.fonts)
    assert renderer.render(document) == fresh.render(document)


def test_creation_date_is_the_filing_date(renderer: Renderer, complaint: ComplaintDocument) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(complaint))) as opened:
        # Midnight in China is four in the afternoon of the day before in UTC.
        assert str(opened.docinfo["/CreationDate"]) == "D:20260315160000Z"


def test_everything_entered_is_on_the_paper(renderer: Renderer, document: Document, text_of: TextOf) -> None:
    """登记立案规定 4, 民诉法 69 and 124, 证据规定 19: no answer is left off."""
    text = text_of(renderer.render(document))
    entered = [line for given in strings_in(document) for line in given.split("\n")]
    assert [line for line in entered if "".join(line.split()) not in text and line != "男"] == []


def test_no_text_is_below_ten_and_a_half_points(renderer: Renderer, document: Document) -> None:
    sizes: list[float] = []
    with pikepdf.open(io.BytesIO(renderer.render(document))) as opened:
        for page in opened.pages:
            for instruction in pikepdf.parse_content_stream(page):
                if str(instruction.operator) == "Tf":
                    sizes.append(float(str(instruction.operands[1])))
    assert sizes
    assert min(sizes) >= 10.5


def test_pages_are_numbered_to_the_last(renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf) -> None:
    pdf = renderer.render(complaint)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        count = len(opened.pages)
    text = text_of(pdf)
    assert count >= 2
    assert all(f"第{number}页共{count}页" in text for number in range(1, count + 1))


def test_complaint_ticks_what_was_chosen(renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf) -> None:
    """S0-18: the official form's boxes; the tick stands right behind its word."""
    text = text_of(renderer.render(complaint))
    assert "男✓女" in text
    assert "到期一次性还本付息✓" in text
    assert "等额本息✓" not in text
    assert "暂不确定，想要了解更多内容✓" in text
    assert text.count("不了解✓") == 1
    assert text.replace("不了解✓", "").count("了解✓") == 4
    assert "特别授权✓" in text
    assert "1,053,450.50元" in text
    assert "本起诉状副本3份" in text


def test_unanswered_questions_stay_unticked(renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf) -> None:
    """Nothing may be forced or assumed: a form without answers has no tick but those that say "none"."""
    bare = ComplaintDocument(
        "", "民间借贷纠纷", (NaturalPerson("张示例"),), (NaturalPerson("李示例"),), complaint.court, (), complaint.filed
    )
    text = text_of(renderer.render(bare))
    assert text.count("✓") == 1  # no agent; whether there is a third party was not said
    assert "无✓" in text
    assert "是✓" not in text


def test_signature_is_placed_as_a_picture(renderer: Renderer, complaint: ComplaintDocument) -> None:
    def pictures(pdf: bytes) -> int:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return sum(len(page.get_images()) for page in opened.pages)

    assert pictures(renderer.render(complaint)) == 1
    unsigned = replace(complaint, signatures=(Signature("张示例"),))
    assert pictures(renderer.render(unsigned)) == 0


@pytest.mark.parametrize("picture", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40])
def test_a_signature_that_is_no_png_is_named(renderer: Renderer, complaint: ComplaintDocument, picture: bytes) -> None:
    with pytest.raises(BadPictureError) as caught:
        renderer.render(replace(complaint, signatures=(Signature("张示例", picture),)))
    assert caught.value.field == "signatures[0].image"


def test_a_jpeg_signature_is_refused(renderer: Renderer, complaint: ComplaintDocument) -> None:
    out = io.BytesIO()
    Image.new("L", (20, 20)).save(out, "JPEG")
    with pytest.raises(BadPictureError):
        renderer.render(replace(complaint, signatures=(Signature("张示例", out.getvalue()),)))


def test_missing_glyph_names_character_and_field(renderer: Renderer, complaint: ComplaintDocument) -> None:
    rare = replace(
        complaint, defendants=(*complaint.defendants, NaturalPerson("李\U0002a6a5示例", workplace="\ue000厂"))
    )
    with pytest.raises(MissingGlyphError) as caught:
        renderer.render(rare)
    assert [(glyph.character, glyph.field) for glyph in caught.value.missing] == [
        ("\U0002a6a5", "defendants[2].name"),
        ("\ue000", "defendants[2].workplace"),
    ]
    assert str(caught.value) == "no font has U+2A6A5 in defendants[2].name, U+E000 in defendants[2].workplace"


def test_rare_characters_of_the_font_are_shown(
    renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf
) -> None:
    for name in ("㐂示例", "𠮷示例", "喆堃燚示例", "김시례"):
        assert name in text_of(renderer.render(replace(complaint, plaintiffs=(NaturalPerson(name),))))


def test_twenty_thousand_characters_of_facts(renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf) -> None:
    sentence = "原告与被告系朋友关系，被告多次向原告借款未还。"
    facts = sentence * (20_000 // len(sentence)) + "全文完毕。"
    text = text_of(renderer.render(replace(complaint, facts=facts)))
    assert text.count("系朋友关系") >= 20_000 // len(sentence) * 0.9  # some stand across a line's end
    assert "全文完毕" in text


def test_unbroken_text_stays_inside_the_page(renderer: Renderer, complaint: ComplaintDocument) -> None:
    row = FormRow("证据链接", "https://example.invalid/" + "w" * 400)
    pdf = renderer.render(replace(complaint, elements=(row,), facts="w" * 1000))
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    edges = [float(x) for x in re.findall(r'xMax="([0-9.]+)"', done.stdout.decode())]
    assert max(edges) <= 595.28 - 20 / 25.4 * 72 + 0.5


def test_thirty_claims_are_all_numbered(renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf) -> None:
    claims = tuple(FormRow(f"请求事项{number:02}", f"支付第{number}期租金。") for number in range(1, 31))
    text = text_of(renderer.render(replace(complaint, claims=claims)))
    assert all(f"{number}.请求事项{number:02}" in text for number in range(1, 31))


def test_long_unpaged_lists_repeat_their_heading(
    renderer: Renderer, evidence_list: EvidenceListDocument, text_of: TextOf
) -> None:
    long = replace(evidence_list, lines=evidence_list.lines * 30)
    pdf = renderer.render(long)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = len(opened.pages)
    assert pages > 1
    assert text_of(pdf).count("证据名称") == pages
    assert "合计：90项" in text_of(pdf)


def test_evidence_list_gives_volume_pages(
    renderer: Renderer, evidence_list: EvidenceListDocument, text_of: TextOf
) -> None:
    text = text_of(renderer.render(evidence_list))
    assert "2–3" in text
    assert "合计：3项7" in text


def test_electronic_service_is_asked_apart(
    renderer: Renderer, address_confirmation: AddressConfirmationDocument, text_of: TextOf
) -> None:
    """在线诉讼规则 4: consent to electronic service is its own answer, refusable, and covers judgments (民诉法 90)."""
    refused = text_of(renderer.render(address_confirmation))
    assert "不同意✓" in refused
    assert "包括判决书、裁定书、调解书" in refused
    open_question = replace(address_confirmation.electronic, agreed=None)
    unanswered = text_of(renderer.render(replace(address_confirmation, electronic=open_question)))
    assert "同意✓" not in unanswered


@pytest.mark.parametrize("typed", [True, False], ids=["receiver and remarks", "bare"])
def test_address_is_confirmed_on_the_page_it_stands_on(
    renderer: Renderer, address_confirmation: AddressConfirmationDocument, text_of: TextOf, typed: bool
) -> None:
    """民诉法解释 136, 137: who signs the confirmation sees all of it; in the ordinary case it is one A4 page."""
    paper = replace(
        address_confirmation,
        cause_of_action="机动车交通事故责任纠纷",
        address="吉林省延边朝鲜族自治州延吉市示例街道示例路123号示例小区4号楼3单元1201室",
        electronic=ElectronicService(True, "13800000000"),
    )
    if not typed:
        paper = replace(paper, receiver=None, has_receiver=False, remarks="")
    assert "第1页共1页" in text_of(renderer.render(paper))


def test_undertaking_names_both_sides(renderer: Renderer, undertaking: UndertakingDocument, text_of: TextOf) -> None:
    text = text_of(renderer.render(undertaking))
    assert "张示例与李示例、延边示例商贸有限公司民间借贷纠纷一案" in text


@pytest.mark.parametrize(
    ("languages", "present", "absent"),
    [
        ((Language.ZH,), ["立案材料收据", "第1页共1页"], ["접수증", "Receipt"]),
        ((Language.KO,), ["립안재료접수증", "연변림구기층법원"], ["立案材料收据"]),
        ((Language.EN,), ["Receiptforfilingmaterials", "2026-03-1614:05"], ["立案材料收据", "접수증"]),
        ((Language.ZH, Language.KO), ["立案材料收据", "립안재료접수증", "연변림구기층법원"], ["Receipt"]),
        ((Language.KO, Language.ZH), ["립안재료접수증", "立案材料收据"], ["Receipt"]),
    ],
)
def test_receipt_speaks_the_languages_asked_for(
    receipt: FilingReceiptDocument,
    text_of: TextOf,
    languages: tuple[Language, ...],
    present: list[str],
    absent: list[str],
) -> None:
    """S2-1: Chinese and Korean together in a configurable order, Yanbian spelling (림구)."""
    text = text_of(render_filing_receipt(replace(receipt, languages=languages)))
    positions = [text.find(word) for word in present]
    assert -1 not in positions
    assert not [word for word in absent if word in text]
    if len(languages) == 2:
        assert positions[0] < positions[1]


def test_receipt_counts_pages_and_copies(renderer: Renderer, receipt: FilingReceiptDocument, text_of: TextOf) -> None:
    """民诉法 69: name, pages, copies, original or copy, time."""
    text = text_of(renderer.render(receipt))
    assert "合计136" in text  # 3 x 2 + 1 + 2 x 3 pages, 2 + 1 + 3 copies
    assert "2026-03-1614:05" in text


def test_terminal_hints_are_not_the_courts_notice(
    renderer: Renderer, corrections: CorrectionListDocument, text_of: TextOf
) -> None:
    """登记立案规定 7: only the court gives notice; the terminal's check refuses nothing."""
    court = text_of(renderer.render(corrections))
    terminal = text_of(renderer.render(replace(corrections, origin=CorrectionOrigin.TERMINAL, due=None)))
    assert "补正告知书" in court
    assert "第七条" in court
    assert "补正告知书" not in terminal
    assert "不影响材料的接收" in terminal


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("#$\\<>[]{}*_@~`'\"/=+-|&;:%^()!?.,0aZ中案 \n"), min_size=1, max_size=60))
def test_what_a_person_types_is_never_markup(
    renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf, typed: str
) -> None:
    marked = f"始{typed}终"
    single = replace(
        complaint,
        facts="",
        elements=(),
        plaintiffs=(NaturalPerson("张示例", workplace=marked),),
        claims=(FormRow("请求", marked),),
    )
    text = text_of(renderer.render(single))
    wanted = "".join(marked.split())
    assert text.count(wanted) == 2


def test_markup_is_printed_as_written(renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf) -> None:
    typed = '#read("/etc/passwd")$x^2$<a>@b*c*_d_\\e//f'
    text = text_of(renderer.render(replace(complaint, plaintiffs=(NaturalPerson(typed),))))
    assert "姓名：" + typed[:20] in text
    assert "".join(typed.split()) in text


@given(st.text(max_size=200))
def test_printable_is_stable_and_keeps_every_letter(text: str) -> None:
    once = printable(text)
    assert printable(once) == once
    assert not set("\r\t\u202e\u200b\u2028") & set(once)
    assert [c for c in text if c.isascii() and c.isalnum()] == [c for c in once if c.isascii() and c.isalnum()]


def test_direction_marks_cannot_turn_an_amount_round(
    renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf
) -> None:
    row = FormRow("本金", "\u202e00005\u202c元")
    assert "00005元" in text_of(renderer.render(replace(complaint, claims=(row,))))


def test_dates_are_written_the_chinese_way(renderer: Renderer, complaint: ComplaintDocument, text_of: TextOf) -> None:
    text = text_of(render_complaint(replace(complaint, filed=date(2026, 12, 5))))
    assert "2026年12月5日" in text


def test_fonts_must_be_there(tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(FontsMissingError, match="script/fonts"):
        load_fonts(tmp_path_factory.mktemp("fonts"))
