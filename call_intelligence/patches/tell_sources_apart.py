"""Identifies recordings by a key of source and external ID, in place of a unique index, for which "AbC" and "abc" were equal."""

import frappe

INDEX = "unique_source_external_id"


def execute() -> None:
	frappe.db.sql(
		"""update `tabCall Recording` set `source_key` = sha2(concat(`source`, char(0), `external_id`), 256)
		where `source_key` is null"""
	)
	if frappe.db.sql("show index from `tabCall Recording` where `Key_name` = %s", INDEX):
		frappe.db.commit()
		frappe.db.sql_ddl(f"alter table `tabCall Recording` drop index `{INDEX}`")
