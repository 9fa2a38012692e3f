// Loaded by the Call Playlist form: the place where a playlist is heard, put in order and followed.
import { createApp } from "vue";
import Playlist from "./playlist/components/Playlist.vue";
import { create_playlist } from "./playlist/store";

frappe.provide("call_intelligence");

/**
 * Puts a playlist into an element.
 * @param {HTMLElement} element
 * @param {{item?: string, on_changed?: function(): void, on_permissions?: function({write, add, delete}): void}} options
 *   item: the one to begin with; on_changed: something that the form holds too is different now; on_permissions: each time it is
 *   known what the user may do
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
