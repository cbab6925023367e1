# SPDX-FileCopyrightText: 2026 The spicykvm authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Names of the kernel's input codes, and text as key presses on an American keyboard."""

import pathlib
import re

_HEADER = pathlib.Path("/usr/include/linux/input-event-codes.h")
_PATTERN = r"^#define\s+((?:KEY|BTN|REL|LED|EV|MSC)_\w+)\s+(0x[0-9a-fA-F]+|\d+)\b"
_CODES = {name: int(v, 0) for name, v in re.findall(_PATTERN, _HEADER.read_text(), re.MULTILINE)}

_PLAIN = dict(zip("`-=[]\\;',./ \n", "GRAVE MINUS EQUAL LEFTBRACE RIGHTBRACE BACKSLASH SEMICOLON "
                  "APOSTROPHE COMMA DOT SLASH SPACE ENTER".split()))  # fmt: skip
_SHIFTED = dict(zip('~_+{}|:"<>?!@#$%^&*()', "`-=[]\\;',./1234567890"))


def code(name):
    """The number of KEY_A, REL_X, BTN_LEFT, ..."""
    return _CODES[name]


def name(number, prefixes=("KEY_", "BTN_")):
    """The first name of a number, as the header has it."""
    for known, value in _CODES.items():
        if value == number and known.startswith(prefixes) and known not in ("BTN_MISC", "BTN_MOUSE"):
            return known
    return str(number)


def event_name(kind, number):
    """Of a key, button or axis."""
    return name(number, ("REL_",)) if kind == code("EV_REL") else name(number)


def _key(character):
    return code("KEY_" + (_PLAIN.get(character) or character.upper()))


def typed(text):
    """[(code, value)]: what a kernel delivers when the text is typed."""
    events = []
    for character in text:
        shifted = character.isupper() or character in _SHIFTED
        key = _key(_SHIFTED.get(character, character.lower()))
        stroke = [(key, 1), (key, 0)]
        shift = code("KEY_LEFTSHIFT")
        events += [(shift, 1), *stroke, (shift, 0)] if shifted else stroke
    return events


def text(events):
    """The text that such events type; other keys as <NAME>."""
    characters = {_key(c): c for c in "abcdefghijklmnopqrstuvwxyz1234567890" + "".join(_PLAIN)}
    upper = {plain: shifted for shifted, plain in _SHIFTED.items()}
    shift, shifted, result = code("KEY_LEFTSHIFT"), False, ""
    for key, value in events:
        if key == shift:
            shifted = bool(value)
        elif value and key in characters:
            plain = characters[key]
            result += upper.get(plain, plain.upper()) if shifted else plain
        elif value:
            result += f"<{name(key)}>"
    return result
