// Checks of a file before it is sent: its size here, its first bytes and name on the server.
import { file_size } from "../shared/format";
import { post } from "../shared/server";

const HEAD_BYTES = 8192;

/** @param {File} file  @returns {string} why the file is refused, as a message; empty if it may be tried */
export function refusal(file, { max_file_bytes = 0 } = {}) {
	if (!file.size) return __("This file is empty.");
	if (max_file_bytes && file.size > max_file_bytes) {
		const sizes = [file.size, max_file_bytes];
		const [has, at_most] = sizes.map(file_size);
		// a slightly larger file would be shown with the same size as the limit
		const shown = has === at_most ? sizes.map((bytes) => `${bytes} B`) : [has, at_most];
		return __("This file has {0}; at most {1} are accepted.", shown);
	}
	return "";
}

/** @returns {Promise<{refusal, may_be_raw, starts, people}>} see uploads.inspect */
export async function inspect(file) {
	const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
	return post("uploads.inspect", {
		file_name: file.name,
		head: btoa(String.fromCharCode(...head)),
		modified: file.lastModified ? new Date(file.lastModified).toISOString() : undefined,
	});
}
