"""Speaking: what the terminal says once everything runs: addresses, ready sign-ins, test cards."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from app import environment as env
from app.demo.company import BUSINESS, PASSWORD, STAFF
from app.demo.samples import ADVICE, FOLDER, STATEMENT
from app.demo.settings import HERE, Ports
from domain.staff.model import ROLE_NAMES

CUSTOMERS = (
    ("ana@harbourcafe.example", "Harbour Café: late invoices, a saved card: pay with one press"),
    ("priya@ledgerandlane.example", "an accountant with five accounts"),
    ("lola@casalola.example", "a customer who reads Spanish"),
    ("marek@docksidedeli.example", "Dockside Deli paid too much and has credit"),
    ("hannah@albionbakery.example", "Albion Street Bakery: automatic payment, one announced"),
    ("ben@towerhill.example", "Tower Hill Coworking: a bank debit on its way"),
    ("luc@marguerite.example", "Bistro Marguerite: a payment that is contested at the bank"),
    ("martin@oakwellfarm.example", "Oakwell Farm Shop: a payment plan that runs and is kept"),
    ("noor@camdencanteen.example", "Camden Lock Canteen: a payment plan to read and to sign"),
    ("becky@juniperbar.example", "Juniper Gin Bar: an offer to settle what is late for less"),
    ("ruth@eastfield.example", "Eastfield Primary School: a dispute with a question to answer"),
    ("geoff@limetree.example", "Lime Tree Academy: a paper was missing, is there now, and may be objected to"),
    ("gino@flourpower.example", "Flour Power Pizza: a dispute was rejected; automatic payment turned itself off"),
    ("denise@hallam.example", "Hallam Borough Council: a dispute was accepted in part, with a credit note"),
    ("hazel@hazelfinch.example", "Hazel & Finch: a dispute was rejected, and is looked at once more"),
)
"""Logins that show something, and what."""
AGENTS = (
    ("nadia@tynewharf.example", "an agency: a debt to take on, one with payments, a cost and a question"),
    ("iain@becklowther.example", "an agency: a debt on hold, one of which a part was paid to us"),
    ("philippa@harcourtvane.example", "an attorney: waits for us to say whether a debt may be settled for less"),
)
"""Who signs in for agencies and an attorney, and what they show."""
CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0000 0000 9995", "has insufficient funds"),
    ("4000 0027 6000 3184", "asks for authentication first"),
    ("10-88-00 and 00012345", "a bank account that pays after three days (22222227: is refused)"),
)
TO_TRY = (
    ("Notices", "letters to approve, calls to make, what was sent, and what was held back and why"),
    ("Payment plans", "one is asked for, one is late, one rests; further down: How plans are kept"),
    ("Settlements", "one is offered, one is to be paid in two parts, one is settled"),
    ("Disputes", "new, late, asked about, answered with a paper, opened again; and a chargeback to answer"),
    ("Handoffs", "old debts with two agencies and an attorney: sent, active, on hold, back, refused, paid"),
    ("Partners", "Tyne & Wharf has kept more of a remittance than agreed, and asks for a cost"),
    ("Evidence packs", "one of Harbour Café, to be opened and verified: quittance verify-pack"),
    ("Messages", "what a customer has answered to a reminder"),
    ("Worklist", "what needs a person: a refund to approve, one to explain, a chargeback to answer"),
    ("Does it all add up?", "Stripe = clearing = allocations, per day and per payout"),
    ("Bank", "accept all that is sure, decide on the rest, then take in the next statement:"),
)
"""Places of the back office, and what waits there."""
STALE = timedelta(days=7)


def welcome(ports: Ports, home: Path, made: datetime, now: datetime) -> str:
    """Everything that one needs to look around."""
    addresses = (
        ("Portal", f"http://{HERE}:{ports.portal}", "what customers see"),
        ("Back office", f"http://{HERE}:{ports.office}", "what staff see"),
        ("Partners", f"http://{HERE}:{ports.partners}", "what agencies and attorneys see"),
        ("Mail", f"http://{HERE}:{ports.mail}", "every email that was sent, and the codes of the staff"),
        ("Stripe", f"http://{HERE}:{ports.stripe}", "simulated: no card is charged"),
    )
    lines = ["", f"{BUSINESS[env.BUSINESS_NAME]} is open.", ""]
    lines += [f"  {name:<12} {address:<24} {words}" for name, address, words in addresses]
    lines += ["", "  Customers sign in by email: ask for a link in the portal, then open it from Mail."]
    lines += [f"    {email:<30} {words}" for email, words in CUSTOMERS]
    lines += ["", "  Agencies and attorneys sign in the same way, on the partners' site."]
    lines += [f"    {email:<30} {words}" for email, words in AGENTS]
    lines += ["", "  Staff sign in with a password and six digits, which Mail shows (or `quittance demo code`)."]
    lines += [f"    {each.email:<30} {ROLE_NAMES[each.role].lower()}" for each in STAFF]
    lines += [f"    {'password':<30} {PASSWORD}"]
    lines += ["", "  In the back office, look at"]
    lines += [f"    {place:<30} {words}" for place, words in TO_TRY]
    lines += [f"    {'':<30} {home / FOLDER / STATEMENT}"]
    lines += ["", "  In the portal, as Ana, tell us about a transfer with her advice:"]
    lines += [f"    {'':<30} {home / FOLDER / ADVICE}"]
    lines += ["", "  Cards, with any date ahead and any security code:"]
    lines += [f"    {number:<30} {words}" for number, words in CARDS]
    lines += ["", f"  The data lie in {home}. Ctrl-C stops; `make reset` forgets everything."]
    if now - made > STALE:
        lines += [f"  They were made on {made:%d %B %Y}: `make reset` for a company that is up to date."]
    return "\n".join((*lines, ""))
