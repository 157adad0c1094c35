"""Asking once more before something that was entered is thrown away."""

from __future__ import annotations

from screens.components import Action, ConfirmDialog, Words, words
from screens.components.context import Ui


def ask_before_removing(ui: Ui, *, text: Words, remove: Action) -> None:
    """Lay the question over the page; `remove` happens only on yes."""

    def answered(then: Action | None) -> Action:
        def close() -> None:
            ui.close_overlay(dialog)
            if then is not None:
                then()

        return close

    dialog = ConfirmDialog(
        ui,
        name="remove",
        title=words("lobby.form.remove_title"),
        text=text,
        yes=words("lobby.form.remove_yes"),
        no=words("lobby.form.remove_no"),
        on_yes=answered(remove),
        on_no=answered(None),
    )
    ui.open_overlay(dialog)
