"""Installs missing apps on a site; migrates it if some were already installed.

Runs in the bench's Python, in sites/:  update_site.py SITE '["app", ...]' enable-scheduler|disable-scheduler
"""

import json
import subprocess
import sys
from pathlib import Path

import frappe


def bench(site: str, *arguments: str) -> None:
	command = Path(__file__).with_name("bench_command.py")
	subprocess.run([sys.executable, command, "frappe", "--site", site, *arguments], check=True)


def main(site: str, listed: str, scheduler: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	installed = frappe.get_installed_apps()
	frappe.destroy()
	apps = json.loads(listed)
	if any(app in installed for app in apps):
		bench(site, "migrate", "--skip-search-index")
	for app in apps:
		if app not in installed:
			bench(site, "install-app", app)
	bench(site, scheduler)
	bench(site, "clear-cache")


try:
	main(*sys.argv[1:])
except subprocess.CalledProcessError as error:
	sys.exit(error.returncode)
