// The store `terms`: mentions of tracked terms, and stepping through them.
import { computed, markRaw, reactive } from "vue";
import { fold } from "../shared/fold";
import { get } from "../shared/server";
import { use_terms_editor } from "./terms_editor";
import { SEGMENT, WORD, words_of } from "../shared/transcript";

// a mention as the server sends it
const FIRST_SEGMENT = 4;
const LAST_SEGMENT = 5;
const POLL = 2000;

function described(term, row) {
	return {
		term,
		start: row[0],
		end: row[1],
		speaker: row[2],
		side: row[3],
		first_segment: row[FIRST_SEGMENT],
		last_segment: row[LAST_SEGMENT],
		first: row[6],
		last: row[7],
		text: row[8],
	};
}

/** The words of a mention: [{row, first, last}]; empty if the transcript has changed since. */
export function words_of_mention(mention, segments, row_of) {
	const from = row_of.get(mention.first_segment);
	const to = row_of.get(mention.last_segment);
	if (from === undefined || to === undefined) return [];
	// others may have spoken between two utterances of one voice
	const rows = from === to ? [from] : [from, to];
	const parts = rows.map((row) => ({
		row,
		first: row === from ? mention.first : 0,
		last: row === to ? mention.last : words_of(segments[row]).length - 1,
	}));
	const said = parts.map(({ row, first, last }) =>
		words_of(segments[row])
			.slice(first, last + 1)
			.map((word) => word[WORD.TEXT])
			.join(" ")
	);
	const plain = (text) => fold(text).replace(/[ -]/g, "");
	const there = plain(said.join(" "));
	// a very long mention is stored shortened
	return there && there.startsWith(plain(mention.text)) ? parts : [];
}

/** Used through `reactive`. */
export function use_terms({ call, moments, playback, transcript }) {
	let timer = null;

	const all = computed(() => terms.categories.flatMap((category) => category.terms));
	const mentions = computed(() => all.value.flatMap((term) => term.mentions));
	const row_of = computed(
		() => new Map(transcript.segments.map((segment, row) => [segment[SEGMENT.NAME], row]))
	);
	/** the mentions being stepped through */
	const chosen = computed(() => {
		const term = all.value.find(({ name }) => name === terms.term);
		if (!term) return [];
		return term.mentions.filter(({ side }) => !terms.side || side === terms.side);
	});

	const terms = reactive({
		/** whether the user has the seat */
		available: false,
		/** [{name, title, terms: [{name, title, mentions: [...], sides: {Owner, Customer, Unknown}}]}] */
		categories: [],
		may_edit: false,
		/** the search of older calls, for managers: {status, done, total, found, waiting, error} */
		scan: null,
		/** name of the current term, and the side of its mentions: "" all, else "Owner", "Customer" or "Unknown" */
		term: "",
		side: "",
		/** index among the chosen mentions; -1 before the first */
		at: -1,
		/** whether older calls are being searched, or soon will be */
		searching: computed(
			() =>
				Boolean(terms.scan) &&
				(["Queued", "Running"].includes(terms.scan.status) || terms.scan.waiting)
		),
		all,
		chosen,
		count: computed(() => mentions.value.length),
		title: computed(
			() => (all.value.find(({ name }) => name === terms.term) || { title: "" }).title
		),
		current: computed(() => chosen.value[terms.at] || null),

		/** row -> its marks: [{first, last, title, now}] */
		by_row: computed(() => {
			const rows = new Map();
			mentions.value.forEach((mention) => {
				words_of_mention(mention, transcript.segments, row_of.value).forEach((part) => {
					if (!rows.has(part.row)) rows.set(part.row, []);
					rows.get(part.row).push({ ...part, mention, title: mention.term.title });
				});
			});
			return rows;
		}),
		/** for the waveform; the mentions being stepped through are highlighted */
		markers: computed(() => {
			const now = new Set(chosen.value);
			return mentions.value.map((mention) => ({
				time: mention.start,
				kind: now.has(mention) ? "term-now" : "term",
				label: mention.term.title,
				go: () => terms.show(mention),
			}));
		}),

		take(answer) {
			terms.available = Boolean(answer);
			if (!answer || call.gone) return;
			const before = terms.current;
			terms.categories = answer.categories.map((category) => ({
				...category,
				terms: category.terms.map(with_mentions),
			}));
			terms.may_edit = answer.may_edit;
			terms.scan = answer.scan;
			if (before) stay(before);
			else terms.at = -1;
			watch_scan();
		},

		/** Starts stepping through the mentions of a term, or continues. */
		choose(term, side = "") {
			const again = terms.term === term.name && terms.side === side && terms.at >= 0;
			terms.term = term.name;
			terms.side = side;
			if (again) terms.step(1);
			else terms.go_to(0);
		},
		/** To the next mention (1) or the previous (-1), wrapping around; without a chosen term through all of them. */
		step(by) {
			if (!chosen.value.length) return step_through_all(by);
			const count = chosen.value.length;
			const from = terms.at < 0 && by < 0 ? 0 : terms.at;
			terms.go_to((from + by + count) % count);
		},
		go_to(index) {
			terms.at = index;
			const mention = chosen.value[index];
			if (mention) moments.visit(mention.start);
		},
		/** Shows one mention of any term. */
		show(mention) {
			if (terms.term !== mention.term.name || (terms.side && terms.side !== mention.side)) {
				terms.term = mention.term.name;
				terms.side = "";
			}
			terms.go_to(chosen.value.findIndex(({ start }) => start === mention.start));
		},
		clear() {
			terms.term = "";
			terms.side = "";
			terms.at = -1;
		},

		watch_scan,
		destroy() {
			clearTimeout(timer);
			terms.editor.destroy();
		},
	});

	function with_mentions(term) {
		const sides = { Owner: 0, Customer: 0, Unknown: 0 };
		const about = { name: term.name, title: term.title, sides };
		about.mentions = markRaw(term.mentions.map((row) => described(about, row)));
		about.mentions.forEach(({ side }) => (sides[side] += 1));
		return about;
	}

	// the current mention stays current, even if others were added before it
	function stay(before) {
		terms.at = chosen.value.findIndex(({ start }) => start === before.start);
		if (!chosen.value.length) terms.clear();
	}

	function step_through_all(by) {
		const list = [...mentions.value].sort((one, other) => one.start - other.start);
		const now = playback.time;
		const next = list.find(({ start }) => start > now + 0.05) || list[0];
		const before =
			list.filter(({ start }) => start < now - 0.05).pop() || list[list.length - 1];
		const mention = by > 0 ? next : before;
		if (mention) moments.visit(mention.start);
	}

	// ---- progress of the search of older calls

	function watch_scan() {
		clearTimeout(timer);
		if (terms.may_edit && terms.searching && !call.gone) timer = setTimeout(ask, POLL);
	}

	async function ask() {
		try {
			const { scan } = await get("terms.progress");
			const was = terms.searching;
			terms.scan = scan;
			if (was && !terms.searching) call.load();
		} catch {
			// the next poll tries again
		}
		watch_scan();
	}

	terms.editor = use_terms_editor({ call, terms });
	return terms;
}
