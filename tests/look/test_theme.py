"""The tokens of the theme: both dark blocks say the same, and every pair can be read."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static/css/theme.css").read_text(encoding="utf-8")
TEXT, MARK = 4.5, 3.0

# (ink, ground, least contrast), as LOOK.md has it: text 4.5:1, controls and marks 3:1.
PAIRS = [
    ("ink", "bg", TEXT),
    ("ink", "surface", TEXT),
    ("ink", "sunken", TEXT),
    ("ink-2", "bg", TEXT),
    ("ink-2", "surface", TEXT),
    ("ink-2", "sunken", TEXT),
    ("primary", "bg", TEXT),
    ("primary", "surface", TEXT),
    ("primary-hover", "surface", TEXT),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    ("primary-ink", "primary-soft", TEXT),
    ("on-accent", "accent", TEXT),
    ("ok-ink", "ok-soft", TEXT),
    ("warn-ink", "warn-soft", TEXT),
    ("bad-ink", "bad-soft", TEXT),
    ("info-ink", "info-soft", TEXT),
    ("quiet-ink", "quiet-soft", TEXT),
    ("warn-ink", "surface", TEXT),
    ("bad-ink", "surface", TEXT),
    ("surface", "ok", TEXT),
    ("h-ink", "h0", TEXT),
    ("h-ink", "h1", TEXT),
    ("h-ink", "h2", TEXT),
    ("h3-ink", "h3", TEXT),
    ("h-ink-2", "h4", TEXT),
    ("edge", "surface", MARK),
    ("edge", "bg", MARK),
    ("mark", "surface", MARK),
    ("mark", "track", MARK),
    ("primary", "track", MARK),
    ("warn", "track", MARK),
    ("ok", "surface", MARK),
    ("bad", "surface", MARK),
    ("focus", "bg", MARK),
    ("focus", "surface", MARK),
]


def tokens_of(block: str) -> dict[str, str]:
    """The colours of one block by name, `#rgb` written out."""
    found = re.findall(r"--(?:c-)?([a-z0-9-]+):\s*(#[0-9a-f]{3,6})\b", block)
    return {
        name: f"#{''.join(2 * digit for digit in value[1:])}" if len(value) == 4 else value
        for name, value in found
    }


def block_after(opening: str) -> str:
    """What stands between the braces after `opening`."""
    start = CSS.index(opening) + len(opening)
    return CSS[start : CSS.index("}", start)]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


CHOSEN_DARK = block_after("\n[data-bs-theme=dark]{")
FOLLOWED_DARK = block_after(":root:not([data-bs-theme]){")
LIGHT = tokens_of(block_after("\n:root{"))
DARK = {**LIGHT, **tokens_of(CHOSEN_DARK)}


def test_contrast_is_the_known_one():
    assert round(contrast("#ffffff", "#000000"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


def test_dark_chosen_and_dark_followed_are_the_same():
    assert CHOSEN_DARK.split() == FOLLOWED_DARK.split()


@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_pair_can_be_read(tokens, ink, ground, least):
    assert contrast(tokens[ink], tokens[ground]) >= least


def test_pairs_on_the_deep_field_can_be_read():
    deep = tokens_of(block_after("\n.deep{"))

    for tokens in (LIGHT, DARK):
        assert contrast(deep["ink"], tokens["deep"]) >= TEXT
        assert contrast(deep["ink-2"], tokens["deep"]) >= TEXT
        assert contrast(deep["primary"], tokens["deep"]) >= TEXT
        assert contrast(deep["on-primary"], deep["primary"]) >= TEXT
        assert contrast(tokens["accent"], tokens["deep"]) >= MARK
        assert contrast(deep["edge"], tokens["deep"]) >= MARK
        assert contrast(deep["primary"], deep["track"]) >= MARK
