// The form of a Recording Source: fields, switches and webhook of the chosen provider.

const FIELDS = ["account_id", "client_id", "client_secret", "secret_token", "base_url"];

frappe.ui.form.on("Recording Source", {
	async onload(frm) {
		if (frm.is_new()) {
			const about = await frappe.xcall("call_intelligence.api.sources.describe_providers");
			frm.ci_sources = { providers: about.providers };
			show(frm);
		}
	},
	refresh(frm) {
		if (frm.doc.__onload?.sources) frm.ci_sources = frm.doc.__onload.sources;
		show(frm);
		show_next_step(frm);
		if (frm.is_new()) return;
		frm.add_custom_button(__("Test connection"), () => test(frm));
		if (!frm.doc.enabled) return;
		frm.add_custom_button(__("Fetch calls now"), () => ask_now(frm));
		frm.add_custom_button(__("Take earlier calls"), () => take_earlier(frm));
		if (frm.ci_sources?.failed) {
			frm.add_custom_button(__("Try failed calls again"), () => replay_failed(frm));
		}
	},
	provider(frm) {
		show(frm);
		const { label } = chosen(frm) || {};
		if (label && !frm.doc.title) frm.set_value("title", label);
	},
});

function show(frm) {
	if (!frm.ci_sources) return;
	const { providers } = frm.ci_sources;
	frm.set_df_property("provider", "options", [
		{ value: "", label: "" },
		...providers.map(({ key, label }) => ({ value: key, label })),
	]);
	// once saved, the field is read-only and would show the key
	frm.set_df_property("provider", "formatter", (key) => {
		const found = providers.find((one) => one.key === key);
		return frappe.utils.escape_html(found ? found.label : key || "");
	});
	const provider = chosen(frm);
	show_settings(frm, provider);
	show_switches(frm, provider);
	show_webhook(frm, provider);
}

function chosen(frm) {
	return frm.ci_sources?.providers.find(({ key }) => key === frm.doc.provider);
}

/** What a newcomer should do next */
function show_next_step(frm) {
	const { status, enabled } = frm.doc;
	const failed = frm.ci_sources?.failed;
	if (frm.is_new()) {
		frm.set_intro(__("Choose where your calls come from, fill in what it needs, and save."));
	} else if (!enabled) {
		frm.set_intro(__("This source is off: no calls come in."), "orange");
	} else if (status === "Not tested") {
		frm.set_intro(__("Click Test connection to see whether anything is missing."));
	} else if (status === "Failing") {
		frm.set_intro(__("Fix what Last error says, then click Test connection."), "red");
	} else if (failed) {
		frm.set_intro(
			__("Calls that could not be taken: {0}. Source Delivery says why.", [failed]),
			"orange"
		);
	}
}

function show_settings(frm, provider) {
	const settings = provider ? provider.settings : [];
	FIELDS.forEach((name) => {
		const setting = settings.find((one) => one.name === name);
		frm.toggle_display(name, Boolean(setting));
		if (!setting) return;
		frm.set_df_property(name, "label", setting.label);
		frm.set_df_property(name, "description", frappe.utils.escape_html(setting.help));
		frm.toggle_reqd(name, setting.required && Boolean(frm.doc.enabled));
	});
	frm.toggle_display(
		"private_host",
		settings.some(({ name }) => name === "base_url")
	);
	frm.toggle_display("connection_section", Boolean(settings.length));
}

function show_switches(frm, provider) {
	const $wrapper = frm.get_field("switch_boxes").$wrapper.empty();
	const stored = JSON.parse(frm.doc.switches || "{}");
	((provider && provider.switches) || []).forEach(({ name, label, help, default: usual }) => {
		const control = frappe.ui.form.make_control({
			parent: $wrapper,
			df: {
				fieldtype: "Check",
				fieldname: name,
				label,
				description: frappe.utils.escape_html(help),
				onchange: () => {
					const values = JSON.parse(frm.doc.switches || "{}");
					const value = Boolean(control.get_value());
					if ((values[name] ?? usual) === value) return;
					frm.set_value("switches", JSON.stringify({ ...values, [name]: value }));
				},
			},
			render_input: true,
		});
		control.set_value(stored[name] ?? usual ? 1 : 0);
	});
}

function show_webhook(frm, provider) {
	const { webhook_url, refused } = frm.ci_sources;
	frm.toggle_display("webhook_section", Boolean(provider && provider.webhook));
	const escape = frappe.utils.escape_html;
	const $wrapper = frm.get_field("webhook").$wrapper;
	if (!webhook_url) {
		$wrapper.html(
			`<p class="text-muted">${escape(__("Save to get the webhook’s address."))}</p>`
		);
		return;
	}
	const unverified = refused
		? `<p class="text-muted">${escape(
				__("{0} requests were refused, since their signature was wrong.", [refused])
		  )}</p>`
		: "";
	$wrapper.html(
		`<p>${escape(__("Enter this address at the provider:"))}
		<span class="text-muted">${escape(provider?.webhook_help || "")}</span></p>
		<p class="ci-webhook-url"><code>${escape(webhook_url)}</code></p>
		<button type="button" class="btn btn-xs btn-default mb-3">${escape(
			__("Copy")
		)}</button>${unverified}`
	);
	$wrapper.find("button").on("click", () => frappe.utils.copy_to_clipboard(webhook_url));
}

async function test(frm) {
	if (frm.is_dirty()) await frm.save();
	const { findings } = await frappe.xcall("call_intelligence.api.sources.test_connection", {
		source: frm.doc.name,
	});
	const rows = findings.map(
		({ ok, text }) =>
			`<li class="d-flex mb-2">
				<span class="indicator ${ok ? "green" : "red"} flex-shrink-0 align-self-start mt-2"></span>
				<span>${frappe.utils.escape_html(text)}</span>
			</li>`
	);
	frappe.msgprint({
		title: findings.every(({ ok }) => ok)
			? __("The connection works")
			: __("Something is missing"),
		message: `<ul class="list-unstyled">${rows.join("")}</ul>`,
		indicator: findings.every(({ ok }) => ok) ? "green" : "red",
	});
	frm.reload_doc();
}

async function ask_now(frm) {
	await frappe.xcall("call_intelligence.api.sources.ask_now", { source: frm.doc.name });
	frappe.show_alert(
		__("New calls arrive within a minute or two. You find them in Source Delivery.")
	);
}

/** Asks for a number of days, says how many calls that are, and takes them */
function take_earlier(frm) {
	const source = frm.doc.name;
	const ask = (method, days) =>
		frappe.xcall(`call_intelligence.api.sources.${method}`, { source, days });
	frappe.prompt(
		{
			fieldname: "days",
			fieldtype: "Int",
			label: __("Calls of the last days"),
			default: 30,
			reqd: 1,
		},
		async ({ days }) => {
			const { count } = await ask("count_earlier", days);
			const question =
				count === null
					? __("Take the calls of the last {0} days?", [days])
					: __("Take the {0} recorded calls of the last {1} days?", [count, days]);
			frappe.confirm(question, async () => {
				await ask("take_earlier", days);
				frm.reload_doc();
			});
		},
		__("Take earlier calls"),
		__("Next")
	);
}

async function replay_failed(frm) {
	const { started } = await frappe.xcall("call_intelligence.api.sources.replay_failed", {
		source: frm.doc.name,
	});
	frappe.show_alert(__("{0} calls are tried again.", [started]));
	frm.reload_doc();
}
