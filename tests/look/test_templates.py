"""Rules every template keeps: the content policy's, the components' and the icons'."""

import re
import tomllib
from pathlib import Path

import pytest
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

CONFIGURATION = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8"))


def name_of(page: Path) -> str:
    return page.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_template_compiles(page):
    get_template(name_of(page))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_template_has_no_line_too_long_to_read(page):
    """The formatter breaks what it can; words, addresses and tags that it can't are ours to break."""
    limit = CONFIGURATION["tool"]["djangofmt"]["line-length"]
    lines = page.read_text(encoding="utf-8").splitlines()

    assert [number for number, line in enumerate(lines, 1) if len(line) > limit] == []


@pytest.mark.parametrize("page", SCREENS, ids=name_of)
def test_screen_has_nothing_the_policy_refuses(page):
    assert INLINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ['<p style="x">', '<a onclick="x">', "<script>x</script>", "<style>"])
def test_the_policy_check_sees_what_it_looks_for(line):
    assert INLINE.search(line)


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
