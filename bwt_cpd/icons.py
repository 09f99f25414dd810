"""The icons the portal really uses, in one small sprite.

Bootstrap's sprite holds two thousand icons in a megabyte; a phone in a corridor should not fetch
it. `manage.py collect_icons` writes the used ones to static/img/icons.svg. An icon that is not
there yet still shows: the tag then points into the whole sprite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings

WHOLE = "vendor/bootstrap-icons.svg"
SMALL = "img/icons.svg"
SYMBOL = re.compile(r'<symbol[^>]*? id="([a-z0-9-]+)"[^>]*>.*?</symbol>', re.DOTALL)
SOURCES = (
    "templates/**/*.html",
    "bwt_cpd/**/*.py",
    "staff/**/*.py",
    "entitlements/**/*.py",
    "courses/**/*.py",
    "pathways/**/*.py",
)


def symbols_of(sprite: str) -> dict[str, str]:
    """Each symbol of a sprite by its name."""
    return {found.group(1): found.group(0) for found in SYMBOL.finditer(sprite)}


def names_in_use(root: Path, known: Iterable[str]) -> set[str]:
    """The known names that stand in quotes anywhere in a template or in Python: rather one too many."""
    quoted = {
        name
        for pattern in SOURCES
        for source in root.glob(pattern)
        for name in re.findall(r"""["']([a-z0-9-]+)["']""", source.read_text(encoding="utf-8"))
    }
    return quoted & set(known)


def small_sprite(symbols: dict[str, str], names: Iterable[str]) -> str:
    """A sprite of the named symbols, in the order of the alphabet."""
    lines = [symbols[name] for name in sorted(names)]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *lines, "</svg>", ""])


@lru_cache(maxsize=1)
def names_at_hand() -> frozenset[str]:
    """The names in the small sprite as it is committed; read once a process."""
    small = Path(settings.BASE_DIR) / "static" / SMALL
    return frozenset(symbols_of(small.read_text(encoding="utf-8"))) if small.exists() else frozenset()


def sprite_with(name: str) -> str:
    """The static file that holds this icon."""
    return SMALL if name in names_at_hand() else WHOLE
