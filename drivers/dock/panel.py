"""The dock as one local web page: a button for everything that can happen to a device, and what each one says.

Bound to 127.0.0.1, plain HTML without scripts from elsewhere; Chinese or English by ?lang=. Requests with a foreign
Host or Origin are refused, so that no web page a developer visits can press the buttons.
"""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType, TracebackType
from urllib.parse import parse_qs, urlsplit

from drivers.dock.control import Answer, ControlError
from drivers.dock.orders import A4_PAPER_STATES, COVER_STATES, DEVICES, GLASS_THINGS, PAPER_STATES, send, status

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "title": "模拟设备",
            "reader": "身份证阅读器",
            "printer": "凭条打印机",
            "camera": "高拍仪",
            "a4": "A4 打印机",
            "scanner": "扫描仪",
            "handheld": "扫码枪",
            "insert": "放上证件",
            "remove": "取走证件",
            "remove-mid-read": "读取中途取走",
            "paper": "纸张",
            "ok": "充足",
            "near": "将尽",
            "out": "用尽",
            "cover": "上盖",
            "open": "打开",
            "closed": "合上",
            "unplug": "拔线",
            "plug": "插线",
            "next": "下一张照片",
            "freeze": "画面卡住",
            "thaw": "画面恢复",
            "load": "放入 5 张纸",
            "lay": "放在玻璃上",
            "page": "一页合同",
            "cards": "身份证两面",
            "receipts": "三张收据",
            "jam": "过 2 张后卡纸",
            "double-feed": "过 2 张后重张",
            "clear": "取出卡住的纸，放回进纸器",
            "scan-slip": "扫最新的小票",
            "scan-appointment": "扫一个预约码（204816）",
            "scan-fee": "扫一张交费通知书",
            "hang": "没有反应",
            "wake": "恢复反应",
            "absent": "未运行",
            "other": "English",
        },
        "en": {
            "title": "Simulated devices",
            "reader": "Identity card reader",
            "printer": "Receipt printer",
            "camera": "Document camera",
            "a4": "A4 printer",
            "scanner": "Scanner",
            "handheld": "Handheld code scanner",
            "insert": "Lay a card",
            "remove": "Take the card away",
            "remove-mid-read": "Take it away in the middle of the next reading",
            "paper": "Paper",
            "ok": "enough",
            "near": "near its end",
            "out": "out",
            "cover": "Cover",
            "open": "open",
            "closed": "closed",
            "unplug": "Pull the cable",
            "plug": "Put the cable back",
            "next": "Next photograph",
            "freeze": "Freeze the picture",
            "thaw": "Let the picture go on",
            "load": "Load 5 sheets",
            "lay": "Lay on the glass",
            "page": "a page of a contract",
            "cards": "both sides of an identity card",
            "receipts": "three receipts",
            "jam": "Jam after 2 sheets",
            "double-feed": "Two sheets at once after 2 sheets",
            "clear": "Put what jammed back into the feeder",
            "scan-slip": "Scan the newest slip",
            "scan-appointment": "Scan an appointment code (204816)",
            "scan-fee": "Scan a fee notice",
            "hang": "Do not answer",
            "wake": "Answer again",
            "absent": "not running",
            "other": "中文",
        },
    }
)

_CODES = {"scan-appointment": "204816", "scan-fee": "https://court.example/fees/SLFY01-20250305-00012"}

_STYLE = """body{font:16px/1.5 sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:#111;background:#fff}
section{border:1px solid #888;border-radius:6px;padding:.5em 1em;margin:1em 0}
button{font:inherit;min-height:44px;margin:.2em;padding:.3em .8em}
pre{background:#f2f2f2;padding:.5em;overflow:auto;white-space:pre-wrap}form{display:inline}"""


def page(answers: Mapping[str, Answer | None], language: str, complaint: str = "") -> str:
    """The whole page in `language` (zh or en)."""
    words = WORDS[language]
    other = "en" if language == "zh" else "zh"
    sections = "".join(_section(device, answer, language) for device, answer in answers.items())
    alert = f"<p role=alert><strong>{html.escape(complaint)}</strong></p>" if complaint else ""
    return (
        f"<!doctype html><html lang={language}><meta charset=utf-8><title>{words['title']}</title>"
        f"<style>{_STYLE}</style><h1>{words['title']}</h1><p><a href='?lang={other}'>{words['other']}</a></p>"
        f"{alert}{sections}</html>"
    )


def _section(device: str, answer: Answer | None, language: str) -> str:
    words = WORDS[language]
    if answer is None:
        return f"<section><h2>{words[device]}</h2><p>{words['absent']}</p></section>"

    def button(label: str, **order: str) -> str:
        hidden = "".join(
            f'<input type=hidden name="{key}" value="{html.escape(value, quote=True)}">'
            for key, value in {"device": device, "lang": language, **order}.items()
        )
        return f"<form method=post>{hidden}<button>{html.escape(label)}</button></form>"

    buttons: list[str] = []
    match device:
        case "reader":
            people = answer.get("people")
            for name, label in people.items() if isinstance(people, dict) else ():
                buttons.append(button(f"{words['insert']}: {label}", do="insert", card=name))
            buttons += [button(words[what], do=what) for what in ("remove", "remove-mid-read")]
        case "printer":
            buttons += [button(f"{words['paper']}: {words[state]}", do="paper", state=state) for state in PAPER_STATES]
            buttons += [button(f"{words['cover']}: {words[state]}", do="cover", state=state) for state in COVER_STATES]
        case "a4":
            for state in A4_PAPER_STATES:
                buttons.append(button(f"{words['paper']}: {words[state]}", do="paper", state=state))
        case "scanner":
            buttons.append(button(words["load"], do="load", sheets="5"))
            buttons += [button(f"{words['lay']}: {words[thing]}", do="lay", thing=thing) for thing in GLASS_THINGS]
            buttons += [button(words[what], do=what, after="2") for what in ("jam", "double-feed")]
            buttons += [button(f"{words['cover']}: {words[state]}", do="cover", state=state) for state in COVER_STATES]
            buttons += [button(words[what], do=what) for what in ("clear", "hang", "wake")]
        case "handheld":
            buttons.append(button(words["scan-slip"], do="scan-slip"))
            buttons += [button(words[what], do="scan", text=text) for what, text in _CODES.items()]
        case _:
            buttons += [button(words[what], do=what) for what in ("next", "freeze", "thaw")]
    buttons += [button(words[what], do=what) for what in ("unplug", "plug")]
    told = {key: value for key, value in answer.items() if key not in {"ok", "people"}}
    shown = html.escape(json.dumps(told, ensure_ascii=False, indent=1))
    return f"<section><h2>{words[device]}</h2>{''.join(buttons)}<pre>{shown}</pre></section>"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "dock"

    def do_GET(self) -> None:
        if self._is_local():
            language = parse_qs(urlsplit(self.path).query).get("lang", ["zh"])[0]
            self._show(language)

    def do_POST(self) -> None:
        if not self._is_local():
            return
        told = self.headers.get("Content-Length", "")
        size = min(int(told), 10_000) if told.isdigit() else 0
        order = {key: values[0] for key, values in parse_qs(self.rfile.read(size).decode("utf-8", "replace")).items()}
        device, language = order.pop("device", ""), order.pop("lang", "zh")
        complaint = ""
        if device in DEVICES:
            try:
                send(self.server.directory, device, order)
            except ControlError as error:
                complaint = str(error)
        self._show(language, complaint)

    def _is_local(self) -> bool:
        local = {f"{host}:{self.server.server_port}" for host in ("127.0.0.1", "localhost")}
        origin = self.headers.get("Origin")
        if self.headers.get("Host") in local and (origin is None or urlsplit(origin).netloc in local):
            return True
        self.send_error(HTTPStatus.FORBIDDEN)
        return False

    def _show(self, language: str, complaint: str = "") -> None:
        body = page(status(self.server.directory), language if language in WORDS else "zh", complaint).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Quiet: the page itself shows what happened."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    directory: Path


class Panel:
    """The page, served in the background between `with` and its end. Raises OSError when the port is taken."""

    def __init__(self, directory: Path, port: int) -> None:
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.directory = directory
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Panel:
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="panel", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
