"""The Frappe module: DocTypes with thin controllers, report, workspace."""
