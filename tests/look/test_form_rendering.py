"""`{{ form }}` in the portal's look."""

from bwt_cpd.form_rendering import answer_needed, mistakes, mistakes_of
from bwt_cpd.views.components import SampleForm
from tests.markup import without_layout


def own_words(field):
    """What a field says of itself when it was left empty."""
    return field.field.error_messages["required"]


def test_control_takes_its_class_and_describes_itself():
    said = str(SampleForm()["title"])

    assert 'class="form-control"' in said
    assert 'aria-describedby="id_title_helptext"' in said


def test_group_of_choices_is_a_fieldset():
    field = SampleForm()["time"]
    said = without_layout(str(field.as_field_group()))

    assert f"<legend>{field.label}</legend>" in said
    assert said.count('class="form-check-input"') == 2


def test_one_tick_has_its_label_beside_it():
    said = SampleForm()["is_shared"].as_field_group()

    assert said.index("<input") < said.index("<label")


def test_optional_is_said_where_others_are_needed():
    assert "(optional)" in SampleForm()["certificate"].as_field_group()
    assert "(optional)" not in SampleForm()["title"].as_field_group()


def test_summary_links_each_mistake_to_its_control():
    form = SampleForm({"title": "Webinar", "took": "1 hour", "kind": "module", "on": "2026-11-24"})
    said = str(form)

    assert set(form.errors) == {"time", "difference"}
    assert f'<a href="#id_time_0">{own_words(form["time"])}</a>' in said
    assert f'<a href="#id_difference">{answer_needed(form["difference"].label)}</a>' in said
    assert mistakes(form) == said.count('<a href="#id_') == 2
    assert 'aria-invalid="true"' in said


def test_good_form_has_no_summary():
    assert "error-summary" not in str(SampleForm())


def test_bare_mistake_names_its_field():
    form = SampleForm({})

    assert mistakes_of(form["title"]) == [answer_needed(form["title"].label)]
    assert form["title"].label in answer_needed(form["title"].label)
    assert mistakes_of(form["took"]) == [own_words(form["took"])]
