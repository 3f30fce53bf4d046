"""One of everything: what each path of the back office can name."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.accounts.contacts import ContactDetails
from domain.accounts.contacts import add as add_contact
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.accounts.relations import guaranteeing
from domain.accounts.relations.guaranteeing import GuarantorDetails
from domain.accounts.relations.model import RelationKind
from domain.accounts.relations.relating import relate
from domain.api_keys.making import make
from domain.api_keys.model import Scope
from domain.assignments.absences import write_down as write_absence_down
from domain.assignments.fitting import Choice
from domain.assignments.model import RuleKind
from domain.assignments.ruling import add as add_rule
from domain.banking.uploading import keep
from domain.bulk import running
from domain.bulk.acts import Act
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.documents.filing import enter, file
from domain.documents.intake import Intake
from domain.documents.model import Category
from domain.importing.messages import BookFile
from domain.importing.preparing import prepare
from domain.inbox.model import EVENTS
from domain.invoicing.credit_notes import issue_credit_note
from domain.legal_cases.model import StepKind
from domain.legal_cases.stepping import Step, plan_step
from domain.notes.writing import write as write_note
from domain.notices import pay_links
from domain.notices.calling import Said, write_down
from domain.notices.model import CallOutcome
from domain.outbox.sending import add as add_message
from domain.placements.people.inviting import invite
from domain.policies import drafting, groups
from domain.policies.contacting import Channel
from domain.policies.sections import Grades, Sections, Terms
from domain.processing.printing_letters import print_letters
from domain.processing.reconciling.movements import reconcile_movement
from domain.processing.reconciling.payouts import reconcile_payout
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.processing.stopping import Wish as Hold
from domain.processing.stopping import set_stop
from domain.receivables.model import Allocation
from domain.refunds.model import RefundSource
from domain.reporting.kept.model import Cadence, ReportSchedule
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import now, today
from domain.shared.tokens import new_token
from domain.staff.credentials.inviting import invite as invite_colleague
from domain.staff.credentials.model import IDENTITIES, PASSKEYS
from domain.staff.model import Role
from domain.stops.model import StopKind
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.worklist.views import save as save_view
from tests.backoffice.conftest import Office
from tests.backoffice.test_inbox import an_event
from tests.support.applying import apply_for_credit
from tests.support.approving import a_limit_asked_for
from tests.support.bank_files import a_camt053, a_line
from tests.support.banking import lines_of
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.clearing import a_movement, a_payout
from tests.support.contesting import contest
from tests.support.evidence import a_pack
from tests.support.fakes import FakeProcessor
from tests.support.files import a_photo, sent, taken_in
from tests.support.importing import MAPPING, a_csv, a_row
from tests.support.incoming import a_message
from tests.support.insolvency import insolvent
from tests.support.lettering import a_letter
from tests.support.litigating import a_case
from tests.support.noticing import a_notice
from tests.support.outside import PlainRenderer
from tests.support.passkeys import a_passkey
from tests.support.paying import Debt, start
from tests.support.placing import a_late_debt, a_partner, proposed
from tests.support.planning import an_asked_plan
from tests.support.policies import a_policy
from tests.support.practising import own_practice
from tests.support.promising import a_promise
from tests.support.remitting import a_cost, a_placement, collected, invoiced, remitted
from tests.support.routes import Way
from tests.support.settling import an_offer
from tests.support.terms import asking as terms_to_accept
from tests.support.writing_off import proposed as propose_write_off


def world(office: Office) -> dict[str, object]:
    """One of everything that a path can name."""
    colleague = office.person(Role.DISPUTE_HANDLER)
    with office.db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        login = grant(session, account, email="a@b.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR)
        contact = add_contact(session, account, ContactDetails("Ana"), actor=OPERATOR)
        note = issue_credit_note(session, account, invoice, money("1"), reason="x", actor=OPERATOR)
        allocation = session.scalar(select(Allocation.id).where(Allocation.account_id == account.id))
        paper = file(
            session,
            office.store,
            b"customer id,invoice number\n1,2\n",
            media_type="text/csv",
            category=Category.IMPORT,
            filename="a.csv",
            account_id=None,
            subject=("staff", colleague),
            actor=OPERATOR,
        )
        seen = enter(
            session,
            taken_in(office.store, a_photo(), "delivered.jpg"),
            category=Category.PROOF_OF_DELIVERY,
            account_id=account.id,
            subject=("invoice", invoice.id),
            actor=OPERATOR,
        )
        told = a_camt053(a_line("10.00", currency="GBP"))
        bank_file = keep(session, Intake(office.store).take_data(sent("march.xml", told)), staff_id=colleague)
        task = open_task(session, TaskKind.SURPLUS, subject=("payment", str(account.id)))
        account_id, invoice_id, login_id = account.id, invoice.id, login.id
        receipt = a_receipt(session, account, "50", today(session))
        wish = Wish(receipt.id, money("20"), RefundSource.CREDIT, "Twice")
        refund = asking.request(session, account_id, wish, role=Role.MANAGER, actor=OPERATOR)
    debt = Debt(account_id, [invoice_id], login_id, login_id)
    paying = start(office.db, FakeProcessor(), debt, {invoice_id: money("119")})
    (line,) = lines_of(office.db, a_line("20.00", currency="GBP"))
    batch = a_batch(office)
    application = apply_for_credit(office.db, account_id)
    with office.db.transaction() as session:
        at = now(session)
        reconcile_movement(session, a_movement(money("-5"), at, ref=f"txn_{account_id}", category="something_new"))
        payout_id = reconcile_payout(session, a_payout(money("5"), at, ref=f"po_{account_id}")).id
    with office.db.transaction() as session:
        complaint = Complaint(Reason.OTHER, "x", money("1"))
        dispute = raise_dispute(session, account_id, invoice_id, complaint, login_id=None, actor=OPERATOR)
        stop = set_stop(session, account_id, Hold(StopKind.MANUAL, "x"), actor=OPERATOR)
        dispute_id, stop_id = dispute.id, stop.id
        _, promise = a_promise(session)
        plan_id = an_asked_plan(session, "120")[-1].id
        offer_id = an_offer(session, "120", pays="100")[-1].id
        debtor = an_account(session)
        request_id = a_limit_asked_for(session, debtor.id, colleague)
        write_off_id = propose_write_off(session, debtor, an_invoice(session, debtor, "120")).id
        partner = a_partner(session)
        partner_id, placement_id = partner.id, proposed(session, a_late_debt(session)[0], partner).id
        person_id = invite(session, partner.id, email="gus@fair.example", name="Gus", actor=OPERATOR).id
        debt_out, other_debt = a_placement(session), a_placement(session)
        remittance_id = remitted(session, collected(session, debt_out)).id
        invoice_of_partner = invoiced(session, other_debt, collected(session, other_debt))
        cost_id = a_cost(session, debt_out).id
        insolvency_id = insolvent(session, an_account(session).id).id
        _, _, legal_case = a_case(session)
        step = plan_step(session, legal_case.account_id, legal_case.id, Step(StepKind.OTHER, "x"), actor=OPERATOR)
        case_id, step_id = legal_case.id, step.id
        notice = a_notice(session, account, Channel.CALL, approve=True)
        pay_links.mint(session, notice)
        link = pay_links.of_notice(session, notice.id)[0].id
        other = an_account(session)
        an_invoice(session, other, "120")
        letter = a_letter(session, office.store, other)
        print_batch = print_letters(session, office.store.near, [letter.id], actor=Actor.staff(colleague)).batch_id
        message_in = a_message(session)
        call = write_down(session, account_id, None, Said(CallOutcome.VOICEMAIL), actor=Actor.staff(colleague)).id
        written = write_note(session, account_id, "Look", also=[colleague], actor=Actor.staff(colleague)).id
        guarantor = guaranteeing.add(session, account_id, GuarantorDetails("Tom", True, today(session)), actor=OPERATOR)
        relation = relate(session, account_id, other.number, RelationKind.OTHER, actor=OPERATOR)
        guarantor_id, relation_id = guarantor.id, relation.id
    with office.db.transaction() as session:
        key, _ = make(session, "Shop", [Scope.READ_CREDIT], actor=OPERATOR)
        invitation_id = invite_colleague(
            session,
            email=f"eva.{account_id}@office.example",
            name="Eva",
            role=Role.AUDITOR,
            language="en",
            by=colleague,
            actor=OPERATOR,
        ).id
        message = add_message(session, BookFile(batch, colleague, None))
    with office.db.transaction() as session:
        policy_id = a_policy(session, Sections(terms=Terms())).policy_id
        drafting.begin(session, policy_id, actor=OPERATOR)
        drafting.write_section(session, policy_id, "grades", Grades(), actor=OPERATOR)
        version_id = a_policy(session, terms_to_accept(), account_id=account_id).id
        group_id = groups.make(session, f"Group of {account_id}", actor=OPERATOR).id
        rule_id = add_rule(session, Choice(RuleKind.EVERYTHING), colleague, actor=OPERATOR)
        schedule_id = a_mailed_report(session, colleague)
        looked = running.look_ahead(session, Act.TAG, {"tag": "x"}, [account_id], role=Role.MANAGER)
        run_id = running.ask(session, looked, role=Role.MANAGER, actor=Actor.staff(colleague))
    an_event(office, f"evt_{account_id}", failed=True)
    with office.db.reading() as session:
        event = session.scalar(select(EVENTS.c.id).where(EVENTS.c.external_id == f"evt_{account_id}"))
    return {
        "account_id": account_id,
        "invoice_id": invoice_id,
        "credit_note_id": note.id,
        "allocation_id": allocation,
        "login_id": login_id,
        "contact_id": contact.id,
        "audit_id": 1,
        "part": "company",
        "document_id": paper.id,
        "picture_id": seen.id,
        "public_id": paying.public_id,
        "pack_ref": a_pack(office.db, account_id, store=office.store.near, renderer=PlainRenderer()).pack.public_id,
        "event_id": event,
        "dispute_id": dispute_id,
        "reason": "damaged",
        "promise_id": promise.id,
        "plan_id": plan_id,
        "offer_id": offer_id,
        "partner_id": partner_id,
        "person_id": person_id,
        "placement_id": placement_id,
        "remittance_id": remittance_id,
        "commission_invoice_id": invoice_of_partner.id,
        "cost_id": cost_id,
        "currency": "GBP",
        "case_id": case_id,
        "step_id": step_id,
        "request_id": request_id,
        "write_off_id": write_off_id,
        "insolvency_id": insolvency_id,
        "notice_id": notice.id,
        "incoming_id": message_in.id,
        "link_id": link,
        "print_batch_id": print_batch,
        "call_id": call,
        "note_id": written,
        "guarantor_id": guarantor_id,
        "relation_id": relation_id,
        "stop_id": stop_id,
        "task_id": task,
        "refund_id": refund.public_id,
        "payout_id": payout_id,
        "movement_ref": f"txn_{account_id}",
        "batch_id": batch,
        "message_id": message,
        "staff_id": colleague,
        "invitation_id": invitation_id,
        **own_credentials(office, Role.MANAGER),
        "rule_id": rule_id,
        "schedule_id": schedule_id,
        "run_id": run_id,
        "view_id": own_view(office, Role.MANAGER),
        "absence_id": own_absence(office, Role.MANAGER, ahead=30),
        "practice_id": own_practice(office.db, office.person(Role.MANAGER)),
        "policy_id": policy_id,
        "version_id": version_id,
        "group_id": group_id,
        "number": 1,
        "section": "terms",
        "wording": "demand",
        "channel": "email",
        "language": "es",
        "line_id": line,
        "application_id": application.id,
        "key_id": key.id,
        "file_id": bank_file,
        "name": "ageing",
        "listed": "rows",
        "chargeback_ref": contest(office.db, "needs_response", "1", name=f"du_{account_id}").chargeback_ref,
    }


def a_mailed_report(session: Session, staff_id: int) -> int:
    """A report that somebody gets each week."""
    made = ReportSchedule(
        report="cash",
        given={},
        format="csv",
        cadence=Cadence.WEEKLY,
        staff_id=staff_id,
        made_by=staff_id,
        made_at=now(session),
        next_on=today(session) + timedelta(days=7),
    )
    session.add(made)
    session.flush()
    return made.id


def here_for(office: Office, way: Way, values: dict[str, object], role: Role) -> dict[str, object]:
    """What the path of a way names, where it is not any that there is; one's own, where only that is to be found."""
    if way.name == "discard":
        return {**values, "batch_id": a_batch(office)}
    if {"session_id", "passkey_id", "identity_id"} & set(way.wants):
        return {**values, **own_credentials(office, role)}
    if "absence_id" in way.wants:
        return {**values, "absence_id": own_absence(office, role)}
    if "practice_id" in way.wants:
        return {**values, "practice_id": own_practice(office.db, office.person(role))}
    if "view_id" in way.wants:
        return {**values, "view_id": own_view(office, role)}
    if way.name == "read_note":
        return {**values, "note_id": a_note_for(office, role, int(str(values["account_id"])))}
    if "run_id" in way.wants and role is Role.ADMINISTRATOR:
        return {**values, "run_id": own_run(office, role, int(str(values["account_id"])))}
    return {**values, "document_id": values["picture_id"]} if way.name == "document_picture" else values


def own_credentials(office: Office, role: Role) -> dict[str, object]:
    """Another browser, a passkey and an identity elsewhere of somebody with this role."""
    staff_id = office.person(role)
    with office.db.transaction() as session:
        sessions.start(session, site=Site.OFFICE, subject_id=staff_id)
        passkey_id = session.scalar(insert(PASSKEYS).returning(PASSKEYS.c.id), a_passkey(staff_id))
        who = {"issuer": "https://id.example", "subject": new_token(), "staff_id": staff_id, "linked_at": now(session)}
        identity_id = session.scalar(insert(IDENTITIES).returning(IDENTITIES.c.id), who)
        session_id = max(row.id for row in sessions.sessions_of(session, Site.OFFICE, staff_id))
    return {"session_id": session_id, "passkey_id": passkey_id, "identity_id": identity_id}


def own_absence(office: Office, role: Role, *, ahead: int = 1) -> int:
    """An absence of somebody with this role, on one of the next days."""
    staff_id = office.person(role)
    stand_in = office.person(Role.MANAGER if role is Role.COLLECTOR else Role.COLLECTOR)
    with office.db.transaction() as session:
        day = today(session) + timedelta(days=ahead)
        return write_absence_down(session, staff_id, stand_in_id=stand_in, first_on=day, last_on=day, actor=OPERATOR)


def a_note_for(office: Office, role: Role, account_id: int) -> int:
    """A note that mentions somebody with this role."""
    by, staff_id = Actor.staff(office.person(Role.MANAGER)), office.person(role)
    with office.db.transaction() as session:
        return write_note(session, account_id, "Look", also=[staff_id], actor=by).id


def own_run(office: Office, role: Role, account_id: int) -> int:
    """An act on many accounts that somebody with this role may do: to give them to somebody."""
    given, asker = {"staff_id": office.person(Role.MANAGER)}, Actor.staff(office.person(role))
    with office.db.transaction() as session:
        looked = running.look_ahead(session, Act.ASSIGN, given, [account_id], role=role)
        return running.ask(session, looked, role=role, actor=asker)


def own_view(office: Office, role: Role) -> int:
    """A view of the accounts that somebody with this role keeps."""
    staff_id = office.person(role)
    with office.db.transaction() as session:
        return save_view(session, "/accounts", "show=late", new_token(), actor=Actor.staff(staff_id))


def a_batch(office: Office) -> int:
    """A previewed file."""
    return prepare(office.db, BytesIO(a_csv(a_row())), "a.csv", MAPPING, actor=OPERATOR, store=office.store)
