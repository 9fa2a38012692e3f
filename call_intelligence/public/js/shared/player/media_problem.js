// Explains why the sound cannot be played, and what to do.

/**
 * @param {HTMLMediaElement} media
 * @returns {Promise<{kind: string, message: string}>} kind: network, forbidden, gone, preparing, server, format, damaged
 */
export async function find_problem(media) {
	const code = media.error ? media.error.code : 0;
	const answer = await ask_for_one_byte(media.currentSrc || media.src);
	if (!answer) return problem("network");
	if (answer.status === 401 || answer.status === 403) return problem("forbidden");
	if (answer.status === 404 || answer.status === 410) return problem("gone");
	// answer of the stream while the playback copy is recreated; nginx gives no time
	if (answer.status === 503 && answer.headers.has("Retry-After")) return problem("preparing");
	if (!answer.ok) return problem("server", answer.status);
	if (code === MediaError.MEDIA_ERR_DECODE) return problem("damaged");
	// it is available now: the problem has passed
	if (code === MediaError.MEDIA_ERR_NETWORK) return problem("network");
	return problem("format", answer.headers.get("Content-Type"));
}

// the media element does not expose the server's answer
async function ask_for_one_byte(address) {
	const stop = new AbortController();
	try {
		const answer = await fetch(address, {
			headers: { Range: "bytes=0-0" },
			signal: stop.signal,
		});
		// a server without ranges would send the whole file
		stop.abort();
		return answer;
	} catch {
		return null;
	}
}

function problem(kind, detail) {
	return { kind, message: words(kind, detail) };
}

function words(kind, detail) {
	switch (kind) {
		case "network":
			return __(
				"The connection was lost. Check it, then try again. Playback continues from here."
			);
		case "forbidden":
			return __(
				"You may no longer hear this call, or you have been logged out. Reload the page."
			);
		case "gone":
			return __(
				"The file of this recording is missing on the server. Ask your administrator."
			);
		case "preparing":
			return __("The sound is being prepared. It appears here by itself in a moment.");
		case "server":
			return __("The server could not send the recording ({0}). Try again in a moment.", [
				detail,
			]);
		case "damaged":
			return __("The recording is damaged here. Skip ahead a little, or download it.");
		default:
			return __(
				"This browser cannot play this format ({0}). Use another browser, or download it.",
				[detail || "?"]
			);
	}
}
