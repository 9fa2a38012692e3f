// The store `call`: the call and its recording, its processing, and what the user may do with it.
import { markRaw, reactive } from "vue";
import { follow_changes } from "../shared/changes";
import { live } from "../shared/live";
import { get, post } from "../shared/server";
import { in_progress } from "../shared/states";

/**
 * @param {object} options see call_review.bundle.js
 * @param {{playback, preferences, transcript}} stores
 */
export function use_call(name, options, stores) {
	return reactive(new CallStore(name, options, stores));
}

/** Used through `reactive`. */
class CallStore {
	constructor(name, options = {}, { playback, preferences, transcript }) {
		const { on_finished, on_moved, on_changed, lean, more_keys } = options;
		Object.assign(this, { name, on_finished, on_moved, on_changed });
		Object.assign(this, { playback, preferences, transcript });
		/** lean: only player, transcript and comments, within another page with its own URL */
		this.lean = Boolean(lean);
		/** keys of the surrounding page, see keyboard_help.js */
		this.more_keys = more_keys || [];
		this.loading = true;
		this.failure = "";
		/** the document; null until loaded */
		this.doc = null;
		this.permissions = {};
		this.recording = null;
		this.stages = [];
		this.acting = false;
		/** the review has been closed */
		this.gone = false;
		/** given by stores.js: take the answer of review.get, and what follows it */
		this.on_answer = () => {};
		this.on_loaded = () => {};
		this.stop_watching = null;
		this.stop_following = null;
	}

	get processing() {
		return Boolean(this.doc) && in_progress(this.doc.status);
	}

	get failed() {
		return Boolean(this.doc) && this.doc.status === "Failed";
	}

	/** Add to playlist, for all Desk users: the server knows their playlists. Available as soon as a part can be chosen. */
	get may_add() {
		return Boolean(!this.lean && this.recording && this.playback.duration);
	}

	/** Share a part, for users with the seat */
	get may_share() {
		const { seat } = frappe.boot.call_intelligence || {};
		return Boolean(seat && this.may_add);
	}

	async load() {
		try {
			const known = this.transcript.version;
			const args = known ? { transcript_version: known } : {};
			const preferences = this.doc ? null : this.preferences.refresh();
			const data = await get("review.get", { call: this.name, ...args });
			await preferences;
			this.on_answer(data);
			this.failure = "";
		} catch (error) {
			// what is already on the screen stays readable
			if (!this.doc) this.failure = error.message;
		}
		this.loading = false;
		this.on_loaded();
		this.watch();
		this.follow();
	}

	take({ call, permissions, stages, recording, segments }) {
		this.doc = call;
		this.permissions = permissions || {};
		this.stages = stages || [];
		// with the transcript unchanged, the curve is not sent again either
		if (segments === null && this.recording) recording.peaks = this.recording.peaks;
		if (!same_recording(this.recording, recording)) {
			this.recording = recording && markRaw(recording);
		}
	}

	// speakers and associations may be changed in another window
	follow() {
		if (!this.doc || this.stop_following || this.gone) return;
		this.stop_following = follow_changes(this.name, "call_intelligence_call", () =>
			this.load()
		);
	}

	watch() {
		if (!this.processing || this.stop_watching || this.gone) return;
		this.stop_watching = live.watch(this.name, (event) => this.moved(event));
	}

	moved(event) {
		const stage_changed =
			event.status !== this.doc.status ||
			Boolean(event.next_attempt_at) !== Boolean(this.doc.next_attempt_at);
		const { status, progress, next_attempt_at } = event;
		Object.assign(this.doc, { status, progress, next_attempt_at });
		if (event.error) this.doc.error = event.error;
		if (this.on_moved) this.on_moved(event);
		if (event.finished) {
			this.unwatch();
			this.form_changed();
		}
		// every stage adds something to show: the waveform, the words, the speakers
		if (stage_changed || event.finished) this.load();
	}

	unwatch() {
		if (this.stop_watching) this.stop_watching();
		this.stop_watching = null;
	}

	/** The form below has outdated data. */
	form_changed() {
		if (this.on_finished) this.on_finished();
	}

	/** Data that the form below also shows has changed. */
	changed() {
		if (this.on_changed) this.on_changed();
	}

	retry() {
		return this.act("calls.retry", {});
	}

	/**
	 * @param {number|null} speakers how many; null: determined automatically
	 * @param {boolean} keep_edits false: users' edits of speakers are discarded
	 */
	identify_speakers(speakers, keep_edits = true) {
		return this.act("calls.identify_speakers", { speakers, keep_edits: keep_edits ? 1 : 0 });
	}

	async act(method, args) {
		if (this.acting) return;
		this.acting = true;
		try {
			await post(method, { call: this.name, ...args });
			await this.load();
		} catch (error) {
			frappe.show_alert({
				message: frappe.utils.escape_html(error.message),
				indicator: "red",
			});
		}
		this.acting = false;
	}

	destroy() {
		this.gone = true;
		this.unwatch();
		if (this.stop_following) this.stop_following();
	}
}

// don't replace a playing media element because another field of the recording changed
function same_recording(one, other) {
	if (!one || !other) return one === other;
	const key = ({
		name,
		media_url,
		playable,
		duration,
		peaks,
		warnings,
		speaker_method,
		speaker_offers,
	}) =>
		JSON.stringify([
			name,
			media_url,
			playable,
			duration,
			peaks && peaks.count,
			warnings,
			speaker_method,
			speaker_offers,
		]);
	return key(one) === key(other);
}
