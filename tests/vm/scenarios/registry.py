# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The list of all scenarios, in the order in which they are played."""

from typing import Callable, NamedTuple


class Scenario(NamedTuple):
    name: str
    run: Callable
    begins: bool


SCENARIOS = []


def scenario(name, begins=True):
    """Registers a function of a Stage. It starts with an inactive daemon, unless begins=False."""

    def register(function):
        SCENARIOS.append(Scenario(name, function, begins))
        return function

    return register
