"""What has to be told after personal data went where it should not: who saw which records, when and from where, whom to
notify, and the notice to the authority, as one sealed file. Records stand in it by code; no name of anybody in a case,
and nothing of an identity, is in it.
"""
