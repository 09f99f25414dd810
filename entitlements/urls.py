"""Addresses of claims. The first page, My year, is composed of several apps: see bwt_cpd/urls.py."""

from django.urls import path

from entitlements.views import claims, statements

app_name = "entitlements"

urlpatterns = [
    path("statement.pdf", statements.statement, name="statement-pdf"),
    path("claims/", claims.claim_list, name="claim-list"),
    path("claims/new/", claims.claim_new, name="claim-new"),
    path("claims/<int:pk>/", claims.claim_detail, name="claim-detail"),
    path("claims/<int:pk>/answer/", claims.claim_answer, name="claim-answer"),
    path("claims/<int:pk>/withdraw/", claims.claim_withdraw, name="claim-withdraw"),
    path("claims/<int:pk>/evidence/", claims.claim_evidence, name="claim-evidence"),
]
