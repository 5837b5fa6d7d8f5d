"""Core values as plain JSON values and back: what the store keeps and what the worker's lines carry."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, cast, get_args, get_origin

import cattrs
from cattrs.errors import BaseValidationError, IterableValidationError, IterableValidationNote
from cattrs.gen import make_dict_structure_fn

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON has no better name
    """The value as dicts, lists, texts, numbers, booleans and None.

    Tuples become lists and a datetime its ISO text; a datetime without a time zone is a
    ValueError, for nobody could tell later which hour was meant.
    """
    return _converter().unstructure(value)


def from_plain(cls: type[T], data: object) -> T:
    """The value of type `cls` that `to_plain` turned into `data`.

    Fields with a default may be missing, keys that the class does not know are passed over (a newer
    program wrote them). Types are not guessed: the text "3" is no number and None no text. Raises
    ValueError naming the path of every field that is wrong, as in "evidence[2].covered: ...".
    """
    try:
        return _converter().structure(data, cls)
    except (BaseValidationError, ValueError, TypeError, KeyError) as error:
        raise ValueError(_told(cls, error)) from error


@functools.cache
def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(unstruct_collection_overrides={tuple: list}, detailed_validation=True)
    for kind, name in ((str, "a text"), (bool, "true or false"), (int, "a whole number")):
        converter.register_structure_hook(kind, _exactly(kind, name))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(datetime, _moment)
    converter.register_unstructure_hook(datetime, _iso)
    # cattrs by itself takes any iterable for a tuple, the letters of a text too, and anything for a class.
    converter.register_structure_hook_factory(_is_tuple, partial(_tuple_hook, converter))
    converter.register_structure_hook_factory(dataclasses.is_dataclass, partial(_class_hook, converter))
    return converter


def _is_tuple(kind: object) -> bool:
    return get_origin(kind) is tuple


def _tuple_hook(converter: cattrs.Converter, kind: object) -> Hook:
    kinds = get_args(kind)
    endless = kinds[-1] is Ellipsis

    def structured(data: object, _: object) -> tuple[object, ...]:
        if not isinstance(data, (list, tuple)):
            raise ValueError(f"expected a list, found {_shown(data)}")  # noqa: TRY004 - told as one kind
        items = cast("list[object]", data)
        if not endless and len(items) != len(kinds):
            raise ValueError(f"expected {len(kinds)} values, found {len(items)}")
        values: list[object] = []
        errors: list[Exception] = []
        for index, item in enumerate(items):
            item_kind = kinds[0] if endless else kinds[index]
            try:
                values.append(converter.structure(item, item_kind))
            except (BaseValidationError, ValueError, TypeError) as error:
                note = IterableValidationNote(f"item {index}", index, item_kind)
                error.__notes__ = [*getattr(error, "__notes__", []), note]
                errors.append(error)
        if errors:
            # Its third argument is taken in __new__, which pyright does not see.
            raise IterableValidationError("wrong items", errors, kind)  # pyright: ignore[reportCallIssue, reportArgumentType]
        return tuple(values)

    return structured


def _class_hook(converter: cattrs.Converter, cls: type) -> Hook:
    fill = cast("Hook", make_dict_structure_fn(cls, converter))  # pyright: ignore[reportUnknownVariableType]

    def structured(data: object, _: object) -> object:
        if not isinstance(data, dict):
            raise ValueError(f"expected named fields, found {_shown(data)}")  # noqa: TRY004 - told as one kind
        return fill(cast("object", data), cls)

    return structured


def _exactly(kind: type, name: str) -> Hook:
    def structured(data: object, _: object) -> object:
        if type(data) is not kind:
            raise ValueError(f"expected {name}, found {_shown(data)}")
        return data

    return structured


def _number(data: object, _: object) -> float:
    # bool is an int in Python, but true is no number in JSON.
    if isinstance(data, bool) or not isinstance(data, (int, float)):
        raise ValueError(f"expected a number, found {_shown(data)}")  # noqa: TRY004 - told as one kind
    return float(data)


def _moment(data: object, _: object) -> datetime:
    if not isinstance(data, str):
        raise ValueError(f"expected a date and time, found {_shown(data)}")  # noqa: TRY004 - told as one kind
    # Python 3.10 does not read the "Z" that other programs write for UTC.
    moment = datetime.fromisoformat(data[:-1] + "+00:00" if data.endswith("Z") else data)
    if moment.tzinfo is None:
        raise ValueError(f"the date {data!r} has no time zone")
    return moment


def _iso(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"the date {moment.isoformat()} has no time zone")
    return moment.isoformat()


def _shown(data: object) -> str:
    text = repr(data)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _told(cls: type, error: Exception) -> str:
    messages = cattrs.transform_error(error, path="", format_exception=_reason)
    told: list[str] = []
    for message in messages:
        # transform_error writes "reason @ .path[0].field"; people read the place first.
        reason, _, path = message.rpartition(" @ ")
        place = path.lstrip(".")
        told.append(f"{place}: {reason}" if place else reason)
    return f"no {cls.__name__}: " + "; ".join(told)


def _reason(error: BaseException, _: type | None) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    if isinstance(error, (TypeError, AttributeError)):
        return "has the wrong shape"
    return str(cast("object", error.args[0])) if error.args else "is wrong"
