"""The relations that other tests rely on."""


def test_line_manager_is_over_teacher_and_teaching_assistant(teacher, teaching_assistant, line_manager):
    managers = {user.person.contracts.get().line_manager for user in (teacher, teaching_assistant)}

    assert managers == {line_manager.person}


def test_people_team_enters_the_admin_and_nobody_else(people_team, headteacher, hub_lead, partner):
    assert [user.is_staff for user in (people_team, headteacher, hub_lead, partner)] == [
        True,
        False,
        False,
        False,
    ]
