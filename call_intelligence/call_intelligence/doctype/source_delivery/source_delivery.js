// The form of a Source Delivery: work on it again.

frappe.ui.form.on("Source Delivery", {
	refresh(frm) {
		const { status, call, body } = frm.doc;
		frm.disable_save();
		explain(frm);
		if (call) {
			frm.add_custom_button(__("Open the call"), () =>
				frappe.set_route("Form", "Call", call)
			);
		}
		if (["Failed", "Ignored", "Succeeded"].includes(status) && body) {
			frm.add_custom_button(__("Try again"), () => replay(frm));
		}
	},
});

/** Why there is no call, and what to do about it */
function explain(frm) {
	const { status, error, next_attempt_at } = frm.doc;
	if (!error) return;
	const reason = frappe.utils.escape_html(error);
	if (status === "Failed") {
		frm.set_intro(`${reason} ${__("Click Try again once this is fixed.")}`, "red");
	} else if (status === "Queued" && next_attempt_at) {
		frm.set_intro(`${reason} ${__("It is tried again by itself.")}`, "orange");
	} else if (status === "Ignored") {
		frm.set_intro(reason);
	}
}

async function replay(frm) {
	await frappe.xcall("call_intelligence.api.sources.replay", { delivery: frm.doc.name });
	frm.reload_doc();
}
