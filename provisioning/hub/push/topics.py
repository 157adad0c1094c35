"""The topics a client may ask for, and which of them are open to strangers."""

from __future__ import annotations

import re

from provisioning.hub.push.events import DISPLAY

MOST_TOPICS = 8
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TOPIC_PATTERN = rf"display|queue|window:[0-9A-Za-z]{{1,8}}|ticket:{_UUID}"
_TOPIC = re.compile(TOPIC_PATTERN)
_TICKET = "ticket:"


class TopicRefusedError(ValueError):
    """The list of topics is empty, too long, or names something that is no topic."""


def parse_topics(text: str) -> frozenset[str]:
    """`display,window:3` as topics. Raises TopicRefusedError."""
    topics = frozenset(text.split(","))
    if len(topics) > MOST_TOPICS or not all(_TOPIC.fullmatch(topic) for topic in topics):
        raise TopicRefusedError(
            f"topics are 1 to {MOST_TOPICS} of display, queue, window:<code> and ticket:<id>, with commas between"
        )
    return topics


def is_public(topic: str) -> bool:
    """Whether anybody may listen: the waiting area's display, and a ticket for whoever knows its unguessable id."""
    return topic == DISPLAY or topic.startswith(_TICKET)
