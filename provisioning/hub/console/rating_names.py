"""Names of what ratings are about: services as the court configures them, and staff behind pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from provisioning.hub.console.words import ConsoleLanguage
from provisioning.hub.hub import Hub
from provisioning.hub.staff import accounts


def service_names(hub: Hub, language: ConsoleLanguage) -> Mapping[str, str]:
    """The names of the configured services by code."""
    services = hub.hall.configuration.services
    return {one.code: one.names.zh if language is ConsoleLanguage.ZH else one.names.en for one in services}


def staff_names(connection: sa.Connection, hub: Hub) -> Mapping[str, str]:
    """Account names by pseudonym, for those who answer for the hall."""
    return {hub.ratings.pseudonyms.of_staff(one.name): one.name for one in accounts(connection)}
