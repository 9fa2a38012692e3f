// The dialog that edits an item, loaded on demand.

/** @param {object} item of store.items */
export async function edit_item(store, item) {
	await frappe.require(["call_playlist_add.bundle.css", "call_playlist_add.bundle.js"]);
	call_intelligence.open_playlist_item_dialog(item, (values) =>
		store.save_item(item.name, values)
	);
}
