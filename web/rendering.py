"""Rendering: one Jinja environment for each way of speaking, compiled once, with our filters bound to it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain.documents.kinds import ACCEPT
from domain.documents.names import CATEGORY_NAMES, KIND_NAMES
from domain.shared.formats import Formats
from domain.shared.money import Money
from domain.shared.words import Words
from web.assets import built
from web.localisation import LANGUAGES, Localisation, localisation

MEGABYTE: Final = 1024 * 1024
TEMPLATES: Final = Path(__file__).parent.parent / "templates"


class Renderer:
    """Turns templates into pages; holds what every page of a site may use, or what gives that as it is now."""

    def __init__(
        self,
        time_zone: str,
        shared: Mapping[str, object] | Callable[[], Mapping[str, object]],
        *,
        templates: Sequence[Path] = (TEMPLATES,),
    ) -> None:
        self._time_zone = time_zone
        self._shared = shared
        self._templates = tuple(templates)

    def speaking(self, tag: str) -> Localisation:
        """The way of speaking for a tag, in the business's time zone."""
        return localisation(tag, self._time_zone)

    def environment(self, tag: str) -> Environment:
        """The environment for a tag."""
        return environment(tag, self._time_zone, self._templates)

    def render(self, tag: str, template: str, context: Mapping[str, object]) -> str:
        """The template in the language of `tag`; a name that the context lacks is an error, never an empty space."""
        shared = self._shared() if callable(self._shared) else self._shared
        return self.environment(tag).get_template(template).render({**shared, **context})


@cache
def environment(tag: str, time_zone: str, templates: tuple[Path, ...]) -> Environment:
    """The environment for a way of speaking: one for all sites of a process, so that each template compiles once."""
    speaking = localisation(tag, time_zone)
    made = Environment(
        loader=FileSystemLoader(templates),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.policies["ext.i18n.trimmed"] = True
    # What the i18n extension adds to an environment is not known to the type checker.
    install = made.install_gettext_callables  # type: ignore[attr-defined]
    install(speaking.words.gettext, speaking.words.ngettext, newstyle=True)
    made.filters.update(filters(speaking))
    made.globals.update(
        asset=built().url,
        locale=speaking.tag,
        lang=str(speaking.formats.locale).replace("_", "-"),
        language=speaking.language,
        languages=LANGUAGES,
        show=_shown_by(speaking),
        accepted_files=ACCEPT,
        category_names=CATEGORY_NAMES,
        kind_names=KIND_NAMES,
    )
    return made


def _shown_by(speaking: Localisation) -> Callable[..., str]:
    """How a page says a message with its values, or words that carry theirs, in one way of speaking."""

    def show(said: str | Words, /, **params: object) -> str:
        return speaking.show(said) if isinstance(said, Words) else speaking.translate(said, **params)

    return show


def filters(speaking: Localisation) -> dict[str, Callable[..., str]]:
    """The filters of our templates, bound to one way of speaking."""
    formats = speaking.formats

    @lru_cache(4096)
    def day(day: date) -> Markup:
        """A day as it stands on a page; the same few days come again and again."""
        return _time(day, formats.day(day))

    def money(amount: Money, emphasis: str = "") -> Markup:
        """An amount as it stands on a page; `emphasis` is "strong", "credit", or both parted by a space."""
        classes = "money" + "".join(f" money--{word}" for word in emphasis.split()) if emphasis else "money"
        return Markup(f'<data class="{classes}" value="{amount.decimal}">{formats.money(amount)}</data>')

    return {
        "money": money,
        "plain_money": formats.money,
        "duration": formats.duration,
        "day": day,
        "plain_day": formats.day,
        "short_day": lambda day: _time(day, formats.short_day(day)),
        "weekday": lambda day: _time(day, formats.weekday(day)),
        "month": lambda day: _time_of_month(day, formats),
        "moment": lambda instant: _time(instant, formats.moment(instant)),
        "plain_moment": formats.moment,
        "hour": formats.hour,
        "exact_moment": lambda instant: _time(instant, formats.exact_moment(instant)),
        "number": formats.number,
        "file_size": lambda size: _file_size(size, formats),
        "percent": lambda value, places=2: formats.percent(Decimal(value), places),
    }


def _file_size(size: int, formats: Formats) -> str:
    """Bytes as people say them: whole kilobytes, or megabytes to a tenth."""
    if size < MEGABYTE:
        return f"{formats.number(size // 1024 + 1)} kB"
    return f"{formats.number(round(Decimal(size) / MEGABYTE, 1))} MB"


def _time(value: date | datetime, words: str) -> Markup:
    machine = value.isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()
    return Markup(f'<time datetime="{machine}">{words}</time>')


def _time_of_month(day: date, formats: Formats) -> Markup:
    return Markup(f'<time datetime="{day:%Y-%m}">{formats.month(day)}</time>')
