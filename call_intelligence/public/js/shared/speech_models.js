// Expected accuracy of the site's speech model for a chosen language.
import { escape, language_name } from "./format";

/**
 * @param {Object} models {language code: [model, few|some|many|none, better model, [from, to]]}, see speech/told.py
 * @param {string} code of the language; "" if detected automatically
 * @returns {string} HTML; "" if unknown
 */
export function what_to_expect(models, code) {
	const known = code && models && models[code];
	if (!known) return "";
	const [model, mistakes, better, range] = known;
	const names = [escape(language_name(code, frappe.boot.lang)), escape(model)];
	const texts = {
		few: () => __("In {0}, the speech model {1} makes few mistakes.", names),
		some: () => __("In {0}, the speech model {1} makes some mistakes.", names),
		many: () => __("In {0}, the speech model {1} makes many mistakes.", names),
		none: () =>
			__("{0} cannot be recognised: the speech model {1} knows English only.", names),
	};
	const said = [texts[mistakes]()];
	if (range && mistakes !== "few") {
		said.push(
			range[0] === range[1]
				? __("With synthetic speech, {0} of 100 words were wrong.", [range[0]])
				: __("With synthetic speech, {0} to {1} of 100 words were wrong.", range)
		);
	}
	if (better) {
		said.push(
			__("A larger model makes fewer. An administrator sets it up on the server with {0}", [
				command(better, code),
			])
		);
	}
	return said.join(" ");
}

function command(model, code) {
	const text = `bench --site SITE call-intelligence setup-engine --model ${model} --language ${code}`;
	return `<code class="ci-command">${escape(text)}</code>`;
}
