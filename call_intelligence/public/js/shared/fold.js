// Folds text for searching: ignores case, accents and punctuation.
//
// Same rules as engine/terms/words.py, for tracked terms; tests/unit/engine/folding.json has cases for both.
// Imports nothing, so that the tests can run it alone.

// Scripts that put no spaces between words: Thai, Lao, Tibetan, Myanmar, Khmer, kana, ideographs.
const UNSPACED =
	"\\u0e00-\\u0fff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const BEGINS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
const ENDS_UNSPACED = new RegExp(`[${UNSPACED}]$`, "u");
const PICTURES =
	"\\u231a-\\u23ff\\u2600-\\u27bf\\u2b00-\\u2bff\\u{1f000}-\\u{1f3fa}\\u{1f400}-\\u{1faff}";
// C++ and C# are words; "·" is the decimal point of plain_number
const TOKEN = new RegExp(`[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}+#·]*|[${PICTURES}]`, "gu");
// emoji presentation, skin tones, and invisible characters
const NOTHING = /\ufe0e|\ufe0f|[\u{1f3fb}-\u{1f3ff}]|\p{Cf}/gu;
// Marks that are accents; in other scripts, marks make other letters, as in й, が and Indian vowels.
const ACCENTS = /([A-Za-z\u0370-\u03ff])[\u0300-\u036f]+/g;
const POINTS = /[\u0591-\u05c7\u064b-\u065f\u0670\u0640]+/g;
// prettier-ignore
const LETTERS = {
	ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ŧ: "t", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th", ё: "е", ς: "σ",
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
const NOT = /n['’ʼ]t(?![\p{L}\p{N}])/giu;
const NUMBER = /\d+(?:[.,]\d+)+/g;
const THOUSANDS = /^\d{1,3}([.,])\d{3}(?:\1\d{3})*$/;
// joins the parts of a word that may be written as one or two
const JOINT = /^['’ʼ\u2010-]$/;
const BEGINS_JOINED = /^\s*['’ʼ\u2010-][\p{L}\p{N}]/u;
const ENDS_JOINED = /[\p{L}\p{N}\p{M}]['’ʼ\u2010-]\s*$/u;

/** 1,000 and 1.000 equal 1000; 2.5 equals 2,5. */
function plain_number(text) {
	if (THOUSANDS.test(text)) return text.replace(/[.,]/g, "");
	const numbers = text.split(/[.,]/);
	const fraction = numbers.pop();
	return `${numbers.join("")}·${fraction}`;
}

function plain_letters(text) {
	return String(text === null || text === undefined ? "" : text)
		.replace(/[™℠]/g, " ")
		.normalize("NFKC")
		.replace(NOTHING, "")
		.replace(NOT, "nt")
		.replace(NUMBER, plain_number)
		.normalize("NFKD")
		.toLowerCase()
		.replace(ACCENTS, "$1")
		.replace(POINTS, "")
		.normalize("NFC")
		.replace(SPECIAL, (letter) => LETTERS[letter]);
}

/** "Zażółć, e-mail in C++!" -> "zazolc e-mail in c++": a hyphen marks where a word may be written as two. */
export function fold(text) {
	const plain = plain_letters(text);
	let folded = "";
	let end = 0;
	for (const { 0: token, index } of plain.matchAll(TOKEN)) {
		folded += glue(folded, token, JOINT.test(plain.slice(end, index))) + token;
		end = index + token.length;
	}
	return folded;
}

/** The separator of two folded texts. */
function glue(before, after, joined) {
	if (!before || !after || ENDS_UNSPACED.test(before) || BEGINS_UNSPACED.test(after)) return "";
	return joined ? "-" : " ";
}

/** Several texts as one folded line. @returns {{text: string, starts: number[]}} starts: offset of each text */
export function fold_all(texts) {
	const starts = [];
	let text = "";
	let joined = false;
	texts.forEach((one) => {
		const folded = fold(one);
		text += glue(text, folded, joined || BEGINS_JOINED.test(one));
		starts.push(text.length);
		text += folded;
		joined = ENDS_JOINED.test(one);
	});
	return { text, starts };
}

/** The pattern of a query in folded text: a RegExp with the flag "g"; null for a query of only punctuation. */
export function pattern(query) {
	const folded = fold(query);
	if (!folded) return null;
	const signs = [...folded].map((sign) => {
		if (sign === " ") return "[ -]";
		return sign === "-" ? "[ -]?" : sign.replace(/[+.*?^$(){}|[\]\\]/, "\\$&");
	});
	// "followup" matches "follow-up" too; a letter does not match without its vowel sign
	const wanted = signs.join("-?").replace(/(\[ -\]\??)-\?|-\?(?=\[ -\])/g, "$1");
	return new RegExp(`${wanted}(?!\\p{M})`, "gu");
}

/** Whether the query, or each of its words in any order, is in the text. */
export function has_words(text, query) {
	const folded = fold(text);
	const words = String(query || "").split(/\s+/);
	return words.map(pattern).every((wanted) => !wanted || wanted.test(folded));
}
