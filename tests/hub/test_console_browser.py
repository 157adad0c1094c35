"""A clerk's morning in a real browser, by keyboard and mouse, in Chinese and English."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from kiosk.court.contract import BlobRole, SubmissionState
from tests.hub.chromium import Chromium, installed_chromium
from tests.hub.conftest import StartHub
from tests.hub.consoles import status_of
from tests.hub.filings import WireTerminal, make_filing, small_pdf
from tests.hub.processes import hub_command, wait_for

PASSWORD = "a clerk's password"
PICTURES = "HUB_PICTURES"
"""A folder for what the browser saw, set by whoever renews the pictures of the documentation."""


@pytest.mark.slow
def test_a_clerk_decides_in_the_browser(start_hub: StartHub, tmp_path: Path) -> None:
    """Sign in, find the complaint, see complaint and scans side by side, register it; no page is wider than the
    window, every field has its label, and focus is visible."""
    program = installed_chromium()
    pictures = Path(os.environ.get(PICTURES, tmp_path))
    data = tmp_path / "hub"
    account = ("user", "add", "--data", str(data), "--name", "示例书记员", "--role", "clerk", "--password-stdin")
    assert hub_command(*account, password=PASSWORD + "\n").returncode == 0
    hub = start_hub(data=data)
    with WireTerminal(hub.url) as terminal:
        papers = {
            BlobRole.COMPLAINT: (small_pdf(2), "application/pdf"),
            BlobRole.VOLUME: (small_pdf(4), "application/pdf"),
        }
        filing = make_filing(terminal.court(), papers=papers)
        assert terminal.deliver(filing).status_code == 200
    wait_for(lambda: status_of(hub, filing).cause_name == "民间借贷纠纷")

    with Chromium(program) as browser:
        browser.open(f"{hub.url}/")
        assert browser.evaluate("document.activeElement.name") == "name"
        browser.fill("input[name=name]", "示例书记员")
        browser.press("Tab")
        assert browser.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        browser.fill("input[name=password]", PASSWORD)
        browser.submit("button.main")
        assert "收件箱" in browser.evaluate("document.title")
        check_page(browser)
        browser.picture(pictures / "console-inbox.png")

        browser.submit("table.list a.number")
        assert filing.manifest.receipt_no in browser.evaluate("document.title")
        check_page(browser)
        frames = browser.evaluate("[...document.querySelectorAll('iframe')].map(frame => frame.title)")
        assert frames == ["民事起诉状", "证据卷"]
        browser.click(".decide summary")
        wait_for(lambda: _papers_are_seen(browser, pictures / "console-matter.png"), 30, 0.3)

        browser.submit(".who a[lang=en]")
        assert browser.evaluate("document.documentElement.lang") == "en"
        assert "Register" in browser.evaluate("document.querySelector('.decide').innerText")
        check_page(browser)
        browser.click(".decide summary")
        browser.fill("input[name=case_number]", "(2026)吉2401民初88号")
        browser.submit("form[action$='/accept'] button.main")
        assert "The matter is registered" in browser.evaluate("document.body.innerText")
        browser.picture(pictures / "console-registered-en.png")
    assert status_of(hub, filing).state is SubmissionState.ACCEPTED


def _papers_are_seen(browser: Chromium, picture: Path) -> bool:
    """Whether white paper shows in the middle of both frames: the browser's own viewer may open what we serve."""
    browser.picture(picture)
    boxes = browser.evaluate(
        "[...document.querySelectorAll('iframe')].map(f => f.getBoundingClientRect()).map(r => [r.x, r.y, r.width])"
    )
    with Image.open(picture) as seen:
        middles = [seen.convert("L").crop((x + w / 2 - 20, y + 120, x + w / 2 + 20, y + 200)) for x, y, w in boxes]
    return all(middle.getextrema()[1] == 255 for middle in middles)


def check_page(browser: Chromium) -> None:
    """What every page owes its reader."""
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the window"
    unlabelled = (
        "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
        ".filter(field => !field.labels.length).map(field => field.name)"
    )
    assert browser.evaluate(unlabelled) == []
    assert browser.evaluate("document.querySelectorAll('h1').length") == 1
    nameless = (
        "[...document.querySelectorAll('a, button, summary')]"
        ".filter(e => !(e.textContent.trim() || e.getAttribute('aria-label'))).length"
    )
    assert browser.evaluate(nameless) == 0
    low = browser.evaluate(CONTRAST)
    assert low == [], f"contrast below 4.5:1: {low[:5]}"


CONTRAST = """
(() => {
  const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const shine = c => [0, 1, 2].map(i => c[i] / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] === 1) return c; }
    return [255, 255, 255]; };
  const low = [];
  for (const e of document.querySelectorAll('body *')) {
    if (e.closest('iframe') || !e.offsetParent) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const style = getComputedStyle(e), a = shine(parse(style.color)), b = shine(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(e.innerText.slice(0, 20) + ' ' + ratio.toFixed(2));
  }
  return low;
})()
"""
