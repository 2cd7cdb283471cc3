"""A breach ahead and the reduction that would prevent it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.assess.projection import Course, Offset
from compliance.report import phrases
from compliance.values.said import Brief, Said, said, said_many


def breach(course: Course) -> Iterator[Said]:
    """Yield when a ceiling is exceeded or may be, and what reduction would keep it."""
    if course.exceeds is not None:
        yield _exceeds(course)
    if course.may_exceed is not None and course.may_exceed != course.exceeds:
        yield _may_exceed(course)
    if course.offset is not None and (course.offset.least or course.offset.certain is not None):
        yield _offset(course.offset)
        if len(course.offsets) > 1:
            stretches = phrases.clauses([_stretch(item) for item in course.offsets])
            yield said("Stretch by stretch: {stretches}.", stretches=stretches)


def _exceeds(course: Course) -> Said:
    if course.stale:
        return said(
            "Exceeds the ceiling from {day}, by the numbers of a figure that is too old.",
            day=course.exceeds,
        )
    return said("Exceeds the ceiling from {day}.", day=course.exceeds)


def _may_exceed(course: Course) -> Said:
    day = course.may_exceed
    if course.exceeds is not None:
        if course.stale:
            return said(
                "May exceed the ceiling from {day}, by the numbers of a figure that is too old.",
                day=day,
            )
        return said("May exceed the ceiling from {day}.", day=day)
    if course.stale:
        return said(
            "May exceed the ceiling from {day}; on no day does it surely, by the numbers of a "
            "figure that is too old.",
            day=day,
        )
    return said("May exceed the ceiling from {day}; on no day does it surely.", day=day)


def _offset(offset: Offset) -> Said:
    stretch = said("Offset {stretch}", stretch=_stretch(offset))
    if offset.certain is None:
        return said_many(
            "{offset}: {count} fewer at least; no number makes it certain.",
            "{offset}: {count} fewer at least; no number makes it certain.",
            offset.least,
            offset=stretch,
        )
    if offset.least == offset.certain:
        return said("{offset}: so many fewer keep it within.", offset=stretch)
    if not offset.least:
        return said(
            "{offset}: none is surely needed, {certain} fewer to be certain.",
            offset=stretch,
            certain=offset.certain,
        )
    return said(
        "{offset}: {least} fewer at least for no day that surely exceeds, {certain} fewer to be "
        "certain.",
        offset=stretch,
        least=offset.least,
        certain=offset.certain,
    )


def _stretch(offset: Offset) -> Said:
    return said(
        "{range} from {first} to {last}",
        range=_range(offset),
        first=Brief.of(offset.first),
        last=Brief.of(offset.last),
    )


def _range(offset: Offset) -> Said:
    if offset.certain == offset.least:
        return said("{low}", low=offset.least)
    if offset.certain is None:
        return said("{low}..", low=offset.least)
    return said("{low}..{high}", low=offset.least, high=offset.certain)
