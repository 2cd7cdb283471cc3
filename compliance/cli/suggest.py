"""What the Tab key offers for Parties, categories, types and readings. It never fails.

Nothing is loaded until the Tab key asks, and no ledger is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from compliance.cli.world import World

_Offer = tuple[str, str, tuple[str, ...]]
"""A value, what it is in words, and other names under which it may be looked for."""


def parties(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 - Click's signature
    incomplete: str,
) -> list[CompletionItem]:
    """Offer the ids of Parties and of others that the agreement names."""
    return _matching(ctx, incomplete, _parties)


def categories(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 - Click's signature
    incomplete: str,
) -> list[CompletionItem]:
    """Offer the ids of categories."""
    return _matching(ctx, incomplete, _categories)


def types(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 - Click's signature
    incomplete: str,
) -> list[CompletionItem]:
    """Offer the ids of types: unlike their names they are one word, so they need no quotes."""
    return _matching(ctx, incomplete, _types)


def readings(
    ctx: click.Context,
    param: click.Parameter,  # noqa: ARG001 - Click's signature
    incomplete: str,
) -> list[CompletionItem]:
    """Offer each question with each of its answers."""
    return _matching(ctx, incomplete, _readings)


def _parties(world: World) -> Iterable[_Offer]:
    return ((item.id, item.name, item.aliases) for item in world.law.holders)


def _categories(world: World) -> Iterable[_Offer]:
    return ((item.id, item.plural, (item.name, *item.aliases)) for item in world.law.categories)


def _types(world: World) -> Iterable[_Offer]:
    known = world.catalogue.types if world.law.catalogue else ()
    return ((item.id, item.name, tuple(item.names)) for item in known)


def _readings(world: World) -> Iterable[_Offer]:
    return (
        (f"{question.id}={answer.id}", answer.text, ())
        for question in world.law.questions
        for answer in question.readings
    )


def _matching(
    ctx: click.Context, incomplete: str, offers: Callable[[World], Iterable[_Offer]]
) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from compliance.cli.world import DEFAULT_AGREEMENT, World

    begun = incomplete.strip("\"'").casefold()
    try:
        named = ctx.find_root().params.get("agreement")
        world = World(agreement=named or DEFAULT_AGREEMENT)
        known = list(offers(world))
        # Other names only where no id begins so: a shell puts in what all offers begin with.
        found = [item for item in known if item[0].casefold().startswith(begun)] or [
            item
            for item in known
            if any(name.casefold().startswith(begun) for name in (item[1], *item[2]))
        ]
        return [CompletionItem(value, help=" ".join(text.split())) for value, text, _ in found]
    except Exception:  # noqa: BLE001 - a broken pack must not break the user's command line
        return []
