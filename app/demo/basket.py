"""Basket: what a customer orders in a month, as the lines of an invoice."""

from __future__ import annotations

import random
from fractions import Fraction

from app.demo.cast import Customer
from app.demo.company import ARTICLES, Article
from domain.invoicing.issuing import NewLine
from domain.shared.money import Money

HOME = "GB"


def basket(customer: Customer, chance: random.Random) -> list[NewLine]:
    """A few articles that come to roughly what the customer usually orders, a third more or less."""
    articles = chance.sample(ARTICLES, chance.randint(2, 5))
    each = customer.size * 100 * chance.uniform(0.7, 1.3) / len(articles)
    return [_line(customer, article, max(1, round(each / article.price))) for article in articles]


def _line(customer: Customer, article: Article, quantity: int) -> NewLine:
    net = Money(article.price * quantity, customer.currency)
    percent = article.tax if customer.country == HOME else 0
    return NewLine(f"{article.name}, {article.unit}", net, net.times(Fraction(percent, 100)), str(quantity))
