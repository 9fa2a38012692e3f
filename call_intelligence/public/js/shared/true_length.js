// Browsers count the time of some files in ways of their own; the length they find in them gives that away.

// seconds; encoders pad the end
const LEEWAY = 0.5;
const COPY = "&copy=1";

/**
 * For a format that the browser does not play: the element gets the copy, which of a video is the sound alone.
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
 * Where the length is not the one the transcript has, the element gets the copy on the transcript's time, which the server makes if it
 * must. Videos stay as they are: the copy has no pictures.
 * @param {HTMLMediaElement} media that knows its length
 * @param {number} seconds as the server says; 0 where it does not
 * @returns {boolean} whether it loads the copy now
 */
export function takes_copy(media, seconds) {
	const address = media.getAttribute("src") || "";
	if (!seconds || media.tagName === "VIDEO" || address.endsWith(COPY)) return false;
	if (Math.abs(media.duration - seconds) <= LEEWAY) return false;
	media.src = address + COPY;
	return true;
}
