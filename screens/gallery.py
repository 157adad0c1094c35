"""All components on four pages, to look at: `python -m screens.gallery [--panel 1080x1920] [--shots FOLDER]`.

With `--shots` every page is drawn in every language, text size and theme asked for, saved as PNG, and checked against
the measurable rules; what breaks one is written to standard output and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from kiosk.i18n import Language, Text
from screens.runtime_setup import WindowSettings, harden, prepare
from screens.theme import Look, Panel, TextSize, Theme

if TYPE_CHECKING:
    from screens.components import Stage, Ui
    from screens.components.page_frame import PageFrame


def _panel(text: str) -> Panel:
    width, height = text.split("x")
    return Panel(int(width), int(height))


def pages(ui: Ui) -> dict[str, Callable[[], PageFrame]]:
    """The gallery's pages by name, each made anew when called."""
    from screens import components as c  # needs a prepared environment

    def nothing() -> None:
        return None

    service = c.ServiceActions(nothing, nothing, nothing)
    court = Text("长春市南关区人民法院", "장춘시남관구인민법원", "Nanguan District People's Court")

    def frame(name: str, title: Text, body: c.Stack, progress: c.Progress | None = None) -> PageFrame:
        from screens.keyboard.methods import input_methods  # loads librime only for pages with fields

        made: PageFrame = c.PageFrame(
            ui,
            name=name,
            title=title,
            body=body,
            service=service,
            on_back=nothing,
            on_continue=nothing,
            court=court,
            methods=input_methods(),
            progress=progress,
        )
        return made

    def home() -> PageFrame:
        tiles = [("file", c.Icon.DOCUMENT), ("query", c.Icon.SEARCH), ("guide", c.Icon.LIST)]
        buttons = [
            c.Button(
                ui,
                name=name,
                text=c.words(f"gallery.{name}"),
                hint=c.words(f"gallery.{name}_hint"),
                icon=icon,
                style=c.ButtonStyle.CHOICE,
                min_height_mm=26,
                role=c.TextRole.TITLE,
            )
            for name, icon in tiles
        ]
        notice = c.Notice(ui, c.words("gallery.no_paper"), kind=c.NoticeKind.WARNING)
        return frame(
            "home",
            Text("您想办理什么？", "무엇을 도와드릴까요?", "What would you like to do?"),
            c.Stack(ui, (*buttons, notice)),
        )

    def party() -> PageFrame:
        kind = c.ChoiceList(
            ui,
            name="kind",
            choices=[
                c.Choice("person", Text("个人", "개인", "A person")),
                c.Choice("company", Text("公司或其他单位", "회사 또는 기타 단체", "A company or other organisation")),
            ],
            selected=["person"],
            columns=2,
        )
        name = c.TextField(
            ui,
            name="name",
            label=Text("被告姓名", "피고 성명", "Name of the defendant"),
            hint=Text("按身份证上的写法填写", "신분증에 적힌 대로 쓰십시오", "As written on the identity card"),
            kind=c.KeyboardKind.NAME,
            value="仇曾解",
        )
        number = c.TextField(
            ui,
            name="number",
            label=Text("身份证号码（可以不填）", "신분증 번호 (선택)", "Identity number (optional)"),
            kind=c.KeyboardKind.ID_NUMBER,
            max_length=18,
        )
        progress = c.Progress(3, 12, Text("当事人", "당사자", "Parties"))
        page = frame(
            "party",
            Text("您要告谁？", "누구를 상대로 소송합니까?", "Whom is the case against?"),
            c.Stack(ui, (kind, name, number)),
            progress=progress,
        )
        page.fields = (name, number)
        return page

    def claim() -> PageFrame:
        amount = c.MoneyField(
            ui, name="amount", label=Text("借款金额", "대여 금액", "Amount lent"), amount=Decimal("1234567.89")
        )
        day = c.DateField(ui, name="day", label=Text("借款日期", "대여 날짜", "Date of the loan"))
        facts = c.TextField(
            ui,
            name="facts",
            label=Text("事情的经过", "사건의 경위", "What happened"),
            lines=4,
            value="2024年3月5日，被告因资金周转向原告借款，双方签订借条（见证据一），约定“一年内还清”。到期后，原告多次催要，被告至今未还。",
        )
        evidence = c.ChoiceList(
            ui,
            name="evidence",
            choices=[
                c.Choice("note", Text("借条、欠条", "차용증", "A written note of the debt")),
                c.Choice(
                    "bank",
                    Text("转账记录", "이체 기록", "Record of the transfer"),
                    Text("银行、微信、支付宝均可", "은행, 위챗, 알리페이", "Bank, WeChat or Alipay"),
                ),
                c.Choice("chat", Text("聊天记录", "대화 기록", "Chat messages")),
            ],
            selected=["note"],
            multiple=True,
        )
        page = frame(
            "claim",
            Text("借了多少钱？什么时候？", "언제 얼마를 빌려주었습니까?", "How much was lent, and when?"),
            c.Stack(ui, (amount, day, facts, evidence)),
        )
        message = Text("请填写借款日期", "대여 날짜를 입력하십시오", "Enter the date of the loan")
        day.error = message
        page.show_errors([c.FieldError("day", message, day.focus)])
        return page

    def review() -> PageFrame:
        table = c.ListTable(
            ui,
            [
                c.TableRow("plaintiff", Text("原告", "원고", "Plaintiff"), "欧阳示例，女，1988年2月29日生", nothing),
                c.TableRow("cause", Text("案由", "사건 원인", "Cause of action"), "民间借贷纠纷", nothing),
                c.TableRow(
                    "amount", Text("诉讼标的额", "소송 목적의 값", "Amount in dispute"), "1,234,567.89", nothing
                ),
            ],
        )
        qr = c.QrView(ui, "court-kiosk:receipt:2026-000123", spoken=Text("回执二维码", "접수증 코드", "Receipt code"))
        pad = c.SignaturePad(ui, height_mm=45)
        waiting = c.Row(ui, (c.Spinner(ui, side_mm=16), qr))
        return frame(
            "review",
            Text("请核对后签名", "확인하고 서명하십시오", "Check and sign"),
            c.Stack(ui, (table, pad, c.ProgressBar(ui, value=0.4), waiting)),
        )

    return {"home": home, "party": party, "claim": claim, "review": review}


def variants(choice: str) -> list[Look]:
    """The looks to draw: `default`, `some` (each value of each choice at least once) or `all`."""
    everything = [Look(s, t, lang) for s, t, lang in product(TextSize, Theme, Language)]
    match choice:
        case "all":
            return everything
        case "some":
            extremes = [Look(s, Theme.LIGHT, lang) for s, lang in product(TextSize, Language)]
            themes = [Look(TextSize.NORMAL, t, Language.ZH) for t in Theme]
            return list(dict.fromkeys([*extremes, *themes, Look(low_reach=True)]))
        case _:
            return [Look()]


def look_name(look: Look) -> str:
    """A file name for `look`."""
    low = "-low" if look.low_reach else ""
    return f"{look.language.value}-{look.size.name.lower()}-{look.theme.value}{low}"


def _shoot(stage: Stage, ui: Ui, folder: Path, looks: list[Look], step: Callable[[], None]) -> int:
    from kivy.core.window import Window  # opened by harden()

    from screens.components.audit import audit  # needs Kivy
    from screens.components.pixels import save_window  # the same

    folder.mkdir(parents=True, exist_ok=True)
    broken = 0
    for name, make in pages(ui).items():
        for look in looks:
            ui.look = look
            stage.show(make())
            for state in ("", "-typing"):
                if state:
                    fields = getattr(stage.page, "fields", ())
                    if not fields:
                        continue
                    fields[0].focus()
                step()
                save_window(Window, folder / f"{name}{state}-{look_name(look)}.png")
                for finding in audit(ui):
                    broken += 1
                    sys.stdout.write(f"{name}{state} {look_name(look)}: {finding}\n")
    return broken


def main() -> int:
    """Show the gallery, or draw it into a folder."""
    parser = argparse.ArgumentParser(prog="python -m screens.gallery")
    parser.add_argument("--panel", type=_panel, default=Panel(), help="pixels, such as 1080x1920 or 1920x1080")
    parser.add_argument("--shots", type=Path, help="folder for pictures; without it a window opens")
    parser.add_argument("--looks", choices=("default", "some", "all"), default="some")
    options = parser.parse_args()
    panel: Panel = options.panel
    prepare(
        WindowSettings(panel.width, panel.height, borderless=False, show_cursor=True), Path(mkdtemp(prefix="gallery-"))
    )
    harden()
    from screens.gallery_app import run  # needs Kivy

    return run(
        panel,
        None
        if options.shots is None
        else lambda s, u, step: _shoot(s, u, options.shots, variants(options.looks), step),
    )


if __name__ == "__main__":
    raise SystemExit(main())
