"""The simulated scanner's eSCL documents: what it can do, how it stands, and what a host asks for.

Mopria Alliance, eSCL Technical Specification 2.x: ScannerCapabilities, ScannerStatus, ScanSettings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree import ElementTree

from drivers.page_scanner.sim_pages import A4, BED

RESOLUTIONS = (75, 100, 150, 200, 300, 600)
_LONGEST_REQUEST = 64 * 1024
_NAMESPACES = (
    'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
)


@dataclass
class Job:
    """One scan job. `sides` are the pictures of the sheet in the path that were not fetched yet."""

    number: int
    feeder: bool
    duplex: bool
    dpi: int
    colour: bool
    size: tuple[int, int]
    sides: deque[tuple[int, str]] = field(default_factory=deque)
    state: str = "Processing"
    fetched: int = 0


def read_settings(body: bytes) -> Job | None:
    """The job a ScanSettings document asks for; None for one that is none, or that wants what there is not."""
    if len(body) > _LONGEST_REQUEST or b"<!" in body:
        return None
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 - no DTD (refused above), so no entities
        found = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in root.iter()}
        dpi = int(found["XResolution"])
        if dpi not in RESOLUTIONS:
            return None
        feeder = found.get("InputSource", "Platen") == "Feeder"
        width, height = (round(int(found[key]) * dpi / 300) for key in ("Width", "Height"))
        if not (0 < width <= BED[0] * dpi / 20 and 0 < height <= BED[1] * dpi / 20):
            return None
    except (ElementTree.ParseError, KeyError, ValueError):
        return None
    colour = found.get("ColorMode", "RGB24") == "RGB24"
    return Job(0, feeder, found.get("Duplex") == "true", dpi, colour, (width, height))


def capabilities_xml() -> str:
    """GET ScannerCapabilities. Lengths are 300ths of an inch."""
    resolutions = "".join(
        f"<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution>"
        f"<scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        for dpi in RESOLUTIONS
    )
    modes = "".join(f"<scan:ColorMode>{mode}</scan:ColorMode>" for mode in ("Grayscale8", "RGB24"))
    profile = (
        "<scan:SettingProfiles><scan:SettingProfile>"
        f"<scan:ColorModes>{modes}</scan:ColorModes>"
        "<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>"
        "<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>"
        "<scan:SupportedResolutions><scan:DiscreteResolutions>"
        f"{resolutions}</scan:DiscreteResolutions></scan:SupportedResolutions>"
        "</scan:SettingProfile></scan:SettingProfiles>"
    )

    def source(name: str, size: tuple[float, float]) -> str:
        width, height = (round(side * 300 / 25.4) for side in size)
        return (
            f"<scan:{name}><scan:MinWidth>100</scan:MinWidth><scan:MaxWidth>{width}</scan:MaxWidth>"
            f"<scan:MinHeight>100</scan:MinHeight><scan:MaxHeight>{height}</scan:MaxHeight>{profile}</scan:{name}>"
        )

    return (
        f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerCapabilities {_NAMESPACES}>'
        "<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Example 示例 Duplex Scanner</pwg:MakeAndModel>"
        "<pwg:SerialNumber>EXAMPLE0001</pwg:SerialNumber>"
        f"<scan:Platen>{source('PlatenInputCaps', BED)}</scan:Platen>"
        f"<scan:Adf>{source('AdfSimplexInputCaps', A4)}{source('AdfDuplexInputCaps', A4)}"
        "<scan:FeederCapacity>100</scan:FeederCapacity>"
        "<scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption>"
        "</scan:AdfOptions></scan:Adf></scan:ScannerCapabilities>"
    )


def status_xml(state: str, adf_state: str, jobs: Iterable[Job]) -> str:
    """GET ScannerStatus."""
    told = "".join(
        f"<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{job.number}</pwg:JobUri>"
        f"<pwg:ImagesCompleted>{job.fetched}</pwg:ImagesCompleted><pwg:JobState>{job.state}</pwg:JobState>"
        "</scan:JobInfo>"
        for job in jobs
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus {_NAMESPACES}><pwg:Version>2.63</pwg:Version>'
        f"<pwg:State>{state}</pwg:State><scan:AdfState>{adf_state}</scan:AdfState>"
        f"<scan:Jobs>{told}</scan:Jobs></scan:ScannerStatus>"
    )
