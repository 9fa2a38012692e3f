// Browsers measure time differently in some files; a different length reveals this.

// seconds; encoders pad the end
const LEEWAY = 0.5;
const COPY = "&copy=1";

/**
 * For a format that the browser does not play: loads the copy, which for a video is only its sound.
 * @param {HTMLMediaElement} media that has failed
 * @returns {boolean} whether it loads the copy now
 */
export function takes_sound(media) {
	const address = media.getAttribute("src") || "";
	if (!address || address.endsWith(COPY)) return false;
	media.src = address + COPY;
	return true;
}

/**
 * If the length differs from the transcript's, loads the copy, which matches the transcript's times; the server creates it if
 * necessary. Videos are left unchanged: a copy made now has no pictures.
 * @param {HTMLMediaElement} media that knows its length
 * @param {number} seconds from the server; 0 if unknown
 * @returns {boolean} whether it loads the copy now
 */
export function takes_copy(media, seconds) {
	const address = media.getAttribute("src") || "";
	if (!seconds || media.tagName === "VIDEO" || address.endsWith(COPY)) return false;
	if (Math.abs(media.duration - seconds) <= LEEWAY) return false;
	media.src = address + COPY;
	return true;
}
