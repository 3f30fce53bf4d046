"""Templates: strict about names, safe about what people typed, alike in every language."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from domain.shared.money import Money
from domain.shared.words import Words
from web.rendering import Renderer

RENDERER = Renderer("Europe/London", {})


def rendered(source: str, tag: str = "en", **context: object) -> str:
    return RENDERER.environment(tag).from_string(source).render(context)


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nothing }}")


def test_what_people_typed_is_escaped() -> None:
    assert rendered("{{ name }}", name="<b>") == "&lt;b&gt;"


def test_money_carries_its_value_for_machines_and_its_emphasis_for_eyes() -> None:
    amount = Money(-4800, "GBP")

    shown = rendered("{{ amount|money('strong credit') }} {{ amount|plain_money }}", amount=amount)

    assert shown == '<data class="money money--strong money--credit" value="-48.00">−£48.00</data> −£48.00'


def test_words_are_said_in_the_readers_language_as_a_message_with_its_values_is() -> None:
    said = Words.of("{amount} open", amount=Money(45412, "GBP"))

    assert rendered("{{ show(said) }}", said=said) == "£454.12 open"
    assert rendered("{{ show(said) }}|{{ show('Paid') }}", tag="es", said=said) == "454,12\xa0GBP pendientes|Pagado"


def test_days_and_moments_carry_their_value_for_machines() -> None:
    moment = datetime(2026, 11, 2, 9, 5, 3, 123456, tzinfo=UTC)

    assert rendered("{{ day|day }}", day=date(2026, 11, 2)) == '<time datetime="2026-11-02">2\xa0Nov\xa02026</time>'
    assert (
        rendered("{{ moment|moment }}", moment=moment)
        == '<time datetime="2026-11-02T09:05:03+00:00">2\xa0Nov\xa02026, 09:05</time>'
    )
    assert rendered("{{ day|month }}", day=date(2026, 11, 2)) == '<time datetime="2026-11">November\xa02026</time>'


def test_each_language_has_its_words_and_formats() -> None:
    source = "{{ lang }} {{ _('Sign out') }} {{ amount|plain_money }}"
    amount = Money(123450, "EUR")

    assert rendered(source, "en", amount=amount) == "en-GB Sign out €1,234.50"
    assert rendered(source, "es", amount=amount) == "es-ES Cerrar sesión 1.234,50\xa0€"


def test_templates_are_compiled_once() -> None:
    assert RENDERER.environment("en") is RENDERER.environment("en")
    assert RENDERER.environment("en").get_template("ui/kit.html") is RENDERER.environment("en").get_template(
        "ui/kit.html"
    )


def test_every_template_compiles_in_every_language() -> None:
    templates = Path(__file__).parents[2] / "templates"
    names = [path.relative_to(templates).as_posix() for path in templates.rglob("*.html")]

    for tag in ("en", "es"):
        for name in names:
            RENDERER.environment(tag).get_template(name)

    assert "ui/kit.html" in names
