"""Messages: every text for people has its words in each language, with the same placeholders."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import messages

CATALOGS = sorted(messages.CATALOGS.glob("*/LC_MESSAGES/quittance.po"))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.parent.name)
def test_every_text_is_translated(path: Path, tmp_path: Path) -> None:
    catalog = messages.read(path, path.parent.parent.name)
    catalog.update(messages.collect(tmp_path / "quittance.pot"), no_fuzzy_matching=True)

    assert messages.untranslated(catalog) == []


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: path.parent.parent.name)
def test_every_translation_takes_the_same_values(path: Path) -> None:
    catalog = messages.read(path, path.parent.parent.name)

    assert messages.misfits(catalog) == []


def test_a_translation_with_another_value_is_a_misfit(tmp_path: Path) -> None:
    path = tmp_path / "quittance.po"
    fine = 'msgid "{amount} due"\nmsgstr "Vence {amount}"\n\n'
    wrong = 'msgid "Pay {amount}"\nmsgstr "Pague {importe}"\n\nmsgid "%(n)s left"\nmsgstr "quedan"\n'
    path.write_text('msgid ""\nmsgstr ""\n\n' + fine + wrong)

    assert messages.misfits(messages.read(path)) == ["Pay {amount}", "%(n)s left"]


def test_an_update_keeps_words_drops_what_is_gone_and_counts_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "es" / "LC_MESSAGES" / "quittance.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr ""\n\nmsgid "Paid"\nmsgstr "Pagada"\n\nmsgid "Gone"\nmsgstr "Ida"\n')
    template = tmp_path / "template.pot"
    template.write_text('msgid ""\nmsgstr ""\n\nmsgid "Paid"\nmsgstr ""\n\nmsgid "Open"\nmsgstr ""\n')

    waiting = messages.update(path, messages.read(template))

    assert waiting == 1
    assert 'msgid "Paid"\nmsgstr "Pagada"' in path.read_text()
    assert 'msgid "Open"\nmsgstr ""' in path.read_text()
    assert "Gone" not in path.read_text()
    assert path.read_text().startswith('msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n')
