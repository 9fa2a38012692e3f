// What can be said about a file before a byte of it is sent. The server decides; this only spares waiting.
import { file_size } from "../shared/format";

/** @param {File} file  @returns {string} why the file is refused, in the user's words; empty when it may be tried */
export function refusal(file, { extensions = [], max_file_bytes = 0 } = {}) {
	if (!file.size) return __("This file is empty.");
	const extension = extension_of(file.name);
	if (extensions.length && !extensions.includes(extension)) {
		return extension
			? __("Files of the type .{0} are not accepted. Choose an audio or video recording.", [
					extension,
			  ])
			: __("This is not an audio or video recording.");
	}
	if (max_file_bytes && file.size > max_file_bytes) {
		return __("This file has {0}; at most {1} are accepted.", [
			file_size(file.size),
			file_size(max_file_bytes),
		]);
	}
	return "";
}

function extension_of(name) {
	const dot = name.lastIndexOf(".");
	return dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
}
