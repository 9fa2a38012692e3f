"""Which apps a bench gets"""

from pathlib import Path

from devbench.bench import APP, Bench


def app(folder: Path, *doctypes: str) -> Path:
	for doctype in doctypes:
		(folder / folder.name / folder.name / "doctype" / doctype).mkdir(parents=True)
	return folder


def test_demo_apps_stay_out_beside_the_real_ones(tmp_path):
	crm = app(tmp_path / "crm", "crm_deal", "crm_lead")
	assert list(Bench().app_folders) == [APP, "demo_crm", "demo_helpdesk"]
	assert list(Bench(apps=(crm,)).app_folders) == ["crm", APP, "demo_helpdesk"]
	helpdesk = app(tmp_path / "helpdesk", "hd_ticket")
	assert list(Bench(apps=(crm, helpdesk)).app_folders) == ["crm", "helpdesk", APP]
	assert list(Bench(apps=(app(tmp_path / "erp", "customer"),)).app_folders)[-2:] == [
		"demo_crm",
		"demo_helpdesk",
	]
