"""The worker knows every message that the domain can leave."""

import pkgutil
from importlib import import_module

import domain
from app.handlers.outbox import HANDLERS
from domain.outbox.sending import Message


def test_every_message_of_the_domain_has_its_handler() -> None:
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        import_module(module.name)

    messages = {kind for kind in Message.__subclasses__() if kind.__module__.startswith("domain.")}

    assert {kind.kind: kind for kind in messages} == {name: kind for name, (kind, _) in HANDLERS.items()}
