from pathways.models.careers import Goal, HeldCpd, Pathway, Rung, RungCpd, RungVoice
from pathways.models.coaching import CoachingAgreement, CoachingMeeting, CoachingTopic, CoachProfile
from pathways.models.early_career import AppropriateBody, EarlyCareer, EarlyCareerReview
from pathways.models.golden_thread import CareerStage, SchoolFunding, TrainingCapacity
from pathways.models.induction import (
    DoneBy,
    Induction,
    InductionStep,
    InductionTemplate,
    InductionTemplateStep,
)
from pathways.models.needs import (
    LEVELS,
    Competency,
    NeedsCycle,
    NeedsLevel,
    NeedsPlanLine,
    NeedsRating,
    PlanItem,
    RoleProfile,
    SurveyTheme,
)
from pathways.models.panels import MastersPanel, PanelOverspend, PanelRanking
from pathways.models.request_papers import RepaymentTerms, RouteFee, RouteReview, RouteSignature
from pathways.models.requests import RouteCheck, RouteDecision, RouteDiscussion, RouteRequest
from pathways.models.routes import Route
from pathways.models.teaching_interest import TeachingInterest, TeachingInterestStep

__all__ = [
    "LEVELS",
    "AppropriateBody",
    "CareerStage",
    "CoachProfile",
    "CoachingAgreement",
    "CoachingMeeting",
    "CoachingTopic",
    "Competency",
    "DoneBy",
    "EarlyCareer",
    "EarlyCareerReview",
    "Goal",
    "HeldCpd",
    "Induction",
    "InductionStep",
    "InductionTemplate",
    "InductionTemplateStep",
    "MastersPanel",
    "NeedsCycle",
    "NeedsLevel",
    "NeedsPlanLine",
    "NeedsRating",
    "PanelOverspend",
    "PanelRanking",
    "Pathway",
    "PlanItem",
    "RepaymentTerms",
    "RoleProfile",
    "Route",
    "RouteCheck",
    "RouteDecision",
    "RouteDiscussion",
    "RouteFee",
    "RouteRequest",
    "RouteReview",
    "RouteSignature",
    "Rung",
    "RungCpd",
    "RungVoice",
    "SchoolFunding",
    "SurveyTheme",
    "TeachingInterest",
    "TeachingInterestStep",
    "TrainingCapacity",
]
