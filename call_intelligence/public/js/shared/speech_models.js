// What to expect of the site's speech model in a language, where one is chosen.

/**
 * @param {Object} models {language code: [model, few|some|many|none, better model, [from, to]]}, see speech/told.py
 * @param {string} code of the language; "" where it is found out automatically
 * @param {string} name of the language, as people call it
 * @returns {string} as plain text; "" where nothing is known
 */
export function what_to_expect(models, code, name) {
	const known = code && models && models[code];
	if (!known) return "";
	const [model, mistakes, better, range] = known;
	const texts = {
		few: () => __("{0} with {1}: expect few mistakes.", [name, model]),
		some: () => __("{0} with {1}: expect some mistakes in many sentences.", [name, model]),
		many: () => __("{0} with {1}: expect many mistakes.", [name, model]),
		none: () => __("{0} with {1}: this model knows English only.", [name, model]),
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
			__("A larger model makes fewer: your administrator can set it up with {0}", [
				`bench --site SITE call-intelligence setup-engine --model ${better} --language ${code}`,
			])
		);
	}
	return said.join(" ");
}
