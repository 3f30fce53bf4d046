"""Settings: defaults that start anywhere, and one sentence for everything that cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.environment import ALL_SETTINGS, WrongSetting
from app.settings import demo_environment, read_settings

SERVING = {
    "QUITTANCE_SECRET_KEY": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
    "QUITTANCE_STRIPE_KEY": "sk_test_51Habcdefghijk",
    "QUITTANCE_STRIPE_WEBHOOK_SECRETS": "whsec_abcdefghijklmnop",
    "QUITTANCE_MAIL_URL": "smtps://name:pass@mail.example.com:465",
}

TABLE_ROW = re.compile(r"^\| `(QUITTANCE_\w+)` \| (?:`(.*?)`|) \| (.+) \|$", re.MULTILINE)


def test_nothing_given_means_sqlite_in_a_folder_here() -> None:
    settings = read_settings({})

    assert settings.on_sqlite
    assert settings.database_file == Path.cwd() / "var" / "quittance.db"
    assert settings.portal.public_url == "http://127.0.0.1:8000"
    assert settings.office.public_url == "http://127.0.0.1:8001"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("DATABASE_URL", "mysql://here", "postgresql://"),
        ("DATABASE_URL", "nonsense", "sqlite:///"),
        ("HOME", "", "given and not empty"),
        ("SECRET_KEY", "short", "32 random characters"),
        ("SECRET_KEY", "change-me-change-me-change-me-change-me", "32 random characters"),
        ("SECRET_KEY", "a" * 64, "32 random characters"),
        ("INSTALLATION", "Two Words", "small letters"),
        ("LISTEN", "localhost", "127.0.0.1"),
        ("PORTAL_PORT", "99999", "65535"),
        ("OFFICE_PORT", "http", "65535"),
        ("PORTAL_URL", "http://pay.example.com", "https://"),
        ("OFFICE_URL", "pay.example.com", "https://pay.example.com"),
        ("PORTAL_HOSTS", "https://pay.example.com", "host names"),
        ("TRUSTED_PROXIES", "proxy.example.com", "network addresses"),
        ("STRIPE_KEY", "pk_test_1234", "sk_test_"),
        ("STRIPE_WEBHOOK_SECRETS", "abcdefghijklmnopqrst", "whsec_"),
        ("STRIPE_WEBHOOK_SECRETS", ",", "whsec_"),
        ("STRIPE_API_URL", "https://api.example.com", "on this machine"),
        ("MAIL_URL", "mail.example.com", "smtp://"),
        ("TWILIO_ACCOUNT", "hunter2", "AC and 32 digits"),
        ("TWILIO_FROM", "a name that is far too long", "a messaging service"),
        ("TWILIO_API_URL", "https://api.twilio.example", "on this machine"),
        ("INBOX_URL", "imap://a:b@mail.example.com/INBOX", "imaps://"),
        ("INBOX_URL", "imaps://mail.example.com/INBOX", "name:password"),
        ("INBOX_URL", "pop3://a:b@mail.example.com", "mbox:path"),
        ("INBOX_URL", "mbox:", "mbox:path"),
        ("MAIL_HOOK_SECRET", "hunter2", "at least 32 characters"),
        ("DOCUMENTS_URL", "http://s3.example.com/documents", "https://s3.example.com/documents"),
        ("DOCUMENTS_URL", "https://s3.example.com", "a bucket such as"),
        ("CLAMD_URL", "http://127.0.0.1:3310", "tcp://host:port"),
        ("LOG_LEVEL", "loud", "debug, info"),
        ("BUSINESS_TIME_ZONE", "Europe/Nowhere", "Europe/London"),
        ("BUSINESS_CURRENCY", "pounds", "GBP"),
        ("BUSINESS_LANGUAGE", "xx", "en, es"),
        ("BUSINESS_COUNTRY", "England", "such as GB"),
        ("BUSINESS_HOURS", "17-9", "such as 9-17"),
        ("BUSINESS_EMAIL", "somebody", "accounts@example.com"),
        ("BUSINESS_LOGO", "/nowhere/logo.png", "a PNG or JPEG file"),
        ("BANK_IBAN", "GB82 WEST 1234 5698 7654 33", "an IBAN"),
        ("BANK_BIC", "X", "a BIC"),
        ("BUSINESS_NAME", "", "given and not empty"),
        ("CREDIT_CHECKS", "http://agency.example", "https://"),
        ("CREDIT_CHECKS", "file:/results.xlsx", ".csv"),
        ("OPENID_ISSUER", "http://id.example", "an https:// address"),
        ("OPENID_ISSUER", "https://id.example/?tenant=1", "without query"),
    ],
)
def test_a_wrong_setting_is_one_sentence_that_says_which_and_what_is_expected(
    name: str, text: str, expected: str
) -> None:
    with pytest.raises(WrongSetting) as caught:
        read_settings({f"QUITTANCE_{name}": text})

    sentence = str(caught.value)
    assert sentence.startswith(f"QUITTANCE_{name} must be ")
    assert expected in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "name",
    [
        *("SECRET_KEY", "STRIPE_KEY", "STRIPE_WEBHOOK_SECRETS", "MAIL_URL", "DATABASE_URL"),
        *("INBOX_URL", "MAIL_HOOK_SECRET"),
    ],
)
def test_a_wrong_secret_is_never_repeated(name: str) -> None:
    with pytest.raises(WrongSetting) as caught:
        read_settings({f"QUITTANCE_{name}": "hunter2"})

    assert "hunter2" not in str(caught.value)


def test_a_setting_that_does_not_exist_stops_the_start() -> None:
    with pytest.raises(WrongSetting, match="QUITTANCE_DATABSE_URL is not a setting"):
        read_settings({"QUITTANCE_DATABSE_URL": "sqlite://"})


def test_a_setting_can_be_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("sk_test_51Habcdefghijk\n")

    settings = read_settings({"QUITTANCE_STRIPE_KEY_FILE": str(secret)})

    assert settings.stripe_key == "sk_test_51Habcdefghijk"


def test_a_file_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="QUITTANCE_STRIPE_KEY_FILE must name a readable text file"):
        read_settings({"QUITTANCE_STRIPE_KEY_FILE": str(tmp_path / "none")})


@pytest.mark.parametrize("name", sorted(SERVING))
def test_serving_needs_every_secret(name: str) -> None:
    given = {key: value for key, value in SERVING.items() if key != name}

    with pytest.raises(WrongSetting, match=f"{name} is not set"):
        read_settings(given).check_for_serving()


def test_serving_starts_with_all_of_them() -> None:
    read_settings(SERVING).check_for_serving()


@pytest.mark.parametrize("missing", ["OPENID_CLIENT_ID", "OPENID_CLIENT_SECRET"])
def test_an_identity_provider_needs_both_that_we_ask_with(missing: str) -> None:
    given = {"OPENID_ISSUER": "https://id.example/", "OPENID_CLIENT_ID": "us", "OPENID_CLIENT_SECRET": "hush"}
    environ = {**SERVING, **{f"QUITTANCE_{name}": value for name, value in given.items()}}
    whole = read_settings(environ)

    whole.check_for_serving()
    with pytest.raises(WrongSetting, match=f"QUITTANCE_{missing}"):
        read_settings({**environ, f"QUITTANCE_{missing}": ""}).check_for_serving()

    assert whole.openid_issuer == "https://id.example/"
    assert whole.openid_origins == ("https://id.example",)
    assert read_settings(SERVING).openid_origins == ()


@pytest.mark.parametrize("missing", ["TWILIO_TOKEN", "TWILIO_FROM"])
def test_text_messages_need_token_and_sender(missing: str) -> None:
    twilio = {"TWILIO_ACCOUNT": "AC" + "0" * 32, "TWILIO_TOKEN": "a token", "TWILIO_FROM": "+441632960999"}
    given = {**SERVING, **{f"QUITTANCE_{name}": value for name, value in twilio.items() if name != missing}}

    with pytest.raises(WrongSetting, match=f"QUITTANCE_{missing}"):
        read_settings(given).check_for_serving()


@pytest.mark.parametrize(("name", "value"), [("TWILIO_ACCOUNT", "AC" + "0" * 32), ("TEXTS_FOLDER", "/tmp/texts")])
def test_the_business_can_text_where_somebody_is_set_up_to_carry_it(name: str, value: str) -> None:
    assert not read_settings({}).business.texts
    assert read_settings({f"QUITTANCE_{name}": value}).business.texts


def test_a_live_key_wants_tls() -> None:
    given = {**SERVING, "QUITTANCE_STRIPE_KEY": "sk_live_51Habcdefghijk"}

    with pytest.raises(WrongSetting, match="QUITTANCE_PORTAL_URL must be an https:// address"):
        read_settings(given).check_for_serving()


def test_a_live_key_never_meets_the_simulator() -> None:
    given = {"QUITTANCE_STRIPE_KEY": "sk_live_51Habcdefghijk", "QUITTANCE_STRIPE_API_URL": "http://127.0.0.1:9"}

    with pytest.raises(WrongSetting, match="must be empty where QUITTANCE_STRIPE_KEY is a live key"):
        read_settings(given)


def test_the_demo_makes_its_secrets_once_and_only_for_its_owner(tmp_path: Path) -> None:
    given = {"QUITTANCE_HOME": str(tmp_path / "var")}

    first = read_settings(demo_environment(given, simulator_url="http://127.0.0.1:8002"))
    again = read_settings(demo_environment(given, simulator_url="http://127.0.0.1:8002"))

    first.check_for_serving()
    assert first == again
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o077 == 0
    assert first.form_action_origins[-1] == "http://127.0.0.1:8002"


def test_the_documentation_lists_every_setting_with_its_default() -> None:
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()

    documented = [(name, default, meaning) for name, default, meaning in TABLE_ROW.findall(text)]

    assert documented == [(s.full_name, s.default.replace("|", "\\|"), s.meaning) for s in ALL_SETTINGS]


def test_a_logo_is_read_from_its_file_once(tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\nrest")

    logo = read_settings({"QUITTANCE_BUSINESS_LOGO": str(file)}).business_logo

    assert logo is not None
    assert (logo.media_type, logo.content) == ("image/png", file.read_bytes())


@pytest.mark.parametrize("content", [b"<svg/>", b"\x89PNG\r\n\x1a\n" + bytes(100_000)])
def test_a_logo_that_mail_programs_do_not_show_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "logo"
    file.write_bytes(content)

    with pytest.raises(WrongSetting, match="PNG or JPEG file of at most 100 kB"):
        read_settings({"QUITTANCE_BUSINESS_LOGO": str(file)})
