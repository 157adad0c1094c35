"""Calls from the lobby, alarms, terminals, staff and the journal."""

from __future__ import annotations

import sqlalchemy as sa
from anyio import to_thread
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from provisioning.hub import alarms, assistance, journal, staff
from provisioning.hub.console.visit import Desk, Visit
from provisioning.hub.permissions import Permission, Role
from provisioning.hub.terminals import list_terminals

JOURNAL_LINES = 200


class Operations:
    """Everything that is not about one matter."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """The pages and their actions."""
        gate, may = self._desk.gate, Permission
        return [
            Route("/calls", gate(may.ANSWER_CALLS, self.calls), methods=["GET"]),
            Route("/calls/{call_id}/{action}", gate(may.ANSWER_CALLS, self.answer), methods=["POST"]),
            Route("/alarms", gate(may.HANDLE_ALARMS, self.alarms), methods=["GET"]),
            Route("/alarms/{alarm_id:int}", gate(may.HANDLE_ALARMS, self.acknowledge), methods=["POST"]),
            Route("/terminals", gate(may.SEE_TERMINALS, self.terminals), methods=["GET"]),
            Route("/staff", gate(may.MANAGE_STAFF, self.staff), methods=["GET"]),
            Route("/staff", gate(may.MANAGE_STAFF, self.add_staff), methods=["POST"]),
            Route("/staff/{name}/{action}", gate(may.MANAGE_STAFF, self.change_staff), methods=["POST"]),
            Route("/journal", gate(may.READ_JOURNAL, self.journal), methods=["GET"]),
            Route("/password", gate(None, self.password), methods=["GET"]),
            Route("/password", gate(None, self.change_password), methods=["POST"]),
        ]

    async def calls(self, visit: Visit) -> Response:
        """Who needs a person, oldest first."""
        found = await self._desk.read(assistance.open_calls)
        values = {"calls": found, "lost": "lost" in visit.request.query_params}
        return await self._desk.show(visit.request, "calls.html", values, person=visit.person)

    async def answer(self, visit: Visit) -> Response:
        """Take or close a call."""
        call_id, action = visit.request.path_params["call_id"], visit.request.path_params["action"]
        steps = {"take": assistance.take, "close": assistance.close}
        if action not in steps:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        now = self._desk.hub.clock.now()
        done = await self._desk.hub.writer.run(
            lambda connection: steps[action](connection, call_id, staff=visit.person.name, at=now)
        )
        return RedirectResponse("/console/calls" if done else "/console/calls?lost=1", status_code=303)

    async def alarms(self, visit: Visit) -> Response:
        """What somebody must look at."""
        found = await self._desk.read(alarms.waiting)
        return await self._desk.show(visit.request, "alarms.html", {"alarms": found}, person=visit.person)

    async def acknowledge(self, visit: Visit) -> Response:
        """Take an alarm off the list."""
        alarm_id, now = visit.request.path_params["alarm_id"], self._desk.hub.clock.now()

        def job(connection: sa.Connection) -> None:
            if alarms.acknowledge(connection, alarm_id, staff=visit.person.name, at=now):
                journal.append(
                    connection,
                    chain=journal.STAFF_CHAIN,
                    at=now,
                    actor=visit.person.name,
                    action="alarm_acknowledged",
                    subject=str(alarm_id),
                )

        await self._desk.hub.writer.run(job)
        return RedirectResponse("/console/alarms", status_code=303)

    async def terminals(self, visit: Visit) -> Response:
        """The terminals and when they last spoke."""
        found = await self._desk.read(list_terminals)
        return await self._desk.show(visit.request, "terminals.html", {"terminals": found}, person=visit.person)

    async def staff(self, visit: Visit) -> Response:
        """Accounts."""
        return await self._staff_page(visit)

    async def add_staff(self, visit: Visit) -> Response:
        """A new account."""
        name, now = visit.form.get("name", "").strip(), self._desk.hub.clock.now()
        try:
            role = Role(visit.form.get("role", ""))
            password_hash = await to_thread.run_sync(staff.hash_password, visit.form.get("password", ""))
        except (ValueError, staff.StaffRefusedError):
            return await self._staff_page(visit, error="staff.refused_password", status=422)
        try:
            await self._desk.hub.writer.run(
                lambda connection: staff.add_account(
                    connection, name=name, role=role, password_hash=password_hash, at=now, by=visit.person.name
                )
            )
        except staff.StaffRefusedError:
            return await self._staff_page(visit, error="staff.refused_name", status=422)
        return RedirectResponse("/console/staff", status_code=303)

    async def change_staff(self, visit: Visit) -> Response:
        """Close or reopen an account; nobody closes their own."""
        name, action = visit.request.path_params["name"], visit.request.path_params["action"]
        if action not in ("close", "open") or name == visit.person.name:
            return await self._desk.refuse(visit.request, "error.forbidden", 403, visit.person)
        now = self._desk.hub.clock.now()
        try:
            await self._desk.hub.writer.run(
                lambda connection: staff.set_active(
                    connection, name=name, active=action == "open", at=now, by=visit.person.name
                )
            )
            self._desk.sessions.forget()
        except staff.StaffRefusedError:
            return await self._desk.refuse(visit.request, "error.not_found", 404, visit.person)
        return RedirectResponse("/console/staff", status_code=303)

    async def _staff_page(self, visit: Visit, *, error: str = "", status: int = 200) -> Response:
        found = await self._desk.read(staff.accounts)
        values = {
            "accounts": found,
            "roles": [role.value for role in Role],
            "now": self._desk.hub.clock.now(),
            "error": error,
            "entered": visit.form,
        }
        return await self._desk.show(visit.request, "staff.html", values, person=visit.person, status=status)

    async def journal(self, visit: Visit) -> Response:
        """The latest entries, and whether the chain is whole."""
        newest = await self._desk.read(lambda c: list(journal.entries(c, newest=JOURNAL_LINES)))
        faults = await self._desk.read(journal.faults)
        values = {"entries": newest, "fault": faults[0] if faults else "", "count": JOURNAL_LINES}
        return await self._desk.show(visit.request, "journal.html", values, person=visit.person)

    async def password(self, visit: Visit) -> Response:
        """The form."""
        return await self._desk.show(visit.request, "password.html", {"error": ""}, person=visit.person)

    async def change_password(self, visit: Visit) -> Response:
        """Replace one's own password; every session of the account ends."""
        now, name = self._desk.hub.clock.now(), visit.person.name
        credentials = await self._desk.read(lambda connection: staff.credentials_of(connection, name, now=now))
        error = ""
        if not await to_thread.run_sync(staff.password_fits, credentials, visit.form.get("current", "")):
            error = "password.wrong"
        else:
            try:
                password_hash = await to_thread.run_sync(staff.hash_password, visit.form.get("new", ""))
            except staff.StaffRefusedError:
                error = "staff.refused_password"
        if error:
            values = {"error": error}
            return await self._desk.show(visit.request, "password.html", values, person=visit.person, status=422)
        await self._desk.hub.writer.run(
            lambda connection: staff.set_password(connection, name=name, password_hash=password_hash, at=now, by=name)
        )
        self._desk.sessions.forget()
        return RedirectResponse("/console/sign-in?ended=1", status_code=303)
