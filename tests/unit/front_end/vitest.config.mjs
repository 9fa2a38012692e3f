// Unit tests of call_intelligence/public/js in Node, without a page; test_vitest.py runs them.
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const here = fileURLToPath(new URL(".", import.meta.url));
const checkout = resolve(here, "../../..");
const bench = process.env.CALL_INTELLIGENCE_BENCH || resolve(checkout, ".bench");

export default defineConfig({
	root: checkout,
	resolve: {
		alias: {
			"@": resolve(checkout, "call_intelligence/public/js"),
			// the one that Frappe includes in the app's bundles
			vue: resolve(bench, "apps/frappe/node_modules/vue/index.mjs"),
		},
	},
	test: {
		include: ["tests/unit/front_end/**/*.test.js"],
		setupFiles: [resolve(here, "setup.js")],
		cache: false,
		// a fresh start for each file would take three times as long; setup.js restores what tests change
		pool: "threads",
		isolate: false,
	},
});
