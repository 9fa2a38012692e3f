"""The `bench` command without questions to a git host: which organisation an app's `required_apps` belong to makes no difference
for apps that are in the bench already.

Runs in the bench's Python, in sites/:  bench_command.py frappe --site SITE install-app APP
"""

from frappe import get_all_apps, installer
from frappe.utils import bench_helper

find_org = installer.find_org


def without_asking(name: str) -> tuple[str, str]:
	return ("frappe", name) if name in get_all_apps(False, ".") else find_org(name)


installer.find_org = without_asking
bench_helper.main()
