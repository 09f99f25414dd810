"""Rules every template keeps: the content policy's, the components' and the icons'."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template
from django.templatetags.static import static

from bwt_cpd.icons import UsedIconsFinder, names_at_hand, sprite_with, symbols_of
from bwt_cpd.states import STATES

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SYMBOLS = symbols_of(
    (Path(settings.BASE_DIR) / "static/vendor/bootstrap-icons.svg").read_text(encoding="utf-8")
)
PAGES = sorted(TEMPLATES.rglob("*.html"))
SCREENS = [page for page in PAGES if "mail" not in page.relative_to(TEMPLATES).parts]
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
INLINE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*(\ssrc=|type="application/json"))""")

OWN_APPS = ("courses.", "entitlements.", "pathways.", "staff.")
CONDITION = re.compile(r"\{% (?:el)?if (.+?) %\}")
COMPARISON = re.compile(r"""(\S+) (?:==|!=|in|not in) ["']([^"']+)["']|["']([^"']+)["'] (?:==|!=) (\S+)""")
MEASURE = re.compile(r"(\S+) (<=|>=|<|>) (\S+)")
STATE_FIELDS = {"state", "status", "mark", "decision", "outcome"}
STATE_NAMES = STATE_FIELDS | {"is", "my_state", "standing", "step", "to", "asks_for"}
CONFIGURATION = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(page: Path) -> str:
    return page.relative_to(TEMPLATES).as_posix()


@cache
def known_states() -> frozenset[str]:
    """Every value that a state of ours can have."""
    fields = (field for model in apps.get_models() for field in model._meta.get_fields())
    return frozenset(
        str(value)
        for field in fields
        if field.name in STATE_FIELDS and field.model.__module__.startswith(OWN_APPS)
        for value, _ in field.flatchoices
    )


def decisions_in(text: str) -> list[str]:
    """The conditions of a template that compare a state, or measure what has a name of its own in Python.

    More than one, and lengths of lists, are a matter of grammar and of layout.
    """
    states = known_states()
    found = []
    for condition in CONDITION.findall(text):
        compared = COMPARISON.findall(condition)
        decides = any(
            (left or right).rsplit(".", 1)[-1] in STATE_NAMES
            or bool(states.intersection((literal or other).split(",")))
            for left, literal, other, right in compared
        )
        measures = any(
            "|length" not in left + right and (sign, right) != (">", "1")
            for left, sign, right in MEASURE.findall(condition)
        )
        if decides or measures:
            found.append(condition)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_template_compiles(page):
    get_template(name_of(page))


def test_no_template_has_a_line_too_long_to_read():
    """The formatter breaks what it can; words, addresses and tags that it can't are ours to break."""
    limit = CONFIGURATION["tool"]["djangofmt"]["line-length"]
    too_long = [
        f"{name_of(page)}:{number}"
        for page in PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > limit
    ]

    assert too_long == []


@pytest.mark.parametrize("page", SCREENS, ids=name_of)
def test_screen_has_nothing_the_policy_refuses(page):
    assert INLINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ['<p style="x">', '<a onclick="x">', "<script>x</script>", "<style>"])
def test_the_policy_check_sees_what_it_looks_for(line):
    assert INLINE.search(line)


def test_no_template_decides_anything():
    """A page's dataclass or the model says `is_waiting`; a template that compares knows the states by heart."""
    decided = {name_of(page): decisions_in(page.read_text(encoding="utf-8")) for page in PAGES}

    assert {name: conditions for name, conditions in decided.items() if conditions} == {}


@pytest.mark.parametrize(
    "condition",
    [
        'booking.state == "requested"',
        "past and line.state != 'waiting'",
        'request.state in "agreed,completed"',
        'found == "cancelled"',
        '"declined" == answer',
        "session.places_left <= 3",
        "one.starts_on > on",
        "journey.fte < 1 or is_new",
    ],
)
def test_the_check_of_decisions_sees_what_it_looks_for(condition):
    assert decisions_in(f"{{% if {condition} %}}x{{% endif %}}") == [condition]


@pytest.mark.parametrize(
    "condition",
    ["page.is_waiting", "items|length > 16", "part.of > 1", 'tone == "warn"', "one.pk == cycle.pk"],
)
def test_the_check_of_decisions_lets_layout_be(condition):
    assert decisions_in(f"{{% if {condition} %}}x{{% endif %}}") == []


@pytest.mark.parametrize("page", COMPONENTS, ids=name_of)
def test_component_opens_with_its_inputs(page):
    assert page.read_text(encoding="utf-8").startswith(("{% comment %}", "{% extends"))


def test_every_icon_is_in_the_sprite():
    """A name that is not there draws nothing at all."""
    line = r"""(?:\{% icon |icon_name=|place_icon=|action_icon=|second_icon=)["']([a-z0-9-]+)["']"""
    asked = {name for page in PAGES for name in re.findall(line, page.read_text(encoding="utf-8"))}
    asked |= {state.icon for state in STATES.values()}

    assert asked - SYMBOLS.keys() == set()
    assert len(asked) > 30


def test_collected_sprite_holds_the_icons_in_use_and_few_others(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    whole = SYMBOLS.keys()
    ((path, storage),) = UsedIconsFinder().list(None)
    with storage.open(path) as file:
        collected = symbols_of(file.read().decode()).keys()

    assert path == "img/icons.svg"
    assert {"clock", "hourglass-split", "calendar-check", "geo-alt"} <= collected
    assert len(collected) < len(whole) / 5


def test_icon_that_was_not_collected_comes_from_the_whole_sprite():
    assert sprite_with("airplane-engines-fill") == "vendor/bootstrap-icons.svg"


def test_sprite_as_collected_is_served(settings, tmp_path):
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    names_at_hand.cache_clear()
    try:
        call_command("collectstatic", interactive=False, verbosity=0)

        assert sprite_with("clock") == "img/icons.svg"
        assert re.fullmatch(r"/static/img/icons\.[0-9a-f]{12}\.svg", static("img/icons.svg"))
    finally:
        names_at_hand.cache_clear()
