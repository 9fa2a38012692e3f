// Times as people write them.

/** "83", "83.5", "1:23" or "1:02:03" in seconds; null for anything else. */
export function parse_time(text) {
	if (text === null || text === undefined || text === "") return null;
	const parts = String(text).trim().split(":");
	if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d+)?$/.test(part))) return null;
	return parts.reduce((total, part) => total * 60 + Number(part), 0);
}
