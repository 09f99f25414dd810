"""Rules every template keeps: the content policy's, the components' and the icons'."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR) / "templates"
SPRITE = (Path(settings.BASE_DIR) / "static/vendor/bootstrap-icons.svg").read_text(encoding="utf-8")
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
    asked = {
        name
        for page in PAGES
        for name in re.findall(
            r"""(?:\{% icon |icon_name=|place_icon=|action_icon=|second_icon=)["']([a-z0-9-]+)["']""",
            page.read_text("utf-8"),
        )
    }
    missing = {name for name in asked if f'id="{name}"' not in SPRITE}

    assert missing == set()
    assert len(asked) > 30
