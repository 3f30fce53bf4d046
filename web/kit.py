"""Kit: assembles a site from its handlers, so that portal and back office are a few lines each and alike."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from litestar import Litestar, Response, Router, post
from litestar.concurrency import get_asyncio_executor, set_asyncio_executor
from litestar.di import Provide
from litestar.types import ControllerRouterHandler, Guard

from domain.shared.db.session import Database
from web.admission import admit
from web.assets import built
from web.brand import brand_colour, brand_logo
from web.csrf import TokenMaker
from web.errors import HANDLERS
from web.forms import Form, SentForm, read_form
from web.fragments import own_path, see_other
from web.gate import Gate
from web.health import health_handler
from web.rate_limits import RateLimiter
from web.rendering import TEMPLATES, Renderer
from web.settings import SiteSettings
from web.visit import A_YEAR, AnyRequest, Site, Visitor, visit_of

MOST_PARTS = 2000
"""Fields that a form may have: as many as a page of invoices to tick."""


def assemble(
    *,
    name: str,
    route_handlers: Sequence[ControllerRouterHandler],
    settings: SiteSettings,
    database: Database,
    authenticate: Callable[[AnyRequest], Visitor | None],
    page_context: Callable[[AnyRequest], Mapping[str, object]],
    remember_language: Callable[[AnyRequest, str], None] | None = None,
    provides: Mapping[str, object] | None = None,
    sign_in_path: str = "/sign-in",
    only_language: str | None = None,
    refusal_shell: str = "errors/_page.html",
    guards: Sequence[Guard] = (),
    templates: Sequence[Path] = (TEMPLATES,),
) -> Litestar:
    """A site, ready to serve.

    `name` ("portal", "office") names its cookies. `authenticate` finds the visitor of a request that brings a session
    token (`visit_of(request).session_token`), in a thread, in a session that it closes; None is a stranger.
    `page_context` gives what the shell of whole pages shows (see the shells). `remember_language` stores the choice of
    somebody who is signed in; `only_language` is that of a site without a choice. `refusal_shell` is the template that
    stands around a refusal for somebody who is signed in; `guards` are asked after our own. What `provides` names,
    handlers may ask for by that name, besides `database` and `form`, each marked as in `form: SentForm`,
    `database: NamedDependency[Database]`.
    """
    site = Site(
        name=name,
        settings=settings,
        database=database,
        renderer=Renderer(
            database.business.time_zone,
            lambda: {"business": database.business, "site": name},
            templates=templates,
        ),
        tokens=TokenMaker(name, settings.secret),
        limiter=RateLimiter(),
        authenticate=authenticate,
        page_context=page_context,
        remember_language=remember_language,
        sign_in_path=sign_in_path,
        only_language=only_language,
        refusal_shell=refusal_shell,
    )
    ours = [built().handler(), health_handler(database), choose_language, brand_colour]
    if "store" in (provides or {}):
        ours.append(brand_logo)
    app = Litestar(
        [in_one_go([*route_handlers, *ours])],
        guards=[admit, *guards],
        exception_handlers=HANDLERS,
        dependencies={
            "form": Provide(read_form),
            **{key: constant(value) for key, value in {"database": database, **(provides or {})}.items()},
        },
        signature_types=[Form, Database],
        request_max_body_size=settings.largest_body,
        multipart_form_part_limit=MOST_PARTS,
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    app.asgi_handler = Gate(app.asgi_handler, site)
    _work_in_threads(settings.threads)
    return app


def in_one_go(handlers: Sequence[ControllerRouterHandler]) -> Router:
    """All handlers in one router, because a sync handler must be registered once.

    Litestar 2.25 registers a handler again whenever another comes to its path (GET, then POST), and each time wraps a
    sync function into another thread, whose answer is then never awaited. A router is registered as a whole.
    """
    return Router("/", route_handlers=handlers)


def constant(value: object) -> Provide:
    """A dependency that is the same for every request."""

    async def provide() -> object:
        return value

    return Provide(provide)


@post("/language", opt={"public": True}, sync_to_thread=True)
def choose_language(request: AnyRequest, form: SentForm) -> Response[bytes]:
    """Answer in another language from now on: for this browser, and for the person where somebody is signed in."""
    visit = visit_of(request)
    with form.reading():
        language = form.choice("language", {tag: tag for tag in visit.site.languages})
    visit.set_cookie("language", language, max_age=A_YEAR)
    if visit.visitor is not None and visit.site.remember_language is not None:
        visit.site.remember_language(request, language)
    return see_other(request, own_path(form.value("next")))


def _work_in_threads(count: int) -> None:
    """Give this process enough threads for sync handlers; the framework's own default is six on two cores."""
    if get_asyncio_executor() is None:
        set_asyncio_executor(ThreadPoolExecutor(count, thread_name_prefix="site"))
