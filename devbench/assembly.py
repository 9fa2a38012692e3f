"""The steps that make a bench and its sites, and their dependencies."""

import shutil
import sys

from devbench import database, debian, interpreters, node, ports, shell, sites, source, versions
from devbench.bench import APP, DEMO_SITE, Bench
from devbench.console import Console
from devbench.files import files_fingerprint, fingerprint, read_json, walk
from devbench.services import STORES, Services, programs, stores, write_configuration
from devbench.steps import Once, Stamps, Step, run_all

LINT_NEEDS = ("nodejs", "npm", "python3-venv")


class Assembly:
	"""The steps for one `./run` command."""

	def __init__(self, bench: Bench, console: Console, lenient: bool = False):
		"""`lenient`: continue with the previous bundles when the apps' bundles cannot be built (while working on them)."""
		self.bench = bench
		self.console = console
		self.stamps = Stamps(bench.root / "stamps")
		self.services = Services(bench)
		self.lenient = lenient
		self.port: dict[str, int] = {}
		# Known before anything is installed: the restored tree never changes, and any other already exists.
		self.frappe = Once(self._inspect_frappe)
		self.interpreter = Once(lambda: interpreters.choose(self.frappe()))

	def make_folders(self) -> None:
		for folder in ("sites/assets", "logs/steps", "config", "stamps", "downloads", "apps"):
			(self.bench.root / folder).mkdir(parents=True, exist_ok=True)

	def prepare(self) -> None:
		"""Creates folders and chooses ports. Quick, always first."""
		self.make_folders()
		if self.services.supervised():
			self.port = read_json(self.bench.config / "ports.json")
		else:
			self.services.end_orphans()
			self.port, _ = ports.settle(self.bench.config / "ports.json", str(self.bench.root))

	def run(self, sites_wanted: list[str], engine: bool = True, tools: bool = False) -> None:
		"""Runs all steps up to running services with these sites."""
		self.prepare()
		steps = [*self._software(), *self._stores()]
		if tools:
			steps.append(self._tools())
		if engine:
			steps.append(self._engine())
		steps.append(self._pattern_site())
		for site in sites_wanted:
			steps += self._site(site)
		ran = run_all(steps, self.stamps, self.console)
		if any(name.startswith("assets") for name in ran):
			for site in sites_wanted:
				sites.clear_cache(self.bench, site)
		self.start(sites_wanted)

	def start(self, sites_wanted: list[str]) -> None:
		"""Starts web, workers, scheduler and realtime besides the stores; services with old code are restarted."""
		began = self.console.elapsed()
		for site in sites_wanted:
			name = "127.0.0.1" if site == DEMO_SITE else site
			sites.set_host_name(self.bench, site, f"http://{name}:{self.port['web']}")
		revision = fingerprint(
			sites.code_fingerprint(self.bench),
			self.stamps.read("python packages") or "",
			self.stamps.read("frappe source") or "",
			(self.bench.sites / "common_site_config.json").read_text(),
		)
		own_node = self.frappe().own_node
		definitions = programs(self.bench, self.port, own_node, revision)
		self.services.apply([*stores(self.bench, self.port), *definitions])
		self.services.wait_for_ports(self.port, ("gunicorn", "socketio", "web"))
		if self.console.elapsed() - began > 0.5:
			self.console.done("services", self.console.elapsed() - began)

	def tools(self) -> list[Step]:
		"""Tools for `lint`: ruff, mypy and import-linter in .bench/tools, prettier with the product's libraries."""
		return [self.system_packages(LINT_NEEDS), *self._own_javascript(), self._tools()]

	def system_packages(self, only: tuple[str, ...] = ()) -> Step:
		needs = tuple(n for n in debian.NEEDS if not only or n.package in only)
		return Step(
			"system packages", lambda _: debian.ensure(self.bench.log("system-packages"), needs), None
		)

	# ── the steps ────────────────────────────────────────────────────────────────────────────────────────────

	def _software(self) -> list[Step]:
		bench = self.bench
		return [
			self._with_announcement(self.system_packages()),
			Step(
				"python environment",
				self._make_environment,
				lambda: fingerprint(self.interpreter(), str(bench.env)),
				needs=self._after_packages("python3-venv"),
				outputs=(bench.python,),
			),
			Step(
				"frappe source",
				self._put_frappe,
				lambda: source.source_fingerprint(bench),
				needs=("python environment",),
				outputs=(bench.frappe_app / "frappe" / "__init__.py",),
			),
			Step("apps", lambda _: source.put_apps(bench), None, needs=("frappe source",)),
			Step(
				"python packages",
				self._install_python_packages,
				self._python_packages_fingerprint,
				needs=("frappe source", "apps"),
				outputs=(bench.env / "bin" / "gunicorn",),
			),
			Step(
				"javascript libraries",
				lambda _: node.install_for_frappe(bench, self.frappe().own_node),
				lambda: fingerprint(
					files_fingerprint([bench.file("node/package-lock.json")], bench.checkout),
					self.stamps.read("frappe source") if self.frappe().own_node else "",
				),
				needs=("frappe source", *self._after_packages("nodejs", "npm")),
				outputs=(bench.frappe_app / "node_modules",),
			),
			*self._own_javascript(),
			Step(
				"assets of frappe",
				lambda _: node.build_assets(bench, self.frappe().own_node, ["frappe"], "assets-frappe"),
				lambda: node.public_fingerprint(bench, ["frappe"]),
				# Frappe's own build needs its Python environment.
				needs=("javascript libraries", *(("python packages",) if self.frappe().own_node else ())),
				outputs=(bench.sites / "assets" / "assets.json",),
			),
			Step(
				"assets of the apps",
				lambda _: node.build_assets(
					bench, self.frappe().own_node, list(bench.app_folders), "assets-apps"
				),
				lambda: node.public_fingerprint(bench, list(bench.app_folders)),
				# After Frappe's build, since both write assets.json; it links what the front ends' builds made.
				needs=(
					*("assets of frappe", "apps", "own javascript libraries"),
					*[step.name for step in self._front_ends()],
				),
				outputs=(bench.sites / "assets" / "assets.json",),
				optional=self.lenient,
			),
			*self._front_ends(),
		]

	def _front_ends(self) -> list[Step]:
		"""One step for each given app with a front end of its own, which has the port of realtime built in"""
		bench = self.bench
		return [
			Step(
				f"front end of {app.name}",
				lambda _, app=app: node.build_front_end(bench, app.name),
				lambda app=app: fingerprint(source.tree_fingerprint(app), str(self.port["socketio"])),
				needs=("apps", "javascript libraries", "database and redis"),
				outputs=(node.built_front_end(bench, app.name),),
			)
			for app in bench.apps
			if bench.spa and node.front_ends(app)
		]

	def _stores(self) -> list[Step]:
		bench = self.bench
		installed = self._after_packages(
			"mariadb-server-core", "mariadb-client", "redis-server", "nginx-light"
		)

		def start(_whole: bool) -> None:
			write_configuration(bench, self.port)
			database.write_init_file(bench)
			sites.write_common_config(bench, self.port)
			if not self.services.running():
				self.services.apply(stores(bench, self.port))
			self.services.wait_for_ports(self.port, STORES)

		return [
			Step(
				"database",
				lambda _: database.initialise(bench),
				lambda: "1",
				needs=installed,
				outputs=(bench.root / "mysql" / "mysql",),
			),
			Step("database and redis", start, None, needs=("database",)),
		]

	def _pattern_site(self) -> Step:
		bench = self.bench
		return Step(
			"pattern site",
			lambda _: sites.make_pattern(bench, self.port, self.frappe().site_options),
			lambda: fingerprint(
				self.stamps.read("frappe source") or "",
				files_fingerprint([bench.file("inside/finish_setup.py")], bench.checkout),
				self.stamps.read("database") or "",
			),
			needs=("python packages", "database and redis"),
			outputs=(bench.root / "cache" / "pattern.sql",),
		)

	def _site(self, site: str) -> list[Step]:
		bench = self.bench
		return [
			Step(
				f"site {site}",
				lambda _: sites.make(bench, self.port, site),
				lambda: fingerprint(self.stamps.read("pattern site") or "", sites.EDITION),
				needs=("pattern site",),
				outputs=(bench.sites / site / "site_config.json",),
			),
			Step(
				f"apps of {site}",
				lambda _: sites.bring_up_to_date(bench, site),
				lambda: fingerprint(
					self.stamps.read(f"site {site}") or "",
					sites.made_as(bench, site),
					sites.schema_fingerprint(bench),
				),
				needs=(f"site {site}",),
			),
		]

	def _engine(self) -> Step:
		bench = self.bench
		package = bench.app_folders[APP] / APP / "engine"

		def create(_whole: bool) -> None:
			argv = [self.interpreter(), "-m", f"{APP}.engine.environment", "create", bench.engine]
			env = shell.environment(PYTHONPATH=str(bench.app_folders[APP]), PYTHONDONTWRITEBYTECODE="1")
			shell.run(argv, bench.log("engine"), cwd=bench.root, env=env)

		return Step(
			"speech engine and models",
			create,
			lambda: fingerprint(
				self.interpreter(),
				str(bench.engine),
				files_fingerprint([package / "environment.py", *walk(package / "requirements")], package),
			),
			needs=self._after_packages("python3-venv"),
			outputs=(bench.engine / "env", bench.engine / "models"),
		)

	def _own_javascript(self) -> list[Step]:
		"""The app's libraries and what checks its front end; an admin's bench gets only the former, by the app's yarn.lock"""
		bench = self.bench
		folder = bench.file("javascript")
		libraries = bench.checkout / "node_modules"
		return [
			Step(
				"own javascript libraries",
				# its own workplace, since benches of one checkout may be assembled at the same time
				lambda _: node.install_elsewhere(
					folder, libraries, bench.root / "javascript", bench.log("own-javascript-libraries")
				),
				lambda: files_fingerprint([folder / "package.json", folder / "package-lock.json"], folder),
				needs=self._after_packages("nodejs", "npm"),
				outputs=(libraries / "wavesurfer.js", libraries / "vitest"),
			)
		]

	def _tools(self) -> Step:
		"""The linters, and axe for the browser tests"""
		bench, tools = self.bench, self.bench.tools

		def install(_whole: bool) -> None:
			log = bench.log("tools")
			shutil.rmtree(tools, ignore_errors=True)
			shell.run([sys.executable, "-m", "venv", tools / "python"], log)
			argv = [tools / "python" / "bin" / "python", "-m", "pip", "-q", "install"]
			shell.run([*argv, "-r", bench.file("tools/requirements.txt")], log)
			node.install_elsewhere(bench.file("tools"), tools / "node_modules", tools / "javascript", log)

		recipe = [bench.file(f"tools/{n}") for n in ("requirements.txt", "package-lock.json")]
		return Step(
			"tools",
			install,
			lambda: fingerprint(files_fingerprint(recipe, bench.checkout), sys.version, str(bench.root)),
			needs=self._after_packages(*LINT_NEEDS),
			outputs=(tools / "python" / "bin" / "ruff", tools / "node_modules" / "axe-core"),
		)

	def _put_frappe(self, whole: bool) -> None:
		if replaced := source.put_frappe(self.bench, self.bench.python):
			self.console.note(f"no git host can be reached; from the registries: {', '.join(replaced)}")

	def _make_environment(self, whole: bool) -> None:
		bench = self.bench
		self.stamps.clear("python packages")
		shutil.rmtree(bench.env, ignore_errors=True)
		shell.run([self.interpreter(), "-m", "venv", bench.env], bench.log("python-environment"))

	def _install_python_packages(self, whole: bool) -> None:
		bench = self.bench
		log = bench.log("python-packages")
		# An interrupted pip leaves packages partly installed but registered as complete.
		packages = {
			path.name.split("-")[0] for path in bench.env.glob("lib/python3.*/site-packages/*.dist-info")
		}
		if not whole and packages - {"pip", "setuptools", "wheel"}:
			self._make_environment(False)
		argv = [bench.python, "-m", "pip", "-q", "install", *source.requirements(bench)]
		shell.run([*argv, "-r", bench.file("test-requirements.txt")], log)
		source.write_path_file(bench)

	def _python_packages_fingerprint(self) -> str:
		bench = self.bench
		recipe = [
			bench.file(name) for name in ("constraints.txt", "constraints-newer.txt", "test-requirements.txt")
		]
		return fingerprint(
			files_fingerprint(recipe, bench.checkout),
			*source.own_requirements(bench),
			self.stamps.read("python environment") or "",
			self.stamps.read("frappe source") or "",
			*[str(app) for app in bench.app_folders.values()],
		)

	def _after_packages(self, *packages: str) -> tuple[str, ...]:
		"""Steps whose programs are already installed don't wait for the installation of the others."""
		lacking = {need.package for need in self.lacking()}
		return ("system packages",) if lacking & set(packages) else ()

	def _with_announcement(self, step: Step) -> Step:
		if self.lacking():
			self.console.note("installing " + " ".join(sorted(n.package for n in self.lacking())))
		return step

	def lacking(self) -> list[debian.Need]:
		if not hasattr(self, "_lacking"):
			self._lacking = debian.missing()
		return self._lacking

	def _inspect_frappe(self) -> versions.FrappeVersion:
		if self.bench.frappe is not None:
			return versions.inspect(self.bench.frappe)
		return versions.RESTORED
