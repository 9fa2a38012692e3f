"""The people of a call: whose voices they are, which side they are on, which records of the CRM they are.

`recognition` decides what nobody has to be asked about, without the database; `automatic` has it read and written; `by_hand` is what
people decide, which always wins; `describe`, `search` and `contacts` are for the panel.
"""
