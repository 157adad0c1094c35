"""The rating scales in force as this terminal knows them: the hub's last word, else those of this program."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from pydantic import ValidationError

from kiosk.court.rating import PublishedScale, RatingScales
from kiosk.outbox import delivery
from kiosk.outbox.store import Outbox
from kiosk.rating.scales import published, scales

log = logging.getLogger(__name__)

_SETTING = "rating_scales"


class KeptScales:
    """Scales as data, for a pad that works without the hub. Raises OutboxError where the store fails."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    def keep(self, told: RatingScales) -> None:
        """The hub's word, for the time in which it does not answer."""
        self._outbox.run(lambda c: delivery.put_setting(c, _SETTING, told.model_dump_json()))

    def current(self) -> RatingScales:
        """The scales in force."""
        text = self._outbox.run(lambda c: delivery.get_setting(c, _SETTING))
        if text is not None:
            try:
                return RatingScales.model_validate_json(text)
            except ValidationError:
                log.warning("the kept rating scales were written by another version")
        shipped = scales()
        return published(shipped, shipped.default)

    def scale(self, scale_id: str) -> PublishedScale | None:
        """One scale; None for one that is not known here."""
        return next((scale for scale in self.current().scales if scale.id == scale_id), None)

    def known_reasons(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of `codes` that are reasons, in the order in which they are offered."""
        chosen = set(codes)
        return tuple(reason.code for reason in self.current().reasons if reason.code in chosen)
