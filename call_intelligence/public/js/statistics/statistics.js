// The store `statistics`: the figures of the call, with their moments.
import { markRaw, reactive } from "vue";
import { clock, duration } from "../shared/format";

/** Used through `reactive`. */
export function use_statistics({ call, moments }) {
	const statistics = reactive({
		/** as returned by statistics/describe.py; null: not computed yet */
		data: null,
		/** {figure: index of the moment visited last} */
		places: {},

		take(data) {
			if (data === undefined || call.gone) return;
			// the moments have changed
			if (JSON.stringify(data) !== JSON.stringify(statistics.data)) statistics.places = {};
			statistics.data = data && markRaw(data);
		},
		figure(key) {
			return statistics.data.figures.find((figure) => figure.key === key);
		},
		/**
		 * To the next or previous moment of a figure.
		 * @param {string} name of the figure; places: its moments, [[start, end], ...]; way: 1 or -1
		 */
		visit(name, places, way = 1) {
			if (!places.length) return;
			const last = statistics.places[name];
			const first = way > 0 ? 0 : places.length - 1;
			const index =
				last === undefined ? first : (last + way + places.length) % places.length;
			statistics.places[name] = index;
			moments.visit(places[index][0]);
		},
	});
	return statistics;
}

/** @returns {{number: string, unit: string}} a figure as shown; null: unknown */
export function reads({ value, unit }) {
	if (value === null) return null;
	switch (unit) {
		case "percent":
			return { number: decimal(value, 0), unit: "%" };
		case "seconds":
			return seconds(value);
		case "words per minute":
			return { number: decimal(value, 0), unit: __("words per minute") };
		case "per minute":
			return { number: decimal(value, 1), unit: __("per minute") };
		case "score":
			return { number: decimal(value, 1), unit: __("of 10") };
		default:
			return { number: decimal(value, 0), unit: "" };
	}
}

function seconds(value) {
	if (value && value < 10) return { number: decimal(value, 1), unit: __("s") };
	if (value < 60) return { number: decimal(value, 0), unit: __("s") };
	return { number: clock(value), unit: value < 3600 ? __("min") : __("h") };
}

/** In the user's number format. */
export function decimal(value, digits) {
	return format_number(value, null, digits);
}

/** "1 min 12 s" @param {number} value seconds */
export function long_time(value) {
	return value < 10 ? __("{0} s", [decimal(value, 1)]) : duration(value);
}
