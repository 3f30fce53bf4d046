"""Refusals: the small tree of exceptions that carry what to tell the person, to be translated by the site."""

from collections.abc import Sequence


def N_(text: str) -> str:  # noqa: N802 - the name that gettext tools know
    """Mark `text` for translation and return it unchanged; the site translates when it shows it."""
    return text


class Refused(Exception):
    """The domain said no. `text` is a message id with `{placeholders}`; `params` fill them, formatted by locale."""

    def __init__(self, text: str, /, *, field: str | None = None, **params: object) -> None:
        super().__init__(text)
        self.text = text
        self.field = field
        self.params = params

    def __str__(self) -> str:
        return self.text.format(**self.params)


class NotFound(Refused):
    """No such thing, or none that this actor may know of: the same answer for both."""

    USUAL = N_("We could not find that.")
    """What is said where there is no more to say."""

    def __init__(self, text: str = USUAL, /, **params: object) -> None:
        super().__init__(text)
        self.params = params


class NotAllowed(Refused):
    """The actor sees the thing and may not do this with it; `who_can` names the roles or people who may."""

    def __init__(self, text: str, /, *, who_can: Sequence[str] = (), **params: object) -> None:
        super().__init__(text)
        self.params = params
        self.who_can = tuple(who_can)


class BeyondAuthority(NotAllowed):
    """The actor may do such a thing, but not so much of it alone; `people` are those who can, each with their role.

    `act` names what it is, where authority has a limit for it, and `extent` is how much of it was wanted.
    """

    def __init__(
        self,
        text: str,
        /,
        *,
        who_can: Sequence[str] = (),
        people: Sequence[tuple[str, str]] = (),
        act: str = "",
        extent: object = None,
        **params: object,
    ) -> None:
        super().__init__(text, who_can=who_can, **params)
        self.people = tuple(people)
        self.act = act
        self.extent = extent


class Invalid(Refused):
    """What was given cannot be used; `field` names where it was given."""


class Conflict(Refused):
    """The thing is no longer in a state in which this can be done."""
