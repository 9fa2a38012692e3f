// State shared by the components of one review: the call and the playback.
import { markRaw, reactive } from "vue";
import { get, post } from "../shared/server";
import { live } from "../shared/live";
import { in_progress } from "../shared/states";
import { Playback } from "../player/playback";
import { use_associations } from "../associations/associations";
import { use_comments } from "../comments/comments";
import { use_focus } from "./focus";
import { use_notes } from "../notes/notes";
import { use_participants } from "../people/participants";
import { Preferences } from "./preferences";
import { use_editing } from "../transcript/editing";
import { use_search } from "../transcript/search";
import { use_statistics } from "../statistics/statistics";
import { use_terms } from "../insights/terms";
import { describe_speakers } from "../shared/speakers";
import { SEGMENT, segment_at } from "../shared/transcript";
import { Tabs } from "./tabs";
import { take_deep_link } from "../shared/deep_link";
import { follow_changes } from "../shared/changes";

/** The store of one review with its parts, each in a file of its own. */
export function create_review(name, options) {
	const store = reactive(new ReviewStore(name, options));
	store.search = use_search(store);
	store.editing = use_editing(store);
	store.editing.listen();
	store.associations = use_associations(store);
	store.comments = use_comments(store);
	store.notes = use_notes(store);
	store.statistics = use_statistics(store);
	store.participants = use_participants(store);
	store.terms = use_terms(store);
	store.focus = use_focus(store);
	return store;
}

/** Used through `reactive`; `segments` and `peaks` stay raw: thousands of words need no watching. */
class ReviewStore {
	constructor(name, options = {}) {
		const { on_finished, on_moved, on_changed, part, on_part_ended, lean, more_keys } =
			options;
		this.name = name;
		this.on_finished = on_finished;
		this.on_moved = on_moved;
		this.on_changed = on_changed;
		/** lean: only player, transcript and comments, within another page with its own URL */
		this.lean = Boolean(lean);
		/** keys of the surrounding page, see keyboard_help.js */
		this.more_keys = more_keys || [];
		this.loading = true;
		this.failure = "";
		this.call = null;
		this.permissions = {};
		this.recording = null;
		this.speakers = new Map();
		this.segments = markRaw([]);
		this.stages = [];
		/** the version of the loaded segments; the server does not send it again */
		this.transcript_version = null;
		this.preferences = reactive(new Preferences());
		this.playback = reactive(new Playback(this.preferences));
		this.playback.on_part_ended = on_part_ended || null;
		this.playback.set_part(part || null);
		this.tabs = reactive(new Tabs());
		/** where the transcript should scroll: {index, follow}; a new object each time */
		this.target = null;
		/** the transcript scrolls with the sound until the reader scrolls it */
		this.following = true;
		this.acting = false;
		this.stop_watching = null;
		this.stop_following = null;
	}

	get processing() {
		return Boolean(this.call) && in_progress(this.call.status);
	}

	get failed() {
		return Boolean(this.call) && this.call.status === "Failed";
	}

	/** the {start, end} shown; null: the whole call */
	get part() {
		return this.playback.part;
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

	/** Markers on the waveform: [{time, kind: "comment" | "hit" | "term" | "term-now", label, go}] */
	get markers() {
		return [...this.search.markers, ...this.comments.markers, ...this.terms.markers];
	}

	async load() {
		try {
			const known = this.transcript_version;
			const args = known ? { transcript_version: known } : {};
			const preferences = this.call ? null : this.preferences.refresh();
			const data = await get("review.get", { call: this.name, ...args });
			await preferences;
			this.take(data);
			this.failure = "";
		} catch (error) {
			// what is already on the screen stays readable
			if (!this.call) this.failure = error.message;
		}
		this.loading = false;
		if (this.pending_link === undefined) {
			this.pending_link = this.lean ? null : take_deep_link();
		}
		this.return_to_place();
		this.try_link();
		this.watch();
		this.follow();
	}

	take(data) {
		this.call = data.call;
		this.permissions = data.permissions || {};
		this.stages = data.stages || [];
		this.speakers = markRaw(describe_speakers(data.speakers));
		// null: the loaded transcript is current
		const unchanged = data.segments === null;
		if (unchanged && this.recording) data.recording.peaks = this.recording.peaks;
		if (!same_recording(this.recording, data.recording)) {
			this.recording = data.recording && markRaw(data.recording);
		}
		const duration = (data.recording && data.recording.duration) || data.call.duration;
		this.playback.duration = duration || 0;
		if (!unchanged) this.segments = markRaw(data.segments || []);
		this.transcript_version = data.transcript_version;
		this.editing.take(data.edits);
		this.associations.take(data.associations);
		this.comments.take(data.comments);
		this.notes.take(data.notes);
		this.statistics.take(data.statistics);
		this.participants.take(data.participants);
		this.terms.take(data.terms);
	}

	// speakers and associations may be changed in another window
	follow() {
		if (!this.call || this.stop_following || this.gone) return;
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
			event.status !== this.call.status ||
			Boolean(event.next_attempt_at) !== Boolean(this.call.next_attempt_at);
		const { status, progress, next_attempt_at } = event;
		Object.assign(this.call, { status, progress, next_attempt_at });
		if (event.error) this.call.error = event.error;
		if (this.on_moved) this.on_moved(event);
		if (event.finished) {
			this.unwatch();
			if (this.on_finished) this.on_finished();
		}
		// every stage adds something to show: the waveform, the words, the speakers
		if (stage_changed || event.finished) this.load();
	}

	unwatch() {
		if (this.stop_watching) this.stop_watching();
		this.stop_watching = null;
	}

	follow_link(link) {
		if (Object.values(link).every((value) => value === null)) return;
		this.pending_link = link;
		this.try_link();
	}

	// a moment can only be shown after the call is loaded
	try_link() {
		const link = this.pending_link;
		if (!link || !this.call) return;
		if (link.comment || link.tab) {
			this.pending_link = { ...link, comment: null, tab: null };
			if (link.tab) this.tabs.open(link.tab);
			if (link.comment) this.comments.open(link.comment);
		}
		if (link.shared) {
			this.pending_link = { ...this.pending_link, shared: null };
			this.focus.open(link.shared);
		}
		if (link.clip) this.playback.set_loop(link.clip.start, link.clip.end);
		let time = link.clip ? link.clip.start : link.time;
		if (link.segment) {
			const segment = this.segments.find((row) => row[SEGMENT.NAME] === link.segment);
			if (segment) time = segment[SEGMENT.START];
		}
		if (time === null) return;
		this.playback.seek(time);
		this.show(segment_at(this.segments, time));
		if (this.segments.length || !this.processing) this.pending_link = null;
	}

	// the saved position, once, unless the URL names a moment
	return_to_place() {
		if (!this.recording || this.returned) return;
		this.returned = true;
		if (this.lean) {
			this.show(segment_at(this.segments, this.playback.time + 0.05));
			return;
		}
		const asked = Object.values(this.pending_link || {});
		if (asked.some((value) => value !== null && value !== undefined)) return;
		const place = this.preferences.place_of(this.recording.name);
		if (place !== null) this.playback.seek(place);
	}

	/** Scrolls to an utterance; follow: from there the transcript scrolls with the sound. */
	show(index, { follow = true } = {}) {
		if (index >= 0) this.target = { index, follow };
	}

	/** The transcript scrolls with the sound, or stays where the reader has scrolled it. */
	follow_sound(following) {
		this.following = following;
	}

	/** Shows a part, which is looped; null: the whole call. @param {{start, end}|null} part */
	set_part(part) {
		this.playback.set_part(part);
		if (part) this.show(segment_at(this.segments, part.start + 0.05));
	}

	/** Seeks sound and transcript, and brings the transcript to the front in a single panel. */
	visit(time) {
		this.playback.seek(time);
		if (!this.tabs.wide) this.tabs.open("transcript");
		this.show(segment_at(this.segments, time));
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
		this.editing.destroy();
		this.unwatch();
		if (this.stop_following) this.stop_following();
		this.playback.detach();
		this.preferences.close();
		this.comments.destroy();
		this.notes.destroy();
		this.terms.destroy();
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
