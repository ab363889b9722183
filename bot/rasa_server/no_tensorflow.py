"""Rasa without TensorFlow, which it imports and nothing of ours uses.

Rasa's own neural classifiers and policies are defined when it is imported, and need TensorFlow's
names for that. None of them is in our pipeline, so names without anything behind them do. Measured
on two cores: the process that has loaded a model holds 313 MB instead of 654, and has loaded it
after 9 seconds instead of 14. What is not loaded can't be attacked either.

A test holds it to what Rasa understands with the real TensorFlow.
"""

import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

LEFT_OUT = frozenset(
    {"jax", "jaxlib", "keras", "tensorboard", "tensorflow", "tensorflow_addons", "tensorflow_hub"}
)


class Empty(type):
    """A class of which every name, item and union is an empty class again."""

    def __getattr__(cls, name: str) -> "Empty":
        if name.startswith("__"):
            raise AttributeError(name)
        return empty(name)

    def __getitem__(cls, _: object) -> "Empty":
        return cls

    def __or__(cls, _: object) -> "Empty":
        return cls

    def __ror__(cls, _: object) -> "Empty":
        return cls


class Hollow:
    """What comes of calling an empty class: as a decorator it changes nothing."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __init_subclass__(cls, **_: object) -> None:
        pass

    def __call__(self, *given: Any, **_: object) -> Any:
        return given[0] if given and callable(given[0]) else self

    def __getattr__(self, name: str) -> Empty:
        return empty(name)

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[object]:
        return iter(())


def empty(name: str) -> Empty:
    """A new empty class."""
    return Empty(name, (Hollow,), {})


class EmptyModule(ModuleType):
    """A module that has every name that it is asked for."""

    def __getattr__(self, name: str) -> Empty:
        if name.startswith("__"):
            raise AttributeError(name)
        found = empty(name)
        setattr(self, name, found)
        return found


class LeaveOut(MetaPathFinder, Loader):
    """Finds an empty module for each of those that are left out."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Ours, for what is left out; nothing for all others, who are found as always."""
        if fullname.partition(".")[0] not in LEFT_OUT:
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty module."""
        return EmptyModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def leave_out_tensorflow() -> None:
    """Must be called before Rasa is imported."""
    sys.meta_path.insert(0, LeaveOut())
