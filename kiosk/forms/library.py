"""The forms that ship with the terminal, and those a court adds or replaces."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from kiosk.forms.load import load_form
from kiosk.forms.model import Form

BUILT_IN = Path(__file__).parent / "library"
GENERAL = "general"


class FormLibrary:
    """Forms by id. For a cause of action it knows the element form (要素式起诉状) that serves it."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = MappingProxyType(dict(forms))
        self._by_cause = {cause: form for form in self._forms.values() for cause in form.causes}

    @classmethod
    def load(cls, *folders: Path) -> FormLibrary:
        """The built-in forms and those in `folders`; a later form replaces one of the same id. Raises FormError."""
        forms = dict(_built_in())
        for folder in folders:
            forms.update(_forms_in(folder))
        return cls(forms)

    def get(self, form_id: str) -> Form:
        """The form with this id. Raises KeyError."""
        return self._forms[form_id]

    def all(self) -> tuple[Form, ...]:
        """Every form, by id."""
        return tuple(self._forms[form_id] for form_id in sorted(self._forms))

    def for_cause(self, cause_code: str, cause_path: str) -> Form:
        """The element form of a cause or of its nearest ancestor, else the general complaint.

        `cause_path` has the names from level 1 down, separated by `/`. A form says which causes it serves by name
        (`劳动争议`) or code; names last longer, as codes change with every edition of the table.
        """
        names = (cause_code, *reversed(cause_path.split("/")))
        return next((self._by_cause[name] for name in names if name in self._by_cause), self._forms[GENERAL])


def _forms_in(folder: Path) -> dict[str, Form]:
    files = sorted(path for path in folder.iterdir() if path.suffix in {".yaml", ".xlsx"})
    return {form.form_id: form for form in map(load_form, files)}


@cache
def _built_in() -> Mapping[str, Form]:
    return MappingProxyType(_forms_in(BUILT_IN))
