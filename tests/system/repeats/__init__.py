"""The same form sent twenty times at once has one effect and gives the same answer each time (RELIABILITY row 5).

`routes.py` is the reviewed table: every address that takes a POST has a case here or a reason why it needs none.
A case is a form that somebody sends, and the rows that are different once it has had its one effect.
"""
