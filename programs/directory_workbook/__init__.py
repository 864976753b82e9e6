"""People with their roles, and agencies, as workbooks: the template, the check of each row, storing the good ones.

The mechanism of uploads is ``programs.workbook``; what may be given and kept is said by ``accounts.people`` and
``accounts.agencies``, whose services store each row as their pages do.
"""
