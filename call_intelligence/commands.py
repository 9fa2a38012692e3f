"""bench --site SITE call-intelligence ..."""

import sys
import time
from pathlib import Path

import click
import frappe
from frappe.commands import get_site, pass_context


@click.group("call-intelligence")
def call_intelligence():
	"""Call recordings, transcripts and who said what."""


def on_site(function):
	"""Run `function(**options)` connected to the --site of the bench command."""
	import functools

	@functools.wraps(function)
	@pass_context
	def wrapper(context, /, **options):
		site = get_site(context)
		with frappe.init_site(site):
			frappe.connect()
			try:
				sys.exit(function(**options) or 0)
			except (frappe.ValidationError, frappe.PermissionError) as error:
				frappe.db.rollback()
				click.secho(str(error), fg="red", err=True)
				sys.exit(1)
			finally:
				frappe.destroy()

	return wrapper


@call_intelligence.command("setup-engine")
@click.option(
	"--model",
	help="Set up this speech model and switch over to it: small, medium, large-v3, large-v3-turbo, distil-large-v3, a name on the hub (org/name) or a folder",
)
@click.option("--language", help="Use --model for calls in this language only: an ISO 639-1 code, such as pl")
@on_site
def setup_engine(model: str | None, language: str | None):
	"""Install the speech engine: its own Python environment and the models that come with it. With --model, fetch another speech
	model, measure its speed on this machine and switch to it."""
	from call_intelligence.speech import setup

	if not model:
		if language:
			click.secho("--language says what --model is for: name one", fg="red", err=True)
			return 2
		return setup.build_environment()
	frappe.set_user("Administrator")
	try:
		setup.set_up(model, language, click.echo)
	except setup.SetupProblem as problem:
		frappe.db.rollback()
		click.secho(str(problem), fg="red", err=True)
		return 1
	return 0


@call_intelligence.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="For programs")
@on_site
def check_site(as_json: bool):
	"""Check every part: whether it works, its version, and how to fix it."""
	from call_intelligence import doctor

	results = doctor.run()
	if as_json:
		click.echo(frappe.as_json([vars(result) for result in results]))
	else:
		for result in results:
			click.secho(
				f"{'ok  ' if result.ok else 'FAIL'} {result.part:<22} {result.found}",
				fg=None if result.ok else "red",
			)
			if result.fix:
				click.echo(f"     -> {result.fix}")
	return 0 if all(result.ok for result in results) else 1


class RecordingFile(click.Path):
	"""A path to a file, also relative to the bench's folder: bench changes into sites/ before it runs a command."""

	def convert(self, value, param, ctx):
		from_bench = Path("..") / value
		return super().convert(
			str(from_bench) if not Path(value).exists() and from_bench.exists() else value, param, ctx
		)


@call_intelligence.command("import")
@click.argument("files", nargs=-1, required=True, type=RecordingFile(exists=True, dir_okay=False))
@click.option("--owner", help="User whose calls these are; Administrator by default")
@click.option("--contact", multiple=True, help="Name of a Contact to associate; may be repeated")
@click.option(
	"--associate", multiple=True, metavar="DOCTYPE:NAME", help="Any record to associate; may be repeated"
)
@click.option("--title", help="Title of the call; the file's name by default")
@click.option("--direction", type=click.Choice(["Inbound", "Outbound", "Meeting"]), default="Outbound")
@click.option("--start-time", help="2026-01-31 14:30:00; from the file by default")
@click.option("--language", help="ISO 639-1 code; recognised by default")
@click.option("--speakers", type=int, help="Number of speakers; found automatically by default")
@click.option("--source", default="Import", show_default=True)
@click.option("--external-id", help="Unique within the source; the same twice is one call")
@click.option("--wait", is_flag=True, help="Wait until the calls are processed")
@on_site
def import_files(files, owner, contact, associate, wait, **fields):
	"""Create a call for each recording in FILES and queue it for processing."""
	from call_intelligence.core import storage
	from call_intelligence.ingest.create import create_call
	from call_intelligence.ingest.details import read_details

	frappe.set_user("Administrator")
	associations = [{"doctype": "Contact", "name": name} for name in contact]
	for record in associate:
		doctype, _colon, name = record.partition(":")
		associations.append({"doctype": doctype, "name": name})
	calls, failed = [], 0
	for file in files:
		try:
			details = read_details({**fields, "call_owner": owner, "associations": associations})
			created = create_call(storage.stage_path(file), details)
			frappe.db.commit()
		except (frappe.ValidationError, frappe.PermissionError) as error:
			frappe.db.rollback()
			failed += 1
			click.secho(f"{Path(file).name}: {error}", fg="red", err=True)
			continue
		calls.append(created.call)
		note = " (here already)" if created.duplicate else ""
		click.echo(f"{Path(file).name}: {created.call}{note}")
		for warning in created.warnings:
			click.secho(f"  {warning}", fg="yellow")
	if wait:
		failed += wait_for(calls)
	return 1 if failed else 0


def wait_for(calls: list[str]) -> int:
	"""Print the states of the calls until all are finished; return how many failed."""
	from call_intelligence.queue import wake
	from call_intelligence.queue.stages import FAILED, is_finished

	shown: dict = {}
	while True:
		frappe.db.rollback()  # a new snapshot
		rows = frappe.get_all(
			"Call", filters={"name": ["in", calls or [""]]}, fields=["name", "status", "progress", "error"]
		)
		for row in rows:
			state = (row.status, round(row.progress or 0))
			if shown.get(row.name) != state:
				shown[row.name] = state
				click.echo(
					f"{row.name}: {row.status} {state[1]} %" + (f" - {row.error}" if row.error else "")
				)
		if all(is_finished(row.status) for row in rows):
			return sum(row.status == FAILED for row in rows)
		wake.sweep_soon()
		time.sleep(1)


@call_intelligence.command("reprocess")
@click.argument("call")
@click.option(
	"--stage", type=click.Choice(["Preparing", "Transcribing", "Identifying speakers", "Analysing"])
)
@click.option("--wait", is_flag=True, help="Wait until the call is processed")
@on_site
def reprocess(call, stage, wait):
	"""Process CALL again from the stage that failed, or from --stage."""
	from call_intelligence import transcript
	from call_intelligence.queue import enqueue

	recording = transcript.recording_of(call)
	if not recording:
		click.secho(f"{call} has no recording", fg="red", err=True)
		return 1
	run = enqueue.retry(recording, stage)
	frappe.db.commit()
	click.echo(f"{call}: queued as {run}")
	return 1 if wait and wait_for([call]) else 0


commands = [call_intelligence]
