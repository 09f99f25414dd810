"""What has to be right before anybody signs in through the trust's identity provider."""

from __future__ import annotations

import re

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

TENANT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@register(Tags.security)
def one_tenant_alone(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """`common`, `organizations` and `consumers` are everybody's tenants, and a domain is not what tokens carry."""
    if not settings.ENTRA_TENANT or TENANT_ID.fullmatch(settings.ENTRA_TENANT):
        return []
    return [
        Error(
            f"ENTRA_TENANT is {settings.ENTRA_TENANT!r}, which is not the id of one tenant.",
            hint="It looks like 11111111-2222-3333-4444-555555555555: Entra's overview page calls it Tenant ID.",
            id="staff.E001",
        )
    ]
