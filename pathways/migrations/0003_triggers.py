"""The audit trail, and what the database itself holds of requests, panels and inductions."""

from django.db import migrations

from staff.migration_operations import AuditTriggers, run_sql_file

TRACKED = [
    "route",
    "pathway",
    "rung",
    "rungvoice",
    "goal",
    "heldcpd",
    "coachprofile",
    "coachingagreement",
    "coachingmeeting",
    "appropriatebody",
    "earlycareer",
    "earlycareerreview",
    "careerstage",
    "trainingcapacity",
    "schoolfunding",
    "inductiontemplate",
    "inductiontemplatestep",
    "induction",
    "inductionstep",
    "needslevel",
    "competency",
    "roleprofile",
    "needscycle",
    "needsrating",
    "planitem",
    "needsplanline",
    "surveytheme",
    "masterspanel",
    "routerequest",
    "panelranking",
    "paneloverspend",
    "routedecision",
    "routediscussion",
    "routecheck",
    "routefee",
    "routesignature",
    "routereview",
    "repaymentterms",
    "teachinginterest",
    "teachingintereststep",
]


class Migration(migrations.Migration):
    initial = True
    dependencies = [("pathways", "0002_requests")]

    operations = [
        *(AuditTriggers(model) for model in TRACKED),
        run_sql_file(__file__, "route_requests.sql"),
        run_sql_file(__file__, "panels.sql"),
        run_sql_file(__file__, "route_decisions.sql"),
        run_sql_file(__file__, "payments.sql"),
        run_sql_file(__file__, "early_careers.sql"),
        run_sql_file(__file__, "teaching_interest.sql"),
        run_sql_file(__file__, "append_only.sql"),
    ]
