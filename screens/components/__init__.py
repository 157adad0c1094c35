"""The components that every screen is built from.

Import from here: `from screens.components import Button, PageFrame, ...` (after `screens.runtime_setup.prepare` and
`harden`). The first argument of every component is the window's `Ui`. `Words` is a `kiosk.i18n.Text` (follows the
language live) or a `str` (a name, an amount: the same in all languages); `words("catalogue.key", count=3)` makes one.
`Action` is `Callable[[], None]`. Every interactive component has a unique `name` and `accessible_text(language)`.
Sizes are millimetres. Components set their own height; their parent (Stack, Row, PageFrame) sets their width.

Window
    Ui(panel, look=None, clock=None)         .look (set it: live change), .palette, .px(mm), .say(words), .language,
                                             .open_overlay(dialog), .close_overlay(dialog), .focus_on(widget),
                                             .on_look(f), .on_page(f), .on_focus(f), .default_look
    Stage(ui)                                the root widget: .show(page), .page, .overlays
    ServiceActions(call_person, more_time, at_window=None, stop=None)     what is None is not on the page
    Progress(step, total, label)
    PageFrame(ui, *, name, title, body, service, on_continue=None, on_back=None, continue_text=None, back_text=None,
              intro="", progress=None, methods=None, court="", continue_style=ButtonStyle.PRIMARY,
              from_top=False)
                                             .show_errors([FieldError(field, message, jump)]), .set_time_left(words),
                                             .continue_button, .back_button (None without action), .scroll
                                             `methods`: screens.keyboard.methods.input_methods(), one set per process
Layout
    Stack(ui, children=(), *, gap_mm=5, pad_mm=0)      one under the other
    Row(ui, children=(), *, gap_mm=4, align="stretch") side by side; shares by size_hint_x
    ScrollArea(ui, content, *, name)                   page buttons when needed (PageFrame and Dialog have one inside)
Text
    TextBlock(ui, text, *, role=TextRole.BODY, ink="text", bold=False, halign="left", fit=False)   .text, .ink
    Notice(ui, text, *, kind=NoticeKind.INFO, title="", framed=True)                               .text
    ErrorSummary(ui, errors)                           made by PageFrame.show_errors
    ListTable(ui, [TableRow(name, label, value, on_change=None)], *, name="table")   buttons "table.<name>.change"
Touch
    Button(ui, *, name, text, on_press=None, style=ButtonStyle.SECONDARY, icon=None, icon_above=False,
           role=TextRole.BODY, hint=None, fit=False, leading=False, enabled=True, min_height_mm=0, icon_mm=0,
           spoken=None)
                                             styles PRIMARY SECONDARY DANGER CHOICE (big card with icon) BARE;
                                             .text, .icon, .enabled
    IconButton(ui, *, name, icon, spoken, on_press=None, side_mm=14)
    ChoiceList(ui, *, name, choices=[Choice(value, text, hint=None)], selected=(), multiple=False, columns=1,
               on_change=None, min_height_mm=0)
                                             .selected; items are named "<name>.<value>"; on_change(tuple of values)
Fields (label, hint, error and box in one; the box carries `name`)
    TextField(ui, *, name, label, value="", hint=None, error=None, kind=KeyboardKind.TEXT, masked=False, lines=1,
              max_length=None, prefix="", suffix="", placeholder="", on_change=None, on_submit=None)
                                             .value, .error, .focus(); on_change(value); on_submit() on the Done key
    MoneyField(ui, *, name, label, amount=None, hint, error, on_change, on_submit)   .amount: Decimal | None
    DateField(ui, *, name, label, day=None, hint, error, on_change, on_submit)       .day: date | None
    KeyboardPanel(ui, *, kind, target, methods, on_done=None)    opened by PageFrame; target: insert, delete_back, ...
Over the page (open with ui.open_overlay)
    Dialog(ui, *, name, title, text="", buttons=(), body=None, stacked=False)
    ConfirmDialog(ui, *, name, title, text, yes, no, on_yes, on_no, danger=True)     buttons "<name>.yes", "<name>.no"
    IdleWarning(ui, *, seconds, on_more_time, on_end)  .set_seconds(n); buttons "idle.more_time", "idle.end"
Pictures and waiting
    QrView(ui, data, *, spoken, side_mm=45)
    ImageView(ui, data=b"", *, spoken, height_mm=100, width_mm=0)       .show(jpeg or png bytes, *outlines, marks=()),
                                             .shown, .height_mm, .badge
    SignaturePad(ui, *, name="signature", height_mm=70, on_change=None)   .signed, .ink, .png(); on_change(signed)
    Spinner(ui, text=None, *, side_mm=26)
    ProgressBar(ui, *, value=0.0)                      .value from 0 to 1
"""

from screens.components.button import Button, ButtonStyle, IconButton
from screens.components.choice_list import Choice, ChoiceItem, ChoiceList
from screens.components.context import Action, Styled, Ui, Words, in_language, in_visual_order, words
from screens.components.dialog import ConfirmDialog, Dialog, IdleWarning
from screens.components.fields import DateField, MoneyField, TextField
from screens.components.focusable import Focusable
from screens.components.icons import Icon
from screens.components.input_box import InputBox
from screens.components.layout import Row, Stack
from screens.components.list_table import ListTable, TableRow
from screens.components.notice import ErrorSummary, FieldError, Notice, NoticeKind
from screens.components.page_frame import PageFrame, Progress
from screens.components.pictures import ImageView, QrView
from screens.components.scroll_area import ScrollArea
from screens.components.service_bar import ServiceActions
from screens.components.signature_pad import Ink, InkPoint, SignaturePad
from screens.components.stage import Stage
from screens.components.text_block import TextBlock
from screens.components.touch_target import TouchTarget
from screens.components.waiting import ProgressBar, Spinner
from screens.keyboard.kinds import KeyboardKind
from screens.keyboard.panel import KeyboardPanel
from screens.theme import Look, Panel, TextRole, TextSize, Theme

__all__ = [
    "Action",
    "Button",
    "ButtonStyle",
    "Choice",
    "ChoiceItem",
    "ChoiceList",
    "ConfirmDialog",
    "DateField",
    "Dialog",
    "ErrorSummary",
    "FieldError",
    "Focusable",
    "Icon",
    "IconButton",
    "IdleWarning",
    "ImageView",
    "Ink",
    "InkPoint",
    "InputBox",
    "KeyboardKind",
    "KeyboardPanel",
    "ListTable",
    "Look",
    "MoneyField",
    "Notice",
    "NoticeKind",
    "PageFrame",
    "Panel",
    "Progress",
    "ProgressBar",
    "QrView",
    "Row",
    "ScrollArea",
    "ServiceActions",
    "SignaturePad",
    "Spinner",
    "Stack",
    "Stage",
    "Styled",
    "TableRow",
    "TextBlock",
    "TextField",
    "TextRole",
    "TextSize",
    "Theme",
    "TouchTarget",
    "Ui",
    "Words",
    "in_language",
    "in_visual_order",
    "words",
]
