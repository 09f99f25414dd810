"""The embedded PostgreSQL and Valkey: the default on a machine that has neither.

Standard library only, because `./portal` reads this package before anything is installed. It is
also loaded by path, outside the `bwt_cpd` package, so imports inside it are relative.
"""

from .places import PlaceRefused, data_directory, secret_key, socket_directory

__all__ = ["PlaceRefused", "data_directory", "secret_key", "socket_directory"]
