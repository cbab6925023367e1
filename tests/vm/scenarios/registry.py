# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The list of all scenarios, in the order in which they are played."""

from typing import Callable, NamedTuple


class Scenario(NamedTuple):
    name: str
    run: Callable
    begins: bool
    is_system: bool


SCENARIOS = []


def scenario(name, begins=True, is_system=False):
    """Registers a function of a Stage. It starts with an inactive daemon, unless begins=False."""

    def register(function):
        SCENARIOS.append(Scenario(name, function, begins, is_system))
        return function

    return register


def system_scenario(name, begins=True):
    """The same for a function of a SystemStage."""
    return scenario(f"system: {name}", begins, is_system=True)
