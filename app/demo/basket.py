"""Basket: what a customer orders in a month, as the lines of an invoice, and what stands on one that was issued."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy.orm import Session

from app.demo.cast import Customer
from app.demo.company import ARTICLES, Article
from domain.invoicing.issuing import NewLine
from domain.receivables import queries as receivables
from domain.shared.money import Money

HOME = "GB"
DELIVERY = "Delivery"
"""How the article begins that is no goods."""


def basket(customer: Customer, chance: random.Random) -> list[NewLine]:
    """A few articles that come to roughly what the customer usually orders, a third more or less."""
    articles = chance.sample(ARTICLES, chance.randint(2, 5))
    each = customer.size * 100 * chance.uniform(0.7, 1.3) / len(articles)
    return [_line(customer, article, max(1, round(each / article.price))) for article in articles]


def ordered(customer: Customer, wanted: Mapping[str, int], chance: random.Random) -> list[NewLine]:
    """The articles whose names begin so, each so often; where that is 0, as much as the customer usually orders."""
    articles = {next(each for each in ARTICLES if each.name.startswith(name)): count for name, count in wanted.items()}
    each = customer.size * 100 * chance.uniform(0.7, 1.3) / len(articles)
    return [
        _line(customer, article, count or max(1, round(each / article.price))) for article, count in articles.items()
    ]


def dearest(session: Session, invoice_id: int) -> tuple[int, str, int]:
    """The article of an invoice that comes to most: its line, what it is called, and its minor units with tax."""
    goods = [row for row in receivables.lines(session, invoice_id) if not row.description.startswith(DELIVERY)]
    line = max(goods, key=lambda row: row.amount_minor)
    return line.id, line.description.rpartition(", ")[0], line.amount_minor + line.tax_minor


def _line(customer: Customer, article: Article, quantity: int) -> NewLine:
    net = Money(article.price * quantity, customer.currency)
    percent = article.tax if customer.country == HOME else 0
    return NewLine(f"{article.name}, {article.unit}", net, net.times(Fraction(percent, 100)), str(quantity))
