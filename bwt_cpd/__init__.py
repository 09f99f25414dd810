from bwt_cpd.celery import app as celery_app

__all__ = ["celery_app"]
