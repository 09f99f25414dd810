"""The icons the portal really uses, in one small sprite.

Bootstrap's sprite holds two thousand icons in a megabyte; a phone in a corridor should not fetch
it. `collectstatic` asks the finder below, which puts the used ones together into img/icons.svg.
Where static files were not collected (tests) the tag points into the whole sprite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

WHOLE = "vendor/bootstrap-icons.svg"
SMALL = "img/icons.svg"
SYMBOL = re.compile(r'<symbol[^>]*? id="([a-z0-9-]+)"[^>]*>.*?</symbol>', re.DOTALL)
QUOTED = re.compile(r"""["']([a-z0-9-]+)["']""")
APPS = ("bwt_cpd", "pathways", "courses", "entitlements", "staff")


def symbols_of(sprite: str) -> dict[str, str]:
    """Each symbol of a sprite by its name."""
    return {found.group(1): found.group(0) for found in SYMBOL.finditer(sprite)}


def names_in_use(root: Path, known: Iterable[str]) -> set[str]:
    """The known names that stand in quotes anywhere in a template or in Python: rather one too many."""
    sources = [
        *root.glob("templates/**/*.html"),
        *(file for app in APPS for file in root.glob(f"{app}/**/*.py")),
    ]
    return {name for source in sources for name in QUOTED.findall(source.read_text(encoding="utf-8"))} & set(
        known
    )


def small_sprite(symbols: dict[str, str], names: Iterable[str]) -> str:
    """A sprite of the named symbols, in the order of the alphabet."""
    lines = [symbols[name] for name in sorted(names)]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *lines, "</svg>", ""])


class UsedIconsFinder(BaseFinder):
    """Gives `collectstatic` one file that is put together there and then."""

    def check(self, **kwargs: object) -> list[CheckMessage]:
        """Nothing to set up wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> Any:  # noqa: ANN401 - as the stubs have it: a path, a list of them or nothing
        """Nothing: the file is there to be collected, not to be served from its source."""
        return [] if find_all else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """The small sprite; written anew only when other icons came into use."""
        root, made = Path(settings.BASE_DIR), Path(settings.DATA_DIR) / "made"
        symbols = symbols_of((root / "static" / WHOLE).read_text(encoding="utf-8"))
        sprite = small_sprite(symbols, names_in_use(root, symbols))
        file = made / SMALL
        if not file.exists() or file.read_text(encoding="utf-8") != sprite:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(sprite, encoding="utf-8")
        yield SMALL, FileSystemStorage(location=made)


@lru_cache(maxsize=1)
def names_at_hand() -> frozenset[str]:
    """The names in the sprite as it was collected; read once a process."""
    try:
        with staticfiles_storage.open(SMALL) as small:
            return frozenset(symbols_of(small.read().decode()))
    except FileNotFoundError:
        return frozenset()


def sprite_with(name: str) -> str:
    """The static file that holds this icon."""
    return SMALL if name in names_at_hand() else WHOLE
