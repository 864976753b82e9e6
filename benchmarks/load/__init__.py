"""The last day of a period: two hundred officers sign in and file at once, while others read.

    make load                                      200 officers in ten minutes
    make load ARGS="--officers 50 --minutes 2"     smaller and shorter

`people.py` makes who files and what they owe, `locustfile.py` is what they do, `__main__.py` serves the portal, runs
locust and looks afterwards whether what was acknowledged is there, once.
"""
