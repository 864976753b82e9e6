"""Who asks an endpoint: the person signed in to the pages."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request


class SignedInSession(SessionAuthentication):
    """The session of the pages, with its CSRF token on writes. Without one the answer is 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
