import { describe, expect, it, test } from "vitest";
import { get, post } from "@/shared/server";
import { Refusal, serve } from "../server";

// the server's markup as parsed by the browser
globalThis.DOMParser = class {
	parseFromString(html) {
		return { body: { textContent: html.replace(/<[^>]*>/g, "") } };
	}
};
const refused = async (status, text) => {
	serve({ "x.y": () => new Refusal(status, text) });
	return get("x.y").catch((error) => error);
};
const with_words = (...messages) =>
	JSON.stringify({
		_server_messages: JSON.stringify(messages.map((one) => JSON.stringify(one))),
	});

describe("a request", () => {
	it("sends what has a value, lists and objects as JSON", async () => {
		const asked = serve({ "x.y": () => ({ ok: true }) });
		const list = [{ a: 1 }];
		expect(await post("x.y", { list, none: null, not: undefined, zero: 0, "": "" })).toEqual({
			ok: true,
		});
		expect(asked[0].args).toEqual({ list, zero: 0, "": "" });
	});

	it("asks with its arguments in the address", async () => {
		const asked = serve({ "x.y": () => null });
		expect(await get("x.y", { call: "A & B?", text: "Zażółć" })).toBeNull();
		expect(asked[0].args).toEqual({ call: "A & B?", text: "Zażółć" });
	});
});

describe("a refusal", () => {
	it("has the server's words, all of them, without their markup", async () => {
		const error = await refused(
			417,
			with_words({ message: "One <b>thing</b>." }, { message: "Two." })
		);
		expect(error).toMatchObject({ message: "One thing. Two.", status: 417, passing: false });
	});

	test.each([
		[403, "You are not allowed to do this."],
		[404, "This no longer exists."],
		[413, "The server refused it as too large."],
		[429, "Too many requests at once. Try again in a moment."],
		[502, "The server could not answer (502)."],
		[0, "The connection was lost."],
	])("%i without words reads %j", async (status, text) => {
		expect((await refused(status, "<html>of a proxy</html>")).message).toBe(text);
	});

	test.each([
		[0, true],
		[429, true],
		[500, false],
		[502, true],
		[504, true],
		[403, false],
		[417, false],
	])("%i may pass by itself: %s", async (status, passing) => {
		expect((await refused(status)).passing).toBe(passing);
	});

	it("brings along what the server answered", async () => {
		const error = await refused(409, JSON.stringify({ message: { newer: true } }));
		expect(error.answer).toEqual({ newer: true });
	});
});
