"""Forms: what somebody typed, read into values; what was wrong with it, field by field; and nothing lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Final, Literal, TypeAlias, TypeVar, cast, overload

from litestar.datastructures import UploadFile
from litestar.di import NamedDependency

from domain.shared.errors import N_, BeyondAuthority, Invalid, NotAllowed, NotFound, Refused
from domain.shared.money import Money
from web.amounts import read_amount
from web.csrf import FIELD
from web.localisation import Localisation
from web.visit import AnyRequest, visit_of

Choice = TypeVar("Choice")

LONGEST_NUMBER: Final = 18
AROUND_A_FILE: Final = 100_000
"""Bytes that a form takes up around its file."""
EXAMPLE_DAY: Final = date(2026, 11, 21)
ASK: Final = "ask"
"""The button that asks for somebody's approval; its value names what is asked for."""
DAY_FORMS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %b %Y")


class FormRefused(Invalid):
    """Something in a form could not be used; the form itself knows what, field by field."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field (empty name: with the whole form), in the person's language."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form: the name it had, what the browser calls it (not to be believed), its bytes."""

    filename: str
    media_type: str
    file: BinaryIO


class Form:
    """What was sent, or what a fresh form starts with.

    Read it inside `with form.reading():`. Each reader gives its value back, or notes what is wrong and gives back a
    harmless one; at the end of the block `FormRefused` is raised if anything was noted, so such a value is never used.
    """

    def __init__(
        self,
        speaking: Localisation,
        typed: Mapping[str, Sequence[str]],
        uploads: Mapping[str, Sequence[Upload]] | None = None,
    ) -> None:
        self.speaking = speaking
        self.errors: list[FieldError] = []
        self._typed = typed
        self._uploads = uploads or {}
        self._somebody_may = False

    @classmethod
    def starting(cls, request: AnyRequest, **values: str | Iterable[str]) -> Form:
        """A form that nobody has sent yet, with what its fields start with."""
        typed = {name: [value] if isinstance(value, str) else list(value) for name, value in values.items()}
        return cls(visit_of(request).speaking, typed)

    # --- for templates

    def value(self, name: str) -> str:
        """What stands in a field; empty when nothing does."""
        values = self._typed.get(name)
        return values[0] if values else ""

    def values(self, name: str) -> Sequence[str]:
        """All that was chosen under a name, as ticks are."""
        return self._typed.get(name, ())

    def error(self, name: str) -> str:
        """What is wrong with a field; empty when nothing is."""
        return next((error.words for error in self.errors if error.name == name), "")

    @property
    def is_beyond(self) -> bool:
        """Whether what was sent is more than who sent it may decide alone, and somebody else may approve it.

        It stays so while they ask for that and something else is wrong.
        """
        return self._somebody_may or bool(self.errors and self.value(ASK))

    def names(self) -> Sequence[str]:
        """The fields that were sent, in their order."""
        return list(self._typed)

    # --- for handlers

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read fields in this block; `FormRefused` at its end if anything was wrong."""
        yield
        if self.errors:
            raise FormRefused(N_("Some of what you entered needs another look."))

    def refuse(self, name: str, words: str, **params: object) -> None:
        """Note what is wrong with a field; `words` is a message id."""
        self.errors.append(FieldError(name, self.speaking.translate(words, **params)))

    def refused(self, refused: Refused) -> Form:
        """This form with a refusal of the domain beside its field, to be shown again.

        What nothing typed can mend is raised on, and answered with a page of its own: NotFound and NotAllowed. What is
        only too much for who asks stands above the form with who can, so that nothing typed is lost.
        """
        if isinstance(refused, BeyondAuthority):
            self.errors.append(FieldError("", self._beyond(refused)))
            self._somebody_may = bool(refused.act and refused.who_can)
            return self
        if isinstance(refused, (NotFound, NotAllowed)):
            raise refused
        if not isinstance(refused, FormRefused):
            self.errors.append(FieldError(refused.field or "", self.speaking.refusal(refused)))
        return self

    def _beyond(self, refused: BeyondAuthority) -> str:
        words = self.speaking.refusal(refused)
        people = [f"{name} ({self.speaking.translate(role)})" for name, role in refused.people]
        able = people or [self.speaking.translate(role) for role in refused.who_can]
        return (
            self.speaking.translate(N_("{refusal} It can be done by {who}."), refusal=words, who=tuple(able))
            if able
            else words
        )

    def fill(self, values: Mapping[str, str]) -> None:
        """Let fields that were left empty be these."""
        left_empty = {name: [value] for name, value in values.items() if not self.value(name).strip()}
        self._typed = {**self._typed, **left_empty}

    def only_at(self, fields: Collection[str]) -> Form:
        """This form, where what is wrong with a field that the page does not show is said of the whole form."""
        self.errors = [error if error.name in fields else FieldError("", error.words) for error in self.errors]
        return self

    @overload
    def text(self, name: str, *, missing: str, longest: int = 200) -> str: ...
    @overload
    def text(self, name: str, *, required: Literal[False], longest: int = 200) -> str: ...
    def text(self, name: str, *, required: bool = True, longest: int = 200, missing: str = "") -> str:
        """A line or more of text, without space around it or control characters in it; empty if nothing was typed.

        What may not be empty says so in words that name the field, such as "Enter the name of the customer."
        """
        typed = self.value(name).replace("\r\n", "\n").strip()
        if not typed and required:
            self.refuse(name, missing)
        elif len(typed) > longest:
            self.refuse(
                name, N_("Use at most {longest} characters; this has {count}."), longest=longest, count=len(typed)
            )
        elif any(char < " " and char not in "\n\t" for char in typed) or "\x7f" in typed:
            self.refuse(name, N_("There is a character in this that cannot be used. Type it again."))
        else:
            return typed
        return ""

    def amount(self, name: str, currency: str, *, missing: str = "", or_zero: bool = False) -> Money:
        """A positive amount of money, or zero where it may be, typed the local way."""
        typed = self.value(name).strip()
        if not typed:
            self.refuse(name, missing or N_("Enter an amount, such as {example}."), example=Money(1250, currency))
            return Money.zero(currency)
        try:
            amount = read_amount(typed[:40], currency, self.speaking.formats.locale)
        except ValueError:
            self.refuse(name, N_("Enter an amount, such as {example}."), example=Money(1250, currency))
            return Money.zero(currency)
        if or_zero and amount.minor < 0:
            self.refuse(name, N_("Enter an amount that is not negative."))
        elif amount.minor <= 0 and not or_zero:
            self.refuse(name, N_("Enter an amount above zero."))
        return amount

    def day(self, name: str, *, missing: str = "", example: date = EXAMPLE_DAY) -> date:
        """A day, from a date field or typed; `example` is one that would do."""
        day = self.optional_day(name, example=example)
        if day is None and not self.error(name):
            self.refuse(name, missing or N_("Enter a day, such as {example}."), example=example)
        return day or date.min

    def optional_day(self, name: str, *, example: date = EXAMPLE_DAY) -> date | None:
        """A day, or None when nothing was typed."""
        typed = self.value(name).strip()
        if not typed:
            return None
        for form in DAY_FORMS:
            try:
                day = datetime.strptime(typed[:30], form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            if 1900 <= day.year <= 2200:
                return day
        self.refuse(name, N_("Enter a day, such as {example}."), example=example)
        return None

    def choice(self, name: str, among: Mapping[str, Choice], *, missing: str = "") -> Choice:
        """One of the values that the form offers, by the key that it sends."""
        typed = self.value(name)
        if typed in among:
            return among[typed]
        self.refuse(name, missing or N_("Choose one of these."))
        return next(iter(among.values()))

    def ticked(self, name: str) -> bool:
        """Whether a tick box is ticked."""
        return bool(self.value(name))

    def number(self, name: str, *, least: int, most: int) -> int:
        """A whole number within bounds, both included."""
        typed = self.value(name).strip()
        if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER and least <= int(typed) <= most:
            return int(typed)
        self.refuse(name, N_("Enter a whole number from {least} to {most}."), least=least, most=most)
        return least

    def ids(self, name: str, *, missing: str = "") -> tuple[int, ...]:
        """The ids that were ticked, each once, in the order in which they came; at least one."""
        typed = list(dict.fromkeys(self.values(name)))
        if not typed:
            self.refuse(name, missing or N_("Tick at least one."))
        if not all(one.isascii() and one.isdigit() and len(one) <= LONGEST_NUMBER for one in typed):
            self.refuse(name, N_("Choose from the list."))
            return ()
        return tuple(int(one) for one in typed)

    def uploads(self, name: str) -> Sequence[Upload]:
        """The files that were sent under a name: a file field that is left empty sends one without a name."""
        return [upload for upload in self._uploads.get(name, ()) if upload.filename]

    def optional_upload(self, name: str) -> Upload | None:
        """The file that was sent under a name, or None."""
        return next(iter(self.uploads(name)), None)

    def upload(self, name: str, *, missing: str = "") -> Upload | None:
        """The file that was sent under a name; None (and refused) when there is none."""
        sent = self.optional_upload(name)
        if sent is None:
            self.refuse(name, missing or N_("Choose a file."))
        return sent


async def read_form(request: AnyRequest) -> Form:
    """The form that a request carries; what the dependency `form` of every handler gives."""
    typed: dict[str, list[str]] = {}
    uploads: dict[str, list[Upload]] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            upload = Upload(value.filename, value.content_type, cast("BinaryIO", value.file))
            uploads.setdefault(name, []).append(upload)
        elif name != FIELD:
            typed.setdefault(name, []).append(str(value))
    visit = visit_of(request)
    visit.typed = typed
    visit.sent_files = [name for name, sent in uploads.items() if any(each.filename for each in sent)]
    return Form(visit.speaking, typed, uploads)


def query_form(request: AnyRequest) -> Form:
    """The fields of a GET form, from the query."""
    typed: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        typed.setdefault(name, []).append(str(value))
    return Form(visit_of(request).speaking, typed)


SentForm: TypeAlias = NamedDependency[Form]
"""How a handler asks for the form that was sent: `form: SentForm`."""
