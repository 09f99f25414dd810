"""HR files for tests: small texts turned into what the import reads."""

from datetime import date
from io import BytesIO

from staff.actions.imports import SourceFile, import_staff

ON = date(2026, 11, 24)
SCHOOLS = "code,name,kind,phase,town,local_authority,urn\n"
ROLES = "code,title,department,job_family,staff_group\n"
PEOPLE = "payroll_number,first_name,last_name,work_email,trn\n"
CONTRACTS = (
    "contract_id,payroll_number,school_code,role_code,fte,days_per_week,weeks_per_year,"
    "starts_on,ends_on,manager_payroll_number,is_main\n"
)
ABSENCES = "payroll_number,class,starts_on,ends_on\n"
TRUST = {
    "schools": SCHOOLS
    + "BPS,Beanfield Primary School,school,primary,Corby,North Northamptonshire,\n"
    + "CEN,BWT Central Team,central,,Corby,,\n",
    "roles": ROLES
    + "TCH,Class or subject teacher,Teaching,Teaching,teacher\n"
    + 'TA2,"Teaching assistant, level 2",Inclusion,Classroom support,support\n',
    "people": PEOPLE
    + "P001,Ann,Ash,Ann.Ash@trust.example,1234567\n"
    + "P002,Ben,Box,,\n"
    + 'P003,Cy,"Cole, junior",cy.cole@trust.example,\n',
    "contracts": CONTRACTS
    + "C001,P001,BPS,TCH,1,5,52.143,2020-09-01,,,true\n"
    + "C002,P002,BPS,TA2,25/37,5,39,2021-09-01,,P001,true\n"
    + "C003,P003,BPS,TCH,0.6,3,,2022-09-01,2027-08-31,P001,yes\n",
    "absences": ABSENCES + "P003,family,2026-11-01,2027-04-30\n",
}


def source(name: str, text: str | bytes) -> SourceFile:
    """One file, called as the people team would call it."""
    return SourceFile(f"{name}.csv", BytesIO(text if isinstance(text, bytes) else text.encode()))


def bring_in(on: date = ON, **texts: str | bytes):
    """Import these texts, `schools=…, people=…`; the options of the action may be among them."""
    options = {key: texts.pop(key) for key in ("is_full", "confirms_leavers", "is_dry_run") if key in texts}
    files = {kind: source(kind, text) for kind, text in texts.items()}
    return import_staff(files=files, on=on, by=None, **options)
