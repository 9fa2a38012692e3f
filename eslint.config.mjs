// Rules of the front end, for `./run lint`; prettier decides on formatting.
import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import vue from "eslint-plugin-vue";
import globals from "globals";

// what Desk provides on each of its pages
const desk = Object.fromEntries(
	[
		"$",
		"Sortable",
		"__",
		"call_intelligence",
		"cur_frm",
		"cur_list",
		"format_number",
		"frappe",
		"locals",
		"moment",
	].map((name) => [name, "readonly"])
);

// stores, under the names that components give them
const STORES =
	"/^(store|form|sharing|call|transcript|moments|markers|links|playback|preferences|tabs|search|comments|talk|notes|people|participants|editing|terms|editor|term|category|associations|part|statistics|focus)$/";
const WRITES = "Components don't write to a store: call one of its actions.";
const of_store = `Identifier[name=${STORES}]`;
const store_writes = [
	`AssignmentExpression > MemberExpression.left ${of_store}`,
	`UpdateExpression > MemberExpression ${of_store}`,
	`CallExpression[callee.object.name="Object"][callee.property.name="assign"] > ${of_store}.arguments:first-child`,
	`CallExpression[callee.property.name=/^(push|pop|shift|unshift|splice|sort|reverse)$/] > MemberExpression > MemberExpression.object ${of_store}`,
].map((selector) => ({ selector, message: WRITES }));
const template_writes = [
	"AssignmentExpression[left.type='MemberExpression']",
	"UpdateExpression[argument.type='MemberExpression']",
	"CallExpression[callee.object.name='Object'][callee.property.name='assign']",
	"VAttribute[directive=true][key.name.name='model'] MemberExpression",
].map((selector) => ({ selector, message: WRITES }));

export default [
	{ ignores: ["**/dist/**", "**/node_modules/**", ".bench*/**"] },
	{ linterOptions: { reportUnusedDisableDirectives: "error" } },
	js.configs.recommended,
	...vue.configs["flat/recommended"],
	prettier,
	{
		files: ["call_intelligence/**/*.{js,vue}"],
		languageOptions: { globals: { ...globals.browser, ...desk } },
	},
	{
		files: ["devbench/node/*.js"],
		languageOptions: { sourceType: "commonjs", globals: globals.node },
	},
	{
		files: ["tests/**/*.{js,mjs}", "*.mjs"],
		languageOptions: { globals: { ...globals.node, ...globals.browser, ...desk } },
	},
	{
		files: ["call_intelligence/**/*.vue"],
		rules: {
			// components are imported, never registered as elements: Player, Icon
			"vue/multi-word-component-names": "off",
			"vue/prop-name-casing": ["error", "snake_case"],
			"vue/no-v-html": "error",
			"vue/no-restricted-syntax": ["error", ...template_writes],
			"no-restricted-syntax": ["error", ...store_writes],
		},
	},
	{
		rules: {
			eqeqeq: "error",
			"no-var": "error",
			"prefer-const": "error",
			"no-unused-vars": ["error", { ignoreRestSiblings: true }],
		},
	},
];
