import { describe, expect, it } from "vitest";
import { show_text_as_text, show_title_as_text } from "@/desk/plain_text";
import { show_unknown_as_empty } from "@/desk/unknown_figures";

const formatter_of = (show, field) => {
	frappe.meta = { docfield_map: { Call: { field } } };
	frappe.form = { get_formatter: () => (value, df) => Number(value).toFixed(df.precision) };
	show("Call");
	return field.formatter;
};

describe("words in a report", () => {
	it("are text, and what is safe already stays as it is", () => {
		const format = formatter_of(show_text_as_text, { fieldtype: "Data" });
		expect(format(`<img onerror="x"> 'a' &amp; b`)).toBe(
			"&lt;img onerror=&quot;x&quot;&gt; &#39;a&#39; &amp; b"
		);
		expect([null, undefined, "", 0].map(format)).toEqual(["", "", "", "0"]);
		expect(formatter_of(show_text_as_text, { fieldtype: "Int" })).toBeUndefined();
	});
});

describe("a title in a list", () => {
	const doc = { title: "<b>Ada</b>" };
	const meta = { title_field: "title" };

	it("has no markup in Frappe 15.0, and nothing else changes", () => {
		const listview = { meta, get_subject_html: (row) => row.title };
		show_title_as_text(listview);
		expect(listview.get_subject_html(doc)).toBe("‹b›Ada‹/b›");
		expect(doc.title).toBe("<b>Ada</b>");
		expect(listview.get_subject_html({})).toBe("");
	});

	it("may be other words, as text in later ones", () => {
		const listview = { meta, get_subject_text: (row, title) => title };
		show_title_as_text(listview, ({ title }) => `${title}!`);
		expect(listview.get_subject_text(doc)).toBe("<b>Ada</b>!");
	});
});

describe("a figure in a list", () => {
	const field = { fieldtype: "Float", read_only: 1, default: "0" };

	it("is empty where it is unknown, and 0 where it is 0", () => {
		const format = formatter_of(show_unknown_as_empty, { ...field });
		expect([null, undefined, "", 0, 12.34].map((value) => format(value, field))).toEqual([
			"",
			"",
			"",
			"0.0",
			"12.3",
		]);
	});

	it("that somebody may write is Desk's own matter", () => {
		expect(formatter_of(show_unknown_as_empty, { ...field, read_only: 0 })).toBeUndefined();
	});
});
