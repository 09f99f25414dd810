"""Rules every template keeps: the content policy's, the components' and the icons'."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from bwt_cpd.icons import names_in_use, sprite_with, symbols_of
from bwt_cpd.states import STATES

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SYMBOLS = symbols_of(
    (Path(settings.BASE_DIR) / "static/vendor/bootstrap-icons.svg").read_text(encoding="utf-8")
)
PAGES = sorted(TEMPLATES.rglob("*.html"))
SCREENS = [page for page in PAGES if "mail" not in page.relative_to(TEMPLATES).parts]
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
INLINE = re.compile(r"""\sstyle=|\son[a-z]+=["']|<style|<script(?![^>]*(\ssrc=|type="application/json"))""")


def name_of(page: Path) -> str:
    return page.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_template_compiles(page):
    get_template(name_of(page))


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


def test_small_sprite_holds_what_is_in_use():
    """After the first use of an icon: ./portal manage collect_icons."""
    names = names_in_use(Path(settings.BASE_DIR), SYMBOLS)
    small = (Path(settings.BASE_DIR) / "static/img/icons.svg").read_text(encoding="utf-8")

    assert names - symbols_of(small).keys() == set()


def test_icon_that_was_not_collected_comes_from_the_whole_sprite():
    assert sprite_with("clock") == "img/icons.svg"
    assert sprite_with("airplane-engines-fill") == "vendor/bootstrap-icons.svg"
