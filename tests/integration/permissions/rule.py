"""The visibility rule, as a table: who sees and who edits the call of conftest.py"""

SEES = ("owner", "manager", "participant", "shared with", "crm user")
SEES_NOT = ("other seat", "stranger", "portal user", "Guest")
EDITS = ("owner", "manager")
