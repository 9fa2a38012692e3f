// The list of what the app uses of Desk is complete, and the functions of compat.js
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { DESK, keep_seconds, set_titles } from "@/desk/compat";

const APP = path.resolve(__dirname, "../../../../call_intelligence");
const USES = /(?<![\w."'`/$])(frappe|frm|listview|cur_list|dialog)\??((?:\.[A-Za-z_$][\w$]*)+)/g;
const COMMENTS = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;
const LISTS = {
	frappe: "frappe",
	frm: "form",
	listview: "list",
	cur_list: "list",
	dialog: "dialog",
};
// set by our own code and by the server
const OWN = /^(ci_|boot\.call_intelligence|route_options|doctype$)/;

function* sources(folder) {
	for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
		if (["dist", "node_modules"].includes(entry.name)) continue;
		const place = path.join(folder, entry.name);
		if (entry.isDirectory()) yield* sources(place);
		else if (/\.(js|vue)$/.test(entry.name)) yield place;
	}
}

const known = (used, listed) =>
	listed
		.flatMap((names) => names.split("|"))
		.some((name) => `${used}.`.startsWith(`${name}.`) || `${name}.`.startsWith(`${used}.`));

test("everything that the app uses of Desk is listed", () => {
	const missing = new Set();
	for (const file of [...sources(`${APP}/public/js`), ...sources(`${APP}/call_intelligence`)]) {
		const code = fs.readFileSync(file, "utf8").replace(COMMENTS, "");
		for (const [, variable, dotted] of code.matchAll(USES)) {
			const used = dotted.slice(1);
			if (!OWN.test(used) && !known(used, DESK[LISTS[variable]])) {
				missing.add(`${variable}.${used} in ${path.relative(APP, file)}`);
			}
		}
	}
	expect([...missing]).toEqual([]);
});

describe("titles of a list", () => {
	const doc = { name: "C1", title: "<b>Deal</b>" };

	test("are without brackets where Desk renders them as markup", () => {
		const listview = {
			meta: { title_field: "title" },
			get_subject_html: ({ title }) => title,
		};
		set_titles(listview, ({ title }) => `${title} now`);
		expect(listview.get_subject_html(doc)).toBe("‹b›Deal‹/b› now");
	});

	test("are passed on where Desk sets them as text", () => {
		const listview = {
			meta: { title_field: "title" },
			get_subject_text: (_doc, title) => title,
		};
		set_titles(listview, ({ title }) => title);
		expect(listview.get_subject_text(doc)).toBe("<b>Deal</b>");
	});
});

describe("a time shown without seconds", () => {
	function form() {
		const control = {
			df: { fieldtype: "Datetime", fieldname: "start_time" },
			parse: (text) => (text ? `${text}:00` : text),
			format_for_input: (value) => value.slice(0, 16),
		};
		const frm = { doc: { start_time: "2026-01-31 14:30:12" }, fields_dict: { control } };
		keep_seconds(frm);
		keep_seconds(frm);
		return control;
	}

	test("keeps its seconds while it is unchanged", () => {
		expect(form().parse("2026-01-31 14:30")).toBe("2026-01-31 14:30:12");
	});

	test("is read by Desk when it is changed or emptied", () => {
		expect(form().parse("2026-01-31 14:31")).toBe("2026-01-31 14:31:00");
		expect(form().parse("")).toBe("");
	});
});
