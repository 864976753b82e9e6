"""Password hashing."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PortalArgon2(Argon2PasswordHasher):
    """argon2id with 46 MiB, two passes, one lane (OWASP). Django's default takes 100 MB and 0.3 s a check."""

    time_cost = 2
    memory_cost = 47104
    parallelism = 1
