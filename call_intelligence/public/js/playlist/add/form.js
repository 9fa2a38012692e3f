// State of the dialog "Add to playlist": the parts, the playlist, and the item's texts.
import { markRaw } from "vue";
import { describe_speakers } from "../../shared/speakers";
import { has_words } from "../../shared/fold";
import { get, post } from "../../shared/server";
import { COLOURS, VISIBILITIES } from "../words";

const LAST = "call_intelligence:last_playlist";
/** Maximum number of parts per request on the server. */
const AT_ONCE = 50;
/** Input of dialogs that were closed without adding anything: {key of the parts: values}; kept as long as the page. */
const drafts = new Map();

const KEPT = [
	"description",
	"search",
	"playlist",
	"creating",
	"new_playlist",
	"whole",
	"start",
	"end",
];

/** Used through `reactive`; see dialog.js for the options. */
export function create_form({ parts, review = null, around = null }) {
	const single = parts.length === 1 ? parts[0] : null;
	const key = parts.map(({ call, start, end }) => [call, start, end].join()).join(";");
	const values = {
		description: "",
		search: "",
		/** name of the chosen playlist */
		playlist: null,
		creating: false,
		new_playlist: {
			title: "",
			visibility: VISIBILITIES[0],
			cover_colour: COLOURS[0],
		},
		whole: !(single && single.end),
		start: (single && single.start) || 0,
		end: (single && single.end) || 0,
	};
	return {
		parts,
		single,
		...values,
		...drafts.get(key),
		/** data of the single call for the handles; null until needed */
		review: review && markRaw({ ...review }),
		review_failure: "",
		loading: true,
		failure: "",
		may_create: false,
		/** playlists that the user may add to: the newest and search results, unless `complete` */
		playlists: [],
		complete: true,
		/** whether the server has answered */
		known: false,
		valid: true,
		/** names of the items already created: saving again after a failure adds the others */
		added: [],

		async load() {
			try {
				const { playlists, may_create, complete } = await get(
					"playlists.mine",
					single ? { call: single.call } : {}
				);
				this.playlists = playlists.filter(({ may_add }) => may_add);
				this.may_create = may_create;
				this.complete = complete;
				this.known = true;
				this.failure = "";
			} catch (error) {
				this.failure = error.message;
			}
			this.loading = false;
			const known = ({ name }) => name === this.playlist;
			if (!this.playlists.some(known)) this.playlist = null;
			if (!this.playlist && !this.creating) this.choose_first();
			if (!this.whole) this.load_review();
		},

		/** @param {string} name of a field of the input */
		set(name, value) {
			this[name] = value;
		},

		set_new(name, value) {
			this.new_playlist[name] = value;
		},

		/** A new playlist instead of an existing one, by default with the title searched for in vain. */
		start_new() {
			this.creating = true;
			if (!this.new_playlist.title && !this.found.length)
				this.new_playlist.title = this.search;
		},

		// the playlist used last, if it still exists
		choose_first() {
			const last = this.playlists.find(({ name }) => name === last_playlist());
			if (last) this.playlist = last.name;
			else if (this.playlists.length) this.playlist = this.playlists[0].name;
			else this.creating = this.may_create;
		},

		/** Of very many playlists only the newest are loaded; others are searched on the server. */
		async look_further() {
			const text = this.search.trim();
			if (this.complete || !text) return;
			try {
				const { playlists } = await get("playlists.mine", { text });
				const here = new Set(this.playlists.map(({ name }) => name));
				const more = playlists.filter(({ name, may_add }) => may_add && !here.has(name));
				this.playlists = [...this.playlists, ...more];
			} catch (error) {
				this.failure = error.message;
			}
		},

		get found() {
			return this.playlists.filter(({ title }) => has_words(title, this.search));
		},

		/** Choosing a part by handles requires the call's data. */
		async load_review() {
			if (this.review || !single) return;
			try {
				this.review = markRaw(await review_of(single.call));
				this.review_failure = "";
			} catch (error) {
				this.review_failure = error.message;
				return;
			}
			if (!this.end) this.end = this.review.duration;
		},

		set_whole(whole) {
			this.whole = whole;
			if (whole) return;
			// initially the current playback position
			if (!this.end && around) Object.assign(this, { start: around.start, end: around.end });
			if (!this.end && this.review) this.end = this.review.duration;
			return this.load_review();
		},

		/** @returns {Promise<object|null>} null: refused, with a message shown */
		async save() {
			const problem = this.problem();
			this.failure = problem;
			if (problem) return null;
			try {
				const answer = await this.add_all();
				remember(answer.playlist);
				this.done = true;
				return answer;
			} catch (error) {
				this.failure = error.message;
				return null;
			}
		},

		/** @returns {Promise<object>} as playlists.add, with the items of all requests */
		async add_all() {
			const items = this.items();
			let answer;
			do {
				const target = this.creating
					? { new: { ...this.new_playlist, title: this.new_playlist.title.trim() } }
					: { playlist: this.playlist };
				const first = this.added.length;
				const parts = items.slice(first, first + AT_ONCE);
				answer = await post("playlists.add", { parts, ...target });
				this.added.push(...answer.items);
				if (this.creating) this.created(answer);
			} while (this.added.length < items.length);
			return { ...answer, items: [...this.added] };
		},

		/** The playlist exists now, whatever happens to the other parts. */
		created({ playlist, title }) {
			this.playlists.unshift({ name: playlist, title, may_add: true });
			this.playlist = playlist;
			this.creating = false;
		},

		/** No playlist to choose, and no permission to create one. */
		get nowhere() {
			return this.known && !this.playlists.length && !this.may_create;
		},

		problem() {
			if (this.creating && !this.new_playlist.title.trim())
				return __("Give the new playlist a title.");
			if (!this.creating && !this.playlist)
				return this.nowhere ? no_playlist() : __("Choose a playlist.");
			if (single && !this.whole && !this.valid)
				return __("Correct the times of the part first.");
			return "";
		},

		items() {
			const description = this.description.trim();
			return parts.map(({ call, title, clip }) => {
				const part = { call, description };
				if (title) part.title = title;
				if (clip) part.clip = clip;
				if (single && !this.whole)
					Object.assign(part, { start: this.start, end: this.end });
				return part;
			});
		},

		/** On close, keeps the input for the next time. */
		leave() {
			drafts.delete(key);
			const typed = this.description.trim() || this.new_playlist.title.trim();
			if (this.done || !typed) return;
			const kept = {};
			KEPT.forEach((name) => (kept[name] = this[name]));
			drafts.set(key, JSON.parse(JSON.stringify(kept)));
		},
	};
}

/** @returns {Promise<{segments, speakers, duration, peaks, media_url}>} data for choosing a part */
export async function review_of(call) {
	const { recording, segments, speakers, call: doc } = await get("review.get", { call });
	return {
		segments: segments || [],
		speakers: describe_speakers(speakers),
		duration: (recording && recording.duration) || doc.duration || 0,
		peaks: (recording && recording.peaks) || null,
		media_url: (recording && recording.playable && recording.media_url) || "",
	};
}

export function no_playlist() {
	return __(
		"There is no playlist that you can add to. A playlist's owner can allow it in its settings."
	);
}

function last_playlist() {
	try {
		return localStorage.getItem(LAST);
	} catch {
		return null;
	}
}

function remember(playlist) {
	try {
		localStorage.setItem(LAST, playlist);
	} catch {
		// offered first next time
	}
}
