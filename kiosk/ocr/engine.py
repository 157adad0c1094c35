"""The reading engine: RapidOCR with the PP-OCRv6 models that its package brings, on ONNX Runtime, offline.

Loaded only inside the reading process (kiosk/ocr/process.py). Both models are given by their paths, so that the
package neither looks for nor fetches any; its drawing of results, which would ask for a font, is never used.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_rec import TextRecInput
from rapidocr.utils.output import RapidOCROutput

from kiosk.ocr.model import PageText, Quad, TextLine
from kiosk.ocr.order import in_reading_order
from kiosk.ocr.repair import mended
from kiosk.ocr.script import in_one_script
from kiosk.ocr.seals import without_seals

Image = npt.NDArray[np.uint8]

THREADS = 2

_SETTINGS: dict[str, Any] = {
    "Global.use_cls": False,  # pages come upright
    "Global.log_level": "critical",  # whatever it says might hold a page's words
    "Det.limit_side_len": 960,
    "Det.limit_type": "max",
    "Rec.rec_img_shape": [3, 48, 96],  # the least width of a piece: short ones cost half as much as with 320
    "Rec.rec_batch_num": 2,  # a third less memory than with 6
    "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}


class Engine:
    """Reads upright pages. The first reading loads the models: `warm` does it."""

    def __init__(self) -> None:
        models = files("rapidocr").joinpath("models")
        paths = {
            "Det.model_path": str(models.joinpath("PP-OCRv6_det_small.onnx")),
            "Rec.model_path": str(models.joinpath("PP-OCRv6_rec_small.onnx")),
        }
        self._rapid = RapidOCR(params=_SETTINGS | paths)

    def warm(self) -> None:
        """Load both models and start their threads."""
        sample = np.full((160, 480, 3), 255, np.uint8)
        cv2.putText(sample, "2026", (90, 100), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (0, 0, 0), 4)
        self.read(sample)

    def read(self, page: Image) -> PageText:
        """The text of a page: shape (height, width, 3), blue, green, red."""
        found = self._rapid(without_seals(page))
        height, width = page.shape[:2]
        if not isinstance(found, RapidOCROutput) or found.boxes is None or not found.txts or not found.scores:
            return PageText(width, height, ())
        read = zip(found.boxes, found.txts, found.scores, strict=True)
        lines = tuple(TextLine(text, _quad(box), float(score)) for box, text, score in read if text.strip())
        return PageText(width, height, mended(in_one_script(in_reading_order(lines))))

    def read_lines(self, pieces: list[Image]) -> list[tuple[str, float]]:
        """The text of pieces already cut out, one line each (height, width, 3), and how sure it is (0 to 1)."""
        recognise = self._rapid.text_rec
        if recognise is None:  # it is made at the first reading
            return []
        found = recognise(TextRecInput(img=pieces))
        return [(str(text), float(score)) for text, score in zip(found.txts or (), found.scores or (), strict=True)]


def _quad(box: npt.NDArray[np.float32]) -> Quad:
    first, second, third, fourth = ((round(float(x), 1), round(float(y), 1)) for x, y in box)
    return first, second, third, fourth
