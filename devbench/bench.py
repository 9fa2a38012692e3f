"""Paths and options of one bench."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from devbench.files import fingerprint

CHECKOUT = Path(__file__).resolve().parent.parent
APP = "call_intelligence"
DEMO_APPS = ("demo_crm", "demo_helpdesk")
DEMO_SITE = "demo.localhost"
TEST_SITE = "test.localhost"


@dataclass(frozen=True)
class Bench:
	"""A bench folder in the usual layout: apps/, sites/, env/, logs/, config/.

	`frappe`: a Frappe source tree to use instead of the restored one; `apps`: further app folders to install; `spa`: whether to
	build their front ends besides Desk. Such a variant has a separate folder, so that it does not affect the default bench.
	"""

	checkout: Path = CHECKOUT
	frappe: Path | None = None
	apps: tuple[Path, ...] = ()
	spa: bool = True

	@cached_property
	def root(self) -> Path:
		if self.frappe is None and not self.apps:
			return self.checkout / ".bench"
		variant = fingerprint(str(self.frappe or ""), *[str(app) for app in self.apps])
		return self.checkout / f".bench-{variant[:8]}"

	@property
	def env(self) -> Path:
		return self.root / "env"

	@property
	def python(self) -> Path:
		return self.env / "bin" / "python"

	@property
	def sites(self) -> Path:
		return self.root / "sites"

	@property
	def logs(self) -> Path:
		return self.root / "logs"

	@property
	def config(self) -> Path:
		return self.root / "config"

	@property
	def frappe_app(self) -> Path:
		return self.root / "apps" / "frappe"

	@property
	def engine(self) -> Path:
		return self.root / f"{APP}_engine"

	@property
	def tools(self) -> Path:
		"""ruff, mypy, import-linter and axe: tools for checks, separate from the bench's environment."""
		return self.root / "tools"

	@property
	def devbench(self) -> Path:
		return self.checkout / "devbench"

	@cached_property
	def app_folders(self) -> dict[str, Path]:
		"""App name -> its source folder, in the order of installation, without Frappe itself."""
		given = {app.name: app for app in self.apps}
		real = set().union(*map(doctypes, self.apps))
		demo = {name: self.checkout / "tests" / "apps" / name for name in DEMO_APPS}
		# beside the real app they would replace its DocTypes
		return {**given, APP: self.checkout, **{k: v for k, v in demo.items() if not doctypes(v) & real}}

	@property
	def frappe_command(self) -> list[str]:
		"""The `bench` command, to be run in sites/."""
		return [str(self.python), "-m", "frappe.utils.bench_helper", "frappe"]

	def log(self, name: str) -> Path:
		return self.logs / "steps" / f"{name}.log"

	def file(self, name: str) -> Path:
		"""A file of devbench: lock files, templates, scripts."""
		return self.devbench / name


def doctypes(app: Path) -> set[str]:
	"""Folder names of the app's DocTypes"""
	return {folder.name for folder in (app / app.name).glob("*/doctype/*") if folder.is_dir()}
