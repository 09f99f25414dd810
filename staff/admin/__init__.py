"""The people team's side of staff: one module a noun family, all registered on import."""

from staff.admin import messages, people, places, responsibilities, sign_in

__all__ = ["messages", "people", "places", "responsibilities", "sign_in"]
