// The files of one dialog and how far each is. Knows nothing of the page.
import { refusal } from "./checks";
import { Transport } from "./transport";

const AT_ONCE = 2;

/**
 * An entry's state: waiting, refused (checked here, never sent), sending, creating, done, failed (may be tried again).
 * @typedef {{id, file, state, fraction, message, final, call, duplicate, warnings}} Entry
 */
export class UploadQueue {
	/** @param {function(Entry): void} changed called whenever an entry looks different */
	constructor(limits, changed) {
		this.limits = limits;
		this.changed = changed;
		/** @type {Entry[]} */
		this.entries = [];
		this.next_id = 1;
	}

	add(files) {
		for (const file of files) {
			const message = refusal(file, this.limits);
			const entry = {
				id: this.next_id++,
				file,
				state: message ? "refused" : "waiting",
				message,
				fraction: 0,
				warnings: [],
			};
			entry.transport = new Transport(file, (fraction) => this.update(entry, { fraction }));
			this.entries.push(entry);
			this.changed(entry);
		}
	}

	find(id) {
		return this.entries.find((entry) => entry.id === id);
	}

	remove(id) {
		const entry = this.find(id);
		if (!entry) return;
		entry.transport.stop();
		this.entries = this.entries.filter((other) => other !== entry);
	}

	of_state(...states) {
		return this.entries.filter(({ state }) => states.includes(state));
	}

	/** Files that would be lost if the page went away now; one that the server refused is not worth asking about. */
	get unfinished() {
		const failed = this.of_state("failed").filter(({ final }) => !final);
		return this.of_state("waiting", "sending", "creating").length + failed.length;
	}

	get busy() {
		return this.of_state("sending", "creating").length > 0;
	}

	/** Names of the calls that came of it, those that were there already included. */
	get calls() {
		return this.of_state("done").map(({ call }) => call);
	}

	/** Uploads everything that waits; resolves when nothing moves any more. @param {object} details of calls.create */
	async run(details) {
		this.details = details;
		const lane = async () => {
			for (;;) {
				const [entry] = this.of_state("waiting");
				if (!entry) return;
				await this.process(entry);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, lane));
	}

	/** Puts a failed file back in line. */
	retry(id) {
		const entry = this.find(id);
		if (entry && entry.state === "failed")
			this.update(entry, { state: "waiting", message: "" });
	}

	stop() {
		this.entries.forEach(({ transport }) => transport.stop());
	}

	async process(entry) {
		const { transport } = entry;
		this.update(entry, { state: "sending", message: "" });
		try {
			await transport.send_file();
			this.update(entry, { state: "creating", fraction: 1 });
			const answer = await transport.create_call(this.details);
			this.update(entry, {
				state: "done",
				call: answer.call,
				duplicate: Boolean(answer.duplicate),
				warnings: answer.warnings || [],
			});
		} catch (error) {
			// only a broken line leaves an upload that can be continued
			if (!error.passing) transport.forget();
			this.update(entry, {
				state: "failed",
				message: error.message,
				final: is_verdict(error.status),
			});
		}
	}

	update(entry, change) {
		Object.assign(entry, change);
		if (this.entries.includes(entry)) this.changed(entry);
	}
}

// the server understood and said no; anything else may be the line's, the login's or the server's fault
function is_verdict(status) {
	return [400, 413, 415, 417, 422].includes(status);
}
