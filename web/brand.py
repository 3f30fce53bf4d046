"""Brand: the colour of the business as a stylesheet, and its logo as a picture, both from the site itself."""

from __future__ import annotations

import re
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from domain.documents.storage import Missing, Store, Unavailable
from domain.shared.errors import NotFound
from web.assets import FOR_EVER
from web.downloads import picture
from web.given import GivenDatabase

COLOUR = re.compile(r"([0-9a-f]{6})\.css")


@get("/brand/colour/{name:str}", opt={"machine": True}, sync_to_thread=False)
def brand_colour(name: FromPath[str]) -> Response[bytes]:
    """The one rule that sets the colour, for ever: another colour has another address. 404 for what is no colour."""
    colour = COLOUR.fullmatch(name)
    if colour is None:
        raise NotFound
    headers = {"cache-control": FOR_EVER.decode()}
    return Response(f":root {{ --brand: #{colour[1]}; }}\n".encode(), media_type="text/css", headers=headers)


@get("/brand/logo/{name:str}", opt={"machine": True}, sync_to_thread=True)
def brand_logo(database: GivenDatabase, store: NamedDependency[Store], name: FromPath[str]) -> Response[Any]:
    """The logo that the business has now; 404 for any other, so that no other content of the store is shown here."""
    logo = database.business.logo
    if logo is None or name != logo.filename:
        raise NotFound
    try:
        answer = picture(store.open(logo.sha256), logo.media_type)
    except (Missing, Unavailable) as problem:
        raise NotFound from problem
    answer.headers["cache-control"] = FOR_EVER.decode()
    return answer
