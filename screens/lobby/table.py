"""Which screen draws which stage of the flow."""

from __future__ import annotations

from kiosk.flow.events import SLOT_OF_STAGE
from kiosk.flow.stage import Stage
from screens.lobby import (
    check_in,
    claiming,
    closing,
    drafts,
    evidence,
    handed_in,
    identity,
    my_case,
    opening,
    rating,
    ticket,
    unresolved,
    unresolved_done,
    unresolved_person,
)
from screens.lobby.away import AwayScreen
from screens.lobby.duty import DutyScreen
from screens.lobby.form_page import FormScreen
from screens.lobby.review import ReviewScreen
from screens.lobby.scan import ScanScreen
from screens.lobby.screen import ScreenFactory
from screens.lobby.signature import SignatureScreen
from screens.lobby.ticket_given import TicketScreen

SCREENS: dict[Stage, ScreenFactory] = {
    Stage.ATTRACT: opening.AttractScreen,
    Stage.HOME: opening.HomeScreen,
    Stage.LANGUAGE: opening.LanguageScreen,
    Stage.PRIVACY: opening.PrivacyScreen,
    Stage.IDENTITY: identity.IdentityScreen,
    Stage.CARD: identity.CardScreen,
    Stage.IDENTITY_CONFIRM: identity.IdentityConfirmScreen,
    Stage.CAPACITY: identity.CapacityScreen,
    Stage.COURT: claiming.CourtScreen,
    Stage.CAUSE: claiming.CauseScreen,
    Stage.MATERIALS: claiming.MaterialsScreen,
    Stage.FEE: claiming.FeeScreen,
    Stage.EVIDENCE: evidence.EvidenceScreen,
    Stage.EVIDENCE_ITEM: evidence.EvidenceLineScreen,
    Stage.SCAN: ScanScreen,
    Stage.OPTIONS: claiming.OptionsScreen,
    Stage.MEDIATION: closing.MediationScreen,
    Stage.E_SERVICE: closing.EServiceScreen,
    Stage.REVIEW: ReviewScreen,
    Stage.UNDERTAKING: closing.UndertakingScreen,
    Stage.SIGNATURE: SignatureScreen,
    Stage.SUBMITTING: handed_in.SubmittingScreen,
    Stage.RECEIPT: handed_in.ReceiptScreen,
    Stage.WINDOW_TICKET: handed_in.WindowTicketScreen,
    Stage.TICKET_MATTER: ticket.TicketMatterScreen,
    Stage.TICKET_CLASS: ticket.TicketClassScreen,
    Stage.TICKET_PROOF: ticket.TicketProofScreen,
    Stage.TICKET_HOLDER: ticket.TicketHolderScreen,
    Stage.TICKET_CARD: ticket.TicketCardScreen,
    Stage.TICKET_TAKING: ticket.TicketTakingScreen,
    Stage.TICKET: TicketScreen,
    Stage.CHECK_IN: check_in.CheckInScreen,
    Stage.CHECK_IN_CARD: check_in.CheckInCardScreen,
    Stage.RATING: rating.RatingScreen,
    Stage.RATING_CARD: rating.RatingCardScreen,
    Stage.RATING_GRADE: rating.RatingGradeScreen,
    Stage.RATING_REASONS: rating.RatingReasonsScreen,
    Stage.RATING_DONE: rating.RatingDoneScreen,
    Stage.AWAY: AwayScreen,
    Stage.UNRESOLVED: unresolved.UnresolvedScreen,
    Stage.UNRESOLVED_KIND: unresolved.KindScreen,
    Stage.UNRESOLVED_PLACE: unresolved.PlaceScreen,
    Stage.UNRESOLVED_WHICH: unresolved.WhichScreen,
    Stage.UNRESOLVED_DAY: unresolved.DayScreen,
    Stage.UNRESOLVED_OTHER_DAY: unresolved.OtherDayScreen,
    Stage.UNRESOLVED_ACCOUNT: unresolved_person.AccountScreen,
    Stage.UNRESOLVED_CALL_BACK: unresolved_person.CallBackScreen,
    Stage.UNRESOLVED_CONTACT: unresolved_person.ContactScreen,
    Stage.UNRESOLVED_CARD: unresolved_person.NameCardScreen,
    Stage.UNRESOLVED_REVIEW: unresolved_done.UnresolvedReviewScreen,
    Stage.UNRESOLVED_SENDING: unresolved_done.UnresolvedSendingScreen,
    Stage.UNRESOLVED_DONE: unresolved_done.UnresolvedDoneScreen,
    Stage.DUTY: DutyScreen,
    Stage.DRAFT_CODE: drafts.DraftCodeScreen,
    Stage.DRAFT_FOUND: drafts.DraftFoundScreen,
    Stage.DRAFT_KEEPING: drafts.DraftKeepingScreen,
    Stage.DRAFT_KEPT: drafts.DraftKeptScreen,
    Stage.MY_CASE: my_case.MyCaseScreen,
    Stage.MY_CASE_CARD: identity.QueryCardScreen,
    Stage.MY_CASE_RESULT: my_case.MyCaseResultScreen,
    **dict.fromkeys(SLOT_OF_STAGE, FormScreen),
}
