"""What is said before the click: what the model cannot draw, what the day allows, whether anybody draws."""

from dataclasses import dataclass

from accounts import usage
from accounts.models import User
from accounts.usage import Allowance
from generation import registry
from generation.jobs import heartbeat
from generation.models import ModelVersion
from webapp.brand import kits
from webapp.models import Campaign


@dataclass(frozen=True, slots=True)
class Preflight:
    """prompt: what would be drawn. banned: words of it that the brand does not use. unknown: things in it
    that the model does not know; unheeded: numbers of things and things to leave out, which it does not mind;
    drawable: what it does know, empty for a model that is not limited to a list. own_allowance: the person's,
    where less is left of it than of the business's. heeds_negative_prompt: False for a model that takes none,
    or minds it only with guidance turned up. can_draw: False while no model is installed. hindrance: why
    pictures of this model would wait although workers run, if they would.
    """

    prompt: str
    banned: tuple[str, ...]
    unknown: tuple[str, ...]
    unheeded: tuple[str, ...]
    drawable: tuple[str, ...]
    allowance: Allowance
    own_allowance: Allowance | None
    heeds_negative_prompt: bool
    is_anybody_drawing: bool
    can_draw: bool
    hindrance: str


def check(campaign: Campaign, prompt: str, model: ModelVersion | None, *, by: User) -> Preflight:
    model = model or registry.default_model()
    whole, own = usage.allowances(by, campaign.business)
    unknown, unheeded, drawable = _limits(prompt) if model and model.is_starter else ((), (), ())
    return Preflight(
        prompt=prompt,
        banned=kits.banned_in(campaign, prompt),
        unknown=unknown,
        unheeded=unheeded,
        drawable=drawable,
        allowance=whole,
        own_allowance=own,
        heeds_negative_prompt=model is None or model.takes_negative_prompt,
        is_anybody_drawing=heartbeat.workers_alive(),
        can_draw=model is not None,
        hindrance=heartbeat.hindrance(model) if model else "",
    )


def _limits(prompt: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    from generation.starter import understanding

    wish = understanding.understood(prompt)
    return wish.unknown, wish.unheeded, understanding.drawable()
