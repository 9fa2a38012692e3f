import { afterEach, describe, expect, it, vi } from "vitest";
import { use_terms_editor } from "@/insights/terms_editor";
import { Refusal, serve } from "../server";

const term = (name, more = {}) => ({
	name,
	title: name,
	enabled: true,
	said_by: "Anyone",
	place: "Anywhere",
	minutes: 5,
	phrases: [{ text: name, exact: false }],
	mentions: 0,
	...more,
});
const category = (name, position, terms, more = {}) => ({
	name,
	title: name,
	position,
	creation: `made ${name}`,
	terms,
	...more,
});
const CATALOGUE = () => [
	category("Prices", 1, [term("discount"), term("budget")]),
	category("Rivals", 2, [term("acme")]),
];
const catalogue = (version, categories) => ({ version, categories, scan: null });

let made = [];
afterEach(() => {
	made.forEach((editor) => {
		// unsaved changes would be in the next one
		editor.close();
		editor.destroy();
	});
	made = [];
});

/** An editor of the catalogue, and its requests. `theirs`: saved by another user before the first save here. */
async function edit(theirs = null) {
	const asked = serve({
		"terms.read": (args, before) =>
			before ? catalogue("v2", theirs) : catalogue("v1", CATALOGUE()),
		"terms.save": (args, before) =>
			theirs && !before ? new Refusal(409) : catalogue("v3", theirs || CATALOGUE()),
	});
	const terms = { watch_scan: vi.fn(), take: vi.fn(), searching: false };
	const editor = use_terms_editor({ call: { name: "CALL-1" }, terms });
	made.push(editor);
	await editor.start();
	const sent = () => {
		const saves = asked.filter(({ method }) => method === "terms.save");
		return saves[saves.length - 1].args;
	};
	return { editor, asked, sent };
}

const in_category = (editor, title) => editor.categories.find((one) => one.title === title);
const term_in = (editor, title) =>
	editor.categories.flatMap(({ terms }) => terms).find((one) => one.title === title);
const titles = (editor) =>
	editor.categories.map(({ title, terms }) =>
		[title, ...terms.map((one) => one.title)].join(" ")
	);

describe("what is sent", () => {
	it("is nothing where nothing differs, also after something was changed and changed back", async () => {
		const { editor, asked } = await edit();
		expect(editor.dirty).toBe(false);
		term_in(editor, "acme").minutes = 9;
		expect(editor.dirty).toBe(true);
		term_in(editor, "acme").minutes = 5;
		expect(editor.dirty).toBe(false);
		await editor.save();
		expect(asked.map(({ method }) => method)).toEqual(["terms.read"]);
	});

	it("is only what differs", async () => {
		const { editor, sent } = await edit();
		term_in(editor, "acme").phrases.push({ text: "Ączme", exact: true });
		await editor.save();
		const { changes, version, call } = sent();
		expect([version, call]).toEqual(["v1", "CALL-1"]);
		expect(changes.categories).toEqual([]);
		expect(changes.terms.map(({ name, category: of }) => [name, of])).toEqual([
			["acme", "Rivals"],
		]);
		expect(changes.terms[0].phrases).toHaveLength(2);
		expect(editor.notice).toBe("Saved.");
		expect(editor.dirty).toBe(false);
	});

	it("names new terms in a new category by keys", async () => {
		const { editor, sent } = await edit();
		editor.add_category();
		const made = editor.categories[2];
		made.title = "New";
		editor.add_term(made);
		made.terms[0].title = "fresh";
		await editor.save();
		const { categories, terms } = sent().changes;
		expect(categories).toEqual([{ name: made.key, new: true, title: "New", position: 3 }]);
		expect(terms).toMatchObject([{ name: null, title: "fresh", category: made.key }]);
	});

	it("is the order of categories after one was moved, but not over the edge", async () => {
		const { editor, sent } = await edit();
		editor.move(editor.categories[0], -1);
		editor.move(editor.categories[1], 1);
		expect(editor.dirty).toBe(false);
		editor.move(editor.categories[1], -1);
		expect(titles(editor)).toEqual(["Rivals acme", "Prices discount budget"]);
		await editor.save();
		expect(sent().changes.categories.map(({ name, position }) => [name, position])).toEqual([
			["Rivals", 1],
			["Prices", 2],
		]);
	});

	it("is what was deleted, but not what was never saved", async () => {
		const { editor, sent } = await edit();
		const prices = in_category(editor, "Prices");
		editor.add_term(prices);
		editor.remove_term(prices, prices.terms[2]);
		expect(editor.dirty).toBe(false);
		editor.remove_term(prices, prices.terms[0]);
		editor.remove_category(in_category(editor, "Rivals"));
		await editor.save();
		expect(sent().changes).toMatchObject({
			deleted_terms: ["discount"],
			deleted_categories: ["Rivals"],
		});
	});

	it("is still there when the line was broken", async () => {
		const { editor } = await edit();
		serve({ "terms.save": () => new Refusal(0) });
		term_in(editor, "acme").title = "acme inc";
		await editor.save();
		expect(editor.failure).toBe("The connection was lost.");
		expect(editor.saving).toBe(false);
		expect(editor.changed.map(({ term: one }) => one.title)).toEqual(["acme inc"]);
	});
});

describe("an empty catalogue", () => {
	it("begins with a category", async () => {
		serve({ "terms.read": () => catalogue("v1", []) });
		const editor = use_terms_editor({ call: { name: "C" }, terms: { watch_scan() {} } });
		await editor.start();
		expect(editor.categories.map(({ position }) => position)).toEqual([1]);
		expect(editor.added).toBe(editor.categories[0].key);
		made.push(editor);
	});
});

describe("an editor that was left with its page", () => {
	it("goes on in the next call with what was not saved", async () => {
		const { editor } = await edit();
		term_in(editor, "acme").title = "acme inc";
		editor.destroy();
		const { editor: next, sent } = await edit();
		expect(next.notice).toBe("These changes have not been saved yet.");
		expect(term_in(next, "acme inc")).toBeDefined();
		await next.save();
		expect(sent().version).toBe("v1");
		next.destroy();
		const { editor: third } = await edit();
		expect(third.dirty).toBe(false);
	});
});

describe("when somebody else has saved meanwhile", () => {
	it("changes to other terms come together", async () => {
		const theirs = CATALOGUE();
		theirs[0].terms[0].minutes = 9;
		theirs[0].terms.push(term("rebate"));
		const { editor, sent } = await edit(theirs);
		term_in(editor, "acme").title = "acme inc";
		await editor.save();
		expect(titles(editor)).toEqual(["Prices discount budget rebate", "Rivals acme inc"]);
		expect(term_in(editor, "discount").minutes).toBe(9);
		expect(editor.failure).not.toBe("");
		await editor.save();
		expect(sent().version).toBe("v2");
		expect(sent().changes.terms.map(({ name }) => name)).toEqual(["acme"]);
	});

	it("a term that both have changed is marked and keeps what is written here", async () => {
		const theirs = CATALOGUE();
		theirs[1].terms[0].title = "ACME corp";
		const { editor } = await edit(theirs);
		term_in(editor, "acme").title = "acme inc";
		await editor.save();
		expect(titles(editor)[1]).toBe("Rivals acme inc");
		expect(term_in(editor, "acme inc").theirs).toBe(true);
	});

	it("a term that they have not touched is not marked", async () => {
		const theirs = CATALOGUE();
		theirs[0].terms[0].minutes = 9;
		const { editor } = await edit(theirs);
		term_in(editor, "acme").title = "acme inc";
		await editor.save();
		expect(term_in(editor, "acme inc").theirs).toBe(false);
	});

	it("a changed term that they have deleted is a new one, in its category", async () => {
		const theirs = CATALOGUE();
		theirs[1].terms = [];
		const { editor, sent } = await edit(theirs);
		term_in(editor, "acme").title = "acme inc";
		await editor.save();
		expect(titles(editor)).toEqual(["Prices discount budget", "Rivals acme inc"]);
		expect(term_in(editor, "acme inc")).toMatchObject({ name: null, theirs: true });
		await editor.save();
		expect(sent().changes.terms).toMatchObject([{ name: null, category: "Rivals" }]);
	});

	it("a category that they have deleted comes back for what is changed in it", async () => {
		const { editor, sent } = await edit(CATALOGUE().slice(0, 1));
		term_in(editor, "acme").title = "acme inc";
		await editor.save();
		expect(titles(editor)).toEqual(["Prices discount budget", "Rivals acme inc"]);
		await editor.save();
		const { categories, terms } = sent().changes;
		expect(categories).toMatchObject([{ new: true, title: "Rivals" }]);
		expect(terms[0].category).toBe(categories[0].name);
	});

	it("a category that they have deleted stays away where nothing of it was changed here", async () => {
		const { editor } = await edit(CATALOGUE().slice(0, 1));
		term_in(editor, "budget").title = "budgets";
		await editor.save();
		expect(titles(editor)).toEqual(["Prices discount budgets"]);
	});

	it("a term that they have moved stays where it is now", async () => {
		const theirs = CATALOGUE();
		theirs[1].terms.push(theirs[0].terms.pop());
		const { editor, sent } = await edit(theirs);
		term_in(editor, "budget").minutes = 7;
		await editor.save();
		expect(titles(editor)).toEqual(["Prices discount", "Rivals acme budget"]);
		await editor.save();
		expect(sent().changes.terms).toMatchObject([{ name: "budget", category: "Rivals" }]);
	});

	it("a new term goes into its category, also when that was renamed there", async () => {
		const theirs = CATALOGUE();
		// another title is another name
		Object.assign(theirs[1], { name: "Competitors", title: "Competitors" });
		const { editor, sent } = await edit(theirs);
		editor.add_term(in_category(editor, "Rivals"));
		in_category(editor, "Rivals").terms[1].title = "globex";
		await editor.save();
		expect(titles(editor)).toEqual(["Prices discount budget", "Competitors acme globex"]);
		await editor.save();
		expect(sent().changes).toMatchObject({
			categories: [],
			terms: [{ title: "globex", category: "Competitors" }],
		});
	});

	it("a category that both have renamed keeps the title of here, and that is said", async () => {
		const theirs = CATALOGUE();
		Object.assign(theirs[1], { name: "Competitors", title: "Competitors" });
		const { editor, sent } = await edit(theirs);
		in_category(editor, "Rivals").title = "Others";
		await editor.save();
		expect(editor.failure).toContain(
			"Somebody else has renamed Rivals to Competitors. Saving keeps your title Others."
		);
		await editor.save();
		expect(sent().changes.categories).toMatchObject([
			{ name: "Competitors", new: false, title: "Others" },
		]);
	});

	it("new categories of the same title become one, however it is written", async () => {
		const theirs = CATALOGUE();
		theirs.push(category("Łodzie", 3, [term("kajak")]));
		const { editor } = await edit(theirs);
		editor.add_category();
		const made = editor.categories[2];
		made.title = "  łodzie ";
		editor.add_term(made);
		made.terms[0].title = "prom";
		await editor.save();
		expect(titles(editor)[2]).toBe("Łodzie kajak prom");
		expect(editor.categories).toHaveLength(3);
	});

	it("what was deleted here stays deleted, unless they have changed it", async () => {
		const theirs = CATALOGUE();
		theirs[0].terms[1].minutes = 9;
		const { editor } = await edit(theirs);
		const prices = in_category(editor, "Prices");
		editor.remove_term(prices, prices.terms[0]);
		editor.remove_term(prices, prices.terms[0]);
		await editor.save();
		expect(titles(editor)).toEqual(["Prices budget", "Rivals acme"]);
		expect(editor.deleted.terms).toEqual(["discount"]);
		expect(editor.failure).toContain(
			"The tracked term budget stays: somebody else has changed it."
		);
	});

	it("a deleted category stays where they have added a term to it", async () => {
		const theirs = CATALOGUE();
		theirs[1].terms.push(term("globex"));
		const { editor } = await edit(theirs);
		editor.remove_category(in_category(editor, "Rivals"));
		await editor.save();
		expect(titles(editor)[1]).toBe("Rivals acme globex");
		expect(editor.failure).toContain("The category Rivals stays");
		expect(editor.dirty).toBe(false);
	});

	it("a deleted category stays deleted where they have changed other things", async () => {
		const theirs = CATALOGUE();
		theirs[0].terms[0].minutes = 9;
		const { editor } = await edit(theirs);
		editor.remove_category(in_category(editor, "Rivals"));
		await editor.save();
		expect(titles(editor)).toEqual(["Prices discount budget"]);
		expect(editor.deleted.categories.map(({ name }) => name)).toEqual(["Rivals"]);
	});

	it("what both have deleted is not sent again", async () => {
		const { editor } = await edit(CATALOGUE().slice(0, 1));
		editor.remove_category(in_category(editor, "Rivals"));
		await editor.save();
		expect(editor.dirty).toBe(false);
	});

	it("an order of here is kept over their changes", async () => {
		const theirs = CATALOGUE();
		theirs[1].terms[0].minutes = 9;
		const { editor } = await edit(theirs);
		editor.move(editor.categories[1], -1);
		await editor.save();
		expect(titles(editor)).toEqual(["Rivals acme", "Prices discount budget"]);
	});
});
