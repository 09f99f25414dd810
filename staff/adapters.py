"""Sign-up is closed: accounts come from the staff import."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in for people whom the import knows."""

    def is_open_for_signup(self, request) -> bool:
        """Never."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through Entra ID or Google for linked accounts."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        """Never."""
        return False
