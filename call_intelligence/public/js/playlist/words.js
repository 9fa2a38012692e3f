// Names of a playlist's options, spelled out so that the extractor of translatable texts finds them.

/** The values of Call Playlist's field "visibility", the narrowest first. */
export const VISIBILITIES = ["Only me", "Chosen people", "Everyone with the seat"];

export function visibility_name(visibility) {
	const names = {
		"Only me": __("Only me"),
		"Chosen people": __("Chosen people"),
		"Everyone with the seat": __("Everyone with the seat"),
	};
	return names[visibility] || __(visibility || "");
}

/** Cover colours with enough contrast for white letters. */
export const COLOURS = [
	"#1467B4",
	"#136355",
	"#98457D",
	"#522F87",
	"#B2500C",
	"#6F421E",
	"#56606A",
];
