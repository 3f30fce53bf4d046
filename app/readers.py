"""Readers: how the text of a setting becomes a value, and what was expected where it cannot.

Each raises ValueError with what it expected, worded as the end of "… must be".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pycountry
import stdnum.bic
import stdnum.iban
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from domain.shared.mail import Picture
from domain.shared.money import is_currency

PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How a file begins that mail programs show, and what it is."""
LARGEST_PICTURE = 100_000
"""Bytes: it travels with every mail."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def words(text: str) -> str:
    """Any text, which may be empty."""
    return text


def some_words(text: str) -> str:
    """A text that says something."""
    if not text:
        raise ValueError("given and not empty")
    return text


def one_of(*choices: str) -> Callable[[str], str]:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)}, not {text!r}")
        return text

    return read


def port(text: str) -> int:
    """A TCP port."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"a port number from 1 to 65535, not {text!r}")
    return int(text)


def address(text: str) -> str:
    """A network address of this machine to listen on."""
    try:
        return str(ip_address(text))
    except ValueError:
        raise ValueError(f"a network address such as 127.0.0.1 or 0.0.0.0, not {text!r}") from None


def addresses(text: str) -> tuple[str, ...]:
    """Network addresses with commas between them, or none."""
    try:
        return tuple(str(ip_address(item)) for item in names(text))
    except ValueError:
        raise ValueError(f"network addresses with commas between them, not {text!r}") from None


def names(text: str) -> tuple[str, ...]:
    """Words with commas between them, or none."""
    return tuple(item.strip() for item in text.split(",") if item.strip())


def host_names(text: str) -> tuple[str, ...]:
    """Host names without scheme and port, with commas between them, or none."""
    found = tuple(name.lower() for name in names(text))
    if any(re.fullmatch(r"[a-z0-9.:-]+", name) is None or name.count(":") == 1 for name in found):
        raise ValueError(f"host names with commas between them, without https:// and without a port, not {text!r}")
    return found


def site_url(text: str) -> str:
    """The public address of a site, or nothing; without TLS only on this machine."""
    if not text:
        return ""
    parts = urlsplit(text)
    whole = parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"} and not parts.query
    if not whole:
        raise ValueError(f"the address of a site such as https://pay.example.com, not {text!r}")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError(f"an https:// address (http:// is for this machine alone), not {text!r}")
    return text.rstrip("/")


def loopback_url(text: str) -> str:
    """An address on this machine, or nothing."""
    if text and (urlsplit(text).scheme != "http" or urlsplit(text).hostname not in LOOPBACK):
        raise ValueError(f"empty, or an http:// address on this machine where a simulator answers, not {text!r}")
    return text.rstrip("/")


def issuer_url(text: str) -> str:
    """The address of an identity provider, or empty: HTTPS, but on this machine; to the letter, as it signs it."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if text and not (is_safe and parts.hostname and not parts.query and not parts.fragment):
        raise ValueError(f"an https:// address without query, not {text!r}")
    return text


def time_zone(text: str) -> str:
    """An IANA time zone."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"a time zone such as Europe/London, not {text!r}") from None


def country(text: str) -> str:
    """A country, by its two letters."""
    if pycountry.countries.get(alpha_2=text) is None:
        raise ValueError(f"the two letters of a country such as GB, not {text!r}")
    return text


def hours(text: str) -> tuple[int, int]:
    """From which to which full hour of the day."""
    found = re.fullmatch(r"(\d{1,2})-(\d{1,2})", text)
    if found is None or not int(found[1]) < int(found[2]) <= 24:
        raise ValueError(f"two full hours such as 9-17, not {text!r}")
    return int(found[1]), int(found[2])


def currency(text: str) -> str:
    """An ISO 4217 currency."""
    if not is_currency(text):
        raise ValueError(f"a currency such as GBP, not {text!r}")
    return text


def installation(text: str) -> str:
    """A short name without spaces."""
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text) is None:
        raise ValueError(f"up to 40 small letters, digits and hyphens, not {text!r}")
    return text


def email(text: str) -> str:
    """An email address."""
    if re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text) is None:
        raise ValueError(f"an email address such as accounts@example.com, not {text!r}")
    return text


def iban(text: str) -> str:
    """An IBAN, or nothing; without spaces."""
    if text and not stdnum.iban.is_valid(text):
        raise ValueError(f"an IBAN such as GB82 WEST 1234 5698 7654 32, not {text!r}")
    return str(stdnum.iban.compact(text)) if text else ""


def bic(text: str) -> str:
    """A BIC, or nothing."""
    if text and not stdnum.bic.is_valid(text):
        raise ValueError(f"a BIC such as NWBKGB2L, not {text!r}")
    return str(stdnum.bic.compact(text)) if text else ""


def database_url(text: str) -> str:
    """A SQLAlchemy address of SQLite or PostgreSQL, or nothing for the default."""
    if not text:
        return ""
    try:
        backend = make_url(text).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        raise ValueError("sqlite:///path/to/file.db or postgresql://name:password@host/database")
    return text


def secret_key(text: str) -> str:
    """A long random text, or nothing where no site is served."""
    weak = len(text) < 32 or len(set(text)) < 10 or re.search("secret|change.?me|password|example", text, re.I)
    if text and weak:
        raise ValueError("at least 32 random characters (`openssl rand -hex 32` makes them)")
    return text


def stripe_key(text: str) -> str:
    """A secret or restricted key of Stripe's, or nothing where nothing is paid by card."""
    if text and re.fullmatch(r"(sk|rk)_(test|live)_\w+", text) is None:
        raise ValueError("a key of Stripe's that starts with sk_test_, sk_live_, rk_test_ or rk_live_")
    return text


def webhook_secrets(text: str) -> tuple[str, ...]:
    """Signing secrets of webhook endpoints, with commas between them."""
    found = names(text)
    if (text and not found) or any(re.fullmatch(r"whsec_\w{16,}", secret) is None for secret in found):
        raise ValueError(
            "signing secrets of Stripe's, whsec_ and at least 16 characters each, with commas between them"
        )
    return found


def picture(text: str) -> Picture | None:
    """A small picture that every mail program shows, read from its file; nothing where none is named."""
    if not text:
        return None
    wanted = f"empty, or the path of a PNG or JPEG file of at most {LARGEST_PICTURE // 1000} kB"
    try:
        content = Path(text).expanduser().read_bytes()
    except OSError as problem:
        raise ValueError(wanted) from problem
    media_type = next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)
    if media_type is None or len(content) > LARGEST_PICTURE:
        raise ValueError(wanted)
    return Picture(Path(text).name, content, media_type)


def credit_checks(text: str) -> str:
    """Where credit checks come from: nothing, a service, or a file."""
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    if not text or (parts.scheme == "https" and parts.hostname) or local:
        return text
    if parts.scheme == "file" and parts.path.endswith(".csv"):
        return text
    raise ValueError("empty, https://…, or file:/path/to/results.csv")


def twilio_account(text: str) -> str:
    """The id of an account at Twilio, or nothing where no text messages are sent."""
    if text and re.fullmatch(r"AC[0-9a-fA-F]{32}", text) is None:
        raise ValueError("empty, or an account's id at Twilio: AC and 32 digits")
    return text


def text_sender(text: str) -> str:
    """Who text messages come from: a number, a messaging service or a name, or nothing."""
    if text and re.fullmatch(r"\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", text) is None:
        raise ValueError(f"a number such as +441632960999, a messaging service (MG…) or a short name, not {text!r}")
    return text


def mail_url(text: str) -> str:
    """Where mail goes: a mail server or a folder, or nothing where none is sent."""
    parts = urlsplit(text)
    server = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname)
    if text and not server and not (parts.scheme == "folder" and parts.path):
        raise ValueError("smtp://name:password@host:587, smtps://name:password@host:465 or folder:path/to/folder")
    return text


def inbox_url(text: str) -> str:
    """Where mail comes in: a folder on an IMAP server, an mbox file, a Maildir folder, or nowhere."""
    parts = urlsplit(text)
    safe = parts.scheme == "imaps" or (parts.scheme == "imap" and parts.hostname in LOOPBACK)
    if (
        text
        and not (safe and parts.hostname and parts.username)
        and not (parts.scheme in {"mbox", "maildir"} and parts.path)
    ):
        raise ValueError("imaps://name:password@host/INBOX (imap:// on this machine), mbox:path or maildir:path")
    return text


def hook_secret(text: str) -> str:
    """A secret that nobody guesses, or nothing where nobody signs with it."""
    if text and len(text) < 32:
        raise ValueError("empty, or at least 32 characters long")
    return text


def bucket_url(text: str) -> str:
    """A bucket on an S3-compatible server, over TLS unless it is on this machine; or nothing."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not text or (is_safe and parts.hostname and re.fullmatch(r"/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/?", parts.path)):
        return text
    raise ValueError(f"empty, or a bucket such as https://s3.example.com/documents, not {text!r}")


def clamd_url(text: str) -> str:
    """Where ClamAV's daemon listens, or nothing."""
    parts = urlsplit(text)
    if not text or (parts.scheme == "tcp" and parts.hostname) or (parts.scheme == "unix" and len(parts.path) > 1):
        return text
    raise ValueError(f"empty, tcp://host:port or unix:/path, not {text!r}")
