from pathways.admin import careers, coaching, golden_thread, induction, needs, requests

__all__ = ["careers", "coaching", "golden_thread", "induction", "needs", "requests"]
