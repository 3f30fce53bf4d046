"""Reports: ageing and figures as plain values that are ready for JSON, amounts and rates as decimal strings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from domain.disputes.ageing import disputed
from domain.receivables.ageing import Ageing, Bucket, Share, ageing
from domain.reporting.figures import Figures, figures
from domain.shared.money import Money


def ageing_report(session: Session, as_of: date) -> dict[str, Any]:
    """What was open at the end of `as_of`, by currency and bucket, and how much of it was in dispute."""
    contested = disputed(session, as_of)
    return {
        "as_of": as_of.isoformat(),
        "currencies": {
            currency: _aged(aged, contested.get(currency, {})) for currency, aged in ageing(session, as_of).items()
        },
    }


def figures_report(session: Session, first: date, last: date) -> dict[str, Any]:
    """The key figures from `first` to `last`, both included, by currency; Invalid when the period is upside down."""
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "currencies": {currency: _figured(found) for currency, found in figures(session, first, last).items()},
    }


def _aged(aged: Ageing, contested: Mapping[Bucket, Money]) -> dict[str, Any]:
    nothing = Money.zero(aged.currency)
    return {
        "buckets": {bucket.value: _shared(share) for bucket, share in aged.buckets.items()},
        "open": _shared(Share(aged.open, aged.open_count)),
        "of_which_disputed": {
            **{bucket.value: str(contested.get(bucket, nothing).decimal) for bucket in aged.buckets},
            "open": str(Money.sum(contested.values(), aged.currency).decimal),
        },
        "unapplied_credit": _shared(aged.credit),
        "total": str(aged.total.decimal),
    }


def _shared(share: Share) -> dict[str, Any]:
    return {"amount": str(share.amount.decimal), "count": share.count}


def _figured(found: Figures) -> dict[str, Any]:
    return {
        "days": found.days,
        "credit_sales": str(found.credit_sales.decimal),
        "opening_receivable": str(found.opening.decimal),
        "closing_receivable": str(found.closing.decimal),
        "closing_current": str(found.current.decimal),
        "dso": _text(found.dso),
        "best_possible_dso": _text(found.best_possible_dso),
        "average_days_delinquent": _text(found.average_days_delinquent),
        "count_back_dso": _text(found.count_back_dso),
        "cei": _text(found.collection_effectiveness),
        "weighted_average_delay": _text(found.weighted_average_delay),
        "grade": found.grade,
        "invoice_lag": _text(found.invoice_lag),
    }


def _text(figure: Decimal | None) -> str | None:
    return None if figure is None else str(figure)
