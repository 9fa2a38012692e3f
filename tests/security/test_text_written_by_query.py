"""The app writes text by query only through core/writing.py."""

import ast
import json
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "call_intelligence"
WRITERS = [APP / "core" / name for name in ("document.py", "plain.py", "writing.py")]
NO_TEXT = {
	"Int", "Float", "Percent", "Check", "Date", "Datetime", "Duration", "Link", "Dynamic Link", "Select", "Text Editor", "Password",
}  # fmt: skip


DESCRIPTIONS = [json.loads(path.read_text()) for path in APP.glob("call_intelligence/doctype/*/*.json")]
DOCTYPES = {row["name"] for row in DESCRIPTIONS}
TEXT_FIELDS = {
	field["fieldname"] for row in DESCRIPTIONS for field in row["fields"] if field["fieldtype"] not in NO_TEXT
}


def is_of_another_app(node: ast.expr, constants: dict[str, str]) -> bool:
	doctype = node.value if isinstance(node, ast.Constant) else constants.get(ast.unparse(node))
	return doctype is not None and doctype not in DOCTYPES


def writes_text(call: ast.Call, constants: dict[str, str]) -> bool:
	"""Whether a call of frappe.db.set_value may write something other than a constant into a text field of the app"""
	if is_of_another_app(call.args[0], constants):
		return False
	field, value = [*call.args[2:4], None, None][:2]
	if isinstance(field, ast.Dict) and all(isinstance(key, ast.Constant) for key in field.keys):
		pairs = list(zip((key.value for key in field.keys), field.values, strict=True))
	elif value is not None:
		pairs = [(field.value if isinstance(field, ast.Constant) else None, value)]
	else:
		return True
	return any(
		(name is None or name in TEXT_FIELDS) and not isinstance(value, ast.Constant) for name, value in pairs
	)


def constants_of(tree: ast.Module) -> dict[str, str]:
	return {
		ast.unparse(node.targets[0]): node.value.value
		for node in tree.body
		if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
	}


def offences() -> list[str]:
	found = []
	for path in sorted(APP.rglob("*.py")):
		if path in WRITERS:
			continue
		tree = ast.parse(path.read_text())
		constants = constants_of(tree)
		for node in ast.walk(tree):
			if not isinstance(node, ast.Call):
				continue
			called = ast.unparse(node.func)
			if (called == "frappe.db.bulk_insert" and not is_of_another_app(node.args[0], constants)) or (
				called == "frappe.db.set_value" and writes_text(node, constants)
			):
				found.append(f"{path.relative_to(APP)}:{node.lineno} {ast.unparse(node)[:110]}")
	return found


def test_text_is_written_by_query_in_one_place():
	assert not offences(), "use call_intelligence.core.writing"
