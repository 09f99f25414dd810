"""`{{ form }}` in the portal's look."""

from bwt_cpd.form_rendering import mistakes_of
from bwt_cpd.views.components import SampleForm
from tests.markup import without_layout


def test_control_takes_its_class_and_describes_itself():
    said = str(SampleForm()["title"])

    assert 'class="form-control"' in said
    assert 'aria-describedby="id_title_helptext"' in said


def test_group_of_choices_is_a_fieldset():
    said = without_layout(str(SampleForm()["time"].as_field_group()))

    assert "<legend>When was it?</legend>" in said
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

    assert '<a href="#id_time_0">Choose whether it was in paid time</a>' in said
    assert '<a href="#id_difference">Fill in “What will you do differently?”</a>' in said
    assert "2 things to put right" in said
    assert 'aria-invalid="true"' in said


def test_good_form_has_no_summary():
    assert "error-summary" not in str(SampleForm())


def test_bare_mistake_names_its_field():
    form = SampleForm({})

    assert mistakes_of(form["title"]) == ["Fill in “What did you do?”"]
    assert mistakes_of(form["took"]) == ["Enter how long it took, such as 1 hour 30 minutes"]
