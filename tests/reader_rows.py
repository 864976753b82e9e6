"""The rows of the permission matrix for what everybody reads: the search; see ``tests/permission_rows.py``."""

READERS = """
                                                      anon file head case inve coor stee admi stra
GET  search                         -                 in   200  200  200  200  200  200  200  200
POST search                         -                 in   422  422  422  422  422  422  422  422
"""
