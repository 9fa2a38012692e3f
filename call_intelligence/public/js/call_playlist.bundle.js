// Loaded by the Call Playlist form: plays, orders and follows a playlist.
import { createApp } from "vue";
import Playlist from "./playlist/Playlist.vue";
import { create_playlist } from "./playlist/store";

frappe.provide("call_intelligence");

/**
 * Mounts a playlist in an element.
 * @param {HTMLElement} element
 * @param {{item?: string, on_changed?: function(): void, on_permissions?: function({write, add, delete}): void}} options
 * item: the first to show; on_changed: data that the form also shows has changed; on_permissions: called whenever the
 * user's permissions are loaded
 * @returns {{playlist: string, refresh: function(): void, go: function(string): void, destroy: function(): void}}
 */
call_intelligence.mount_playlist = (element, playlist, options = {}) => {
	const store = create_playlist(playlist, options);
	const app = createApp(Playlist, { store });
	app.config.globalProperties.__ = window.__;
	app.mount(element);
	store.load();
	return {
		playlist,
		refresh: () => store.load(),
		go: (item) => store.lead_to(item),
		destroy() {
			store.destroy();
			app.unmount();
			element.textContent = "";
		},
	};
};
