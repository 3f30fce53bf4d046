"""A small site made of the kit alone: each of its pages shows or refuses something that the real sites lean on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from litestar import Litestar, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from psycopg.errors import NumericValueOutOfRange, StringDataRightTruncation
from sqlalchemy import create_engine
from sqlalchemy.exc import DataError

from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from domain.shared.money import Money
from web.downloads import download
from web.forms import Form, SentForm, query_form
from web.fragments import page, page_or_fragment, see_other, trigger
from web.kit import assemble
from web.places import Place, PlaceGroup, Who
from web.rate_limits import Rate
from web.rendering import TEMPLATES
from web.settings import SiteSettings
from web.visit import AnyRequest, visit_of

BUSINESS = Business(
    name="Northgate Supplies",
    phone="0191 498 0142",
    email="accounts@northgate.example",
    address="14 Mill Road, Gateshead NE8 3AA",
    registration="Company 04419207, VAT GB 512 4407 18",
)
SECRET = b"only for tests, only for tests, only"


@dataclass
class Maya:
    """The only person who can sign in here."""

    language: str | None = None
    name: str = "Maya Lindqvist"


@dataclass
class Till:
    """What was paid here."""

    paid: list[tuple[Money, tuple[int, ...]]] = field(default_factory=list)


@dataclass
class Trial:
    """The site and what it noticed."""

    app: Litestar
    maya: Maya
    till: Till


def pounds(amount: str) -> Money:
    return Money.of(amount, "GBP")


AGES = [
    ("current", pounds("1805.41")),
    ("1-30", pounds("748.80")),
    ("31-60", pounds("1140.00")),
    ("61-90", pounds("0")),
    ("91-120", pounds("516.00")),
    ("over-120", pounds("0")),
]
SHOWN = {
    "ages": AGES,
    "amounts": [pounds("1240.50"), pounds("310"), pounds("-48")],
    "day": date(2026, 11, 21),
    "moment": datetime(2026, 11, 20, 9, 21, 30, tzinfo=UTC),
    "rate": Decimal("11.75"),
}


@get("/sign-in", opt={"public": True}, sync_to_thread=True)
def sign_in_page(request: AnyRequest) -> Response[bytes]:
    return page(request, "trial/sign_in.html", {"form": Form.starting(request, email="")})


@post("/sign-in", opt={"public": True}, sync_to_thread=True)
def sign_in(request: AnyRequest, form: SentForm) -> Response[bytes]:
    visit = visit_of(request)
    visit.site.limiter.count("sign-in", visit.address, Rate(3, 900))
    visit.begin_session("mayas-session")
    return see_other(request, "/")


@post("/sign-out", sync_to_thread=True)
def sign_out(request: AnyRequest) -> Response[bytes]:
    visit_of(request).end_session()
    return see_other(request, "/sign-in")


@get("/", sync_to_thread=True)
def home(request: AnyRequest) -> Response[bytes]:
    return page(request, "trial/portal.html", {**SHOWN, "form": query_form(request)})


@get("/desk", sync_to_thread=True)
def desk(request: AnyRequest) -> Response[bytes]:
    return page(
        request, "trial/desk.html", {**SHOWN, "form": query_form(request), "who": Who("Priya Raman", "Manager")}
    )


@get("/part", sync_to_thread=True)
def part(request: AnyRequest) -> Response[bytes]:
    return page_or_fragment(request, page="trial/whole.html", fragment="trial/_part.html", context={"words": "here"})


@get("/pay", sync_to_thread=True)
def pay_page(request: AnyRequest) -> Response[bytes]:
    return page(request, "trial/pay.html", {"form": Form.starting(request, amount="12.00")})


@post("/pay", sync_to_thread=True)
def pay(request: AnyRequest, form: SentForm, till: NamedDependency[Till]) -> Response[bytes]:
    try:
        with form.reading():
            amount = form.amount("amount", "GBP")
            invoices = form.ids("invoice")
            form.text("reference", required=False, longest=20)
        if amount > pounds("1000"):
            raise Invalid(N_("Enter at most {most}."), field="amount", most=pounds("1000"))
        if amount == pounds("13"):
            raise Conflict(N_("Somebody else is paying this."))
    except (Invalid, Conflict) as refused:
        return page(request, "trial/pay.html", {"form": form.refused(refused)}, status=422)
    till.paid.append((amount, invoices))
    return trigger(see_other(request, "/"), "balance-changed")


@get("/refuses/{how:str}", sync_to_thread=True)
def refuses(how: FromPath[str]) -> Response[bytes]:
    raise {
        "not-found": NotFound(),
        "not-allowed": NotAllowed(N_("You may not write this off."), who_can=("A manager",)),
        "conflict": Conflict(N_("Only {amount} is left, since {day}."), amount=pounds("5"), day=date(2026, 11, 2)),
        "crash": RuntimeError("the secret is 12345"),
        "beyond": DataError("SELECT", {}, NumericValueOutOfRange()),
        "too-long": DataError("INSERT", {}, StringDataRightTruncation()),
    }[how]


@get("/number", sync_to_thread=True)
def number(count: FromQuery[int]) -> Response[bytes]:
    return Response(str(count).encode(), media_type="text/plain")


@get("/file", sync_to_thread=True)
def file() -> Response[bytes]:
    return download(b"<script>alert(1)</script>", '../año "x".html', "text/html")


@post("/hooks/trial", opt={"machine": True}, sync_to_thread=True, status_code=200)
def hook(request: AnyRequest) -> Response[bytes]:
    if request.query_params.get("wrong"):
        raise Conflict(N_("Somebody else is paying this."))
    return Response(b"ok", media_type="text/plain")


HANDLERS = [sign_in_page, sign_in, sign_out, home, desk, part, pay_page, pay, refuses, number, file, hook]


def trial_site(public_url: str = "http://portal.test", *, nav: bool = True, **settings: object) -> Trial:
    """The site, with a database that only health looks at."""
    maya = Maya()
    till = Till()
    clock = MovableClock(datetime(2026, 11, 20, 9, 21, tzinfo=UTC))

    def authenticate(request: AnyRequest) -> Maya | None:
        return maya if visit_of(request).session_token == "mayas-session" else None

    def around(request: AnyRequest) -> Mapping[str, object]:
        places = [
            Place("home", N_("Home"), "home", "/"),
            Place("invoices", N_("Invoices"), "invoice", "/pay"),
            Place("statement", N_("Statement"), "statement", "/part"),
            Place("payments", N_("Payments"), "card", "/desk", 12),
        ]
        if request.url.path == "/desk":
            return {"nav": [PlaceGroup("money", N_("Money in"), tuple(places), is_open=True)], "account_name": ""}
        return {"nav": places if nav else [], "account_name": "Harbour Café Ltd", "switch_href": "/accounts"}

    def remember(request: AnyRequest, language: str) -> None:
        maya.language = language

    app = assemble(
        name="portal",
        route_handlers=HANDLERS,
        settings=SiteSettings(public_url, SECRET, **settings),  # type: ignore[arg-type]
        database=Database(create_engine("sqlite://"), clock, BUSINESS),
        authenticate=authenticate,
        page_context=around,
        remember_language=remember,
        provides={"till": till},
        templates=(TEMPLATES, Path(__file__).parent / "templates"),
    )
    return Trial(app, maya, till)
