// Puts the stores of one review together. Each feature has a store of its own, and names those of others that it needs.
import { reactive } from "vue";
import { use_associations } from "../associations/associations";
import { use_comments } from "../comments/comments";
import { use_notes } from "../notes/notes";
import { use_participants } from "../people/participants";
import { use_terms } from "../insights/terms";
import { use_markers } from "../player/markers";
import { Playback } from "../player/playback";
import { use_statistics } from "../statistics/statistics";
import { use_editing } from "../transcript/editing";
import { use_search } from "../transcript/search";
import { use_transcript } from "../transcript/transcript";
import { use_call } from "./call";
import { use_focus } from "./focus";
import { use_links } from "./links";
import { use_moments } from "./moments";
import { Preferences } from "./preferences";
import { Tabs } from "./tabs";

/** @returns {Object<string, object>} the stores by the names of their features, and `destroy` */
export function create_review(name, options = {}) {
	const preferences = reactive(new Preferences());
	const playback = reactive(new Playback(preferences));
	playback.on_part_ended = options.on_part_ended || null;
	playback.set_part(options.part || null);
	const stores = { preferences, playback };
	stores.tabs = reactive(new Tabs());
	stores.transcript = use_transcript();
	stores.call = use_call(name, options, stores);
	stores.moments = use_moments(stores);
	stores.search = use_search(stores);
	stores.editing = use_editing(stores);
	stores.associations = use_associations(stores);
	stores.comments = use_comments(stores);
	stores.notes = use_notes(stores);
	stores.statistics = use_statistics(stores);
	stores.participants = use_participants(stores);
	stores.terms = use_terms(stores);
	stores.focus = use_focus(stores);
	stores.markers = use_markers(stores);
	stores.links = use_links(stores);

	const { call, links } = stores;
	call.on_answer = (data) => take(stores, data);
	call.on_loaded = () => links.loaded();
	stores.editing.listen();
	stores.destroy = () => destroy(stores);
	return stores;
}

/** Hands the answer of review.get to the features. */
function take({ call, playback, transcript, ...features }, data) {
	call.take(data);
	const { recording } = data;
	playback.set_duration((recording && recording.duration) || data.call.duration);
	transcript.take(data);
	features.editing.take(data.edits);
	features.associations.take(data.associations);
	features.comments.take(data.comments);
	features.notes.take(data.notes);
	features.statistics.take(data.statistics);
	features.participants.take(data.participants);
	features.terms.take(data.terms);
}

function destroy({ call, playback, preferences, editing, comments, notes, terms }) {
	call.destroy();
	editing.destroy();
	playback.detach();
	preferences.close();
	comments.destroy();
	notes.destroy();
	terms.destroy();
}
