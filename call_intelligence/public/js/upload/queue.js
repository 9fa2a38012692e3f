// The files of one dialog and their progress. Independent of the page.
import { inspect, refusal } from "./checks";
import { Transport } from "./transport";

const AT_ONCE = 2;

/**
 * An entry's state: looking (the server is asked about the file), waiting, refused (never sent), sending, creating, done, failed (may be
 * tried again). starts, people: the server's proposals; start, chosen: the accepted ones; raw: the stated format.
 * @typedef {{id, file, state, fraction, message, final, call, duplicate, warnings, starts, people, start, chosen, may_be_raw, raw}} Entry
 */
export class UploadQueue {
	/**
	 * @param {function(Entry): void} changed called whenever an entry must be redrawn
	 * @param {{date_is_set: function(): boolean, is_known: function(object): boolean}} dialog input for all files
	 */
	constructor(limits, changed, dialog) {
		this.limits = limits;
		this.changed = changed;
		this.dialog = dialog;
		/** @type {Entry[]} */
		this.entries = [];
		this.next_id = 1;
		/** the last request of each lane */
		this.lanes = [];
		this.asked = 0;
	}

	add(files) {
		for (const file of files) {
			const message = refusal(file, this.limits);
			const entry = {
				id: this.next_id++,
				file,
				state: message ? "refused" : "looking",
				message,
				fraction: 0,
				warnings: [],
				starts: [],
				people: [],
				start: null,
				chosen: new Set(),
				may_be_raw: false,
				raw: null,
			};
			entry.transport = new Transport(file, (fraction) => this.update(entry, { fraction }));
			this.entries.push(entry);
			this.changed(entry);
			if (!message) entry.looked = this.in_turn(() => this.look(entry));
		}
	}

	/** Runs requests one after the other in each of a few lanes: the user may drop hundreds of files. */
	in_turn(ask) {
		const lane = this.asked++ % AT_ONCE;
		this.lanes[lane] = (this.lanes[lane] || Promise.resolve()).then(ask);
		return this.lanes[lane];
	}

	/** Asks the server about the file; without an answer the server decides after the upload. */
	async look(entry) {
		try {
			const { refusal: message, may_be_raw, starts, people } = await inspect(entry.file);
			const [first] = starts;
			this.update(entry, {
				state: message ? "refused" : "waiting",
				message: message || "",
				refused_for: message,
				may_be_raw,
				starts: without_twins(starts),
				people: people.filter((person) => !this.dialog.is_known(person)),
				start:
					first && first.origin === "name" && !first.is_day && !this.dialog.date_is_set()
						? first.value
						: null,
			});
		} catch (error) {
			const state = is_verdict(error.status) ? "refused" : "waiting";
			this.update(entry, { state, message: state === "refused" ? error.message : "" });
		}
	}

	/** Accepts a proposed date for the file, or removes it. */
	choose_start(id, index) {
		const entry = this.find(id);
		const { value } = entry.starts[index];
		entry.start = entry.start === value ? null : value;
		return entry;
	}

	/** The same for a proposed participant. */
	choose_person(id, index) {
		const entry = this.find(id);
		const person = entry.people[index];
		if (!entry.chosen.delete(person)) entry.chosen.add(person);
		return entry;
	}

	/** @param {{raw_format, sample_rate}|null} raw */
	choose_raw(id, raw) {
		const entry = this.find(id);
		this.update(entry, {
			raw,
			state: raw ? "waiting" : "refused",
			message: raw ? "" : entry.refused_for,
		});
	}

	/** A date for all files was entered: it replaces the accepted ones. @returns {Entry[]} changed entries */
	forget_starts() {
		const taken = this.entries.filter(({ start }) => start);
		taken.forEach((entry) => (entry.start = null));
		return taken;
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

	/** Files that would be lost if the page were left now, except refused ones. */
	get unfinished() {
		const failed = this.of_state("failed").filter(({ final }) => !final);
		return this.of_state("looking", "waiting", "sending", "creating").length + failed.length;
	}

	get busy() {
		return this.of_state("sending", "creating").length > 0;
	}

	/** Names of the resulting calls, including existing ones. */
	get calls() {
		return this.of_state("done").map(({ call }) => call);
	}

	/** Uploads all waiting files; resolves when all are finished. @param {object} details of calls.create */
	async run(details) {
		this.details = details;
		await Promise.all(this.of_state("looking").map(({ looked }) => looked));
		const lane = async () => {
			for (;;) {
				const [entry] = this.of_state("waiting");
				if (!entry) return;
				await this.process(entry);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, lane));
	}

	/** Queues a failed file again. */
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
			const answer = await transport.create_call(this.details_of(entry));
			this.update(entry, {
				state: "done",
				call: answer.call,
				duplicate: Boolean(answer.duplicate),
				warnings: answer.warnings || [],
			});
		} catch (error) {
			// only a broken connection leaves an upload that can be continued
			if (!error.passing) transport.forget();
			this.update(entry, {
				state: "failed",
				message: error.message,
				final: is_verdict(error.status),
			});
		}
	}

	/** The details for all files, with the accepted proposals for this one */
	details_of(entry) {
		const people = [...entry.chosen];
		const records = people.filter(({ doctype }) => doctype);
		return {
			...this.details,
			...entry.raw,
			start_time: entry.start || this.details.start_time,
			associations: [
				...this.details.associations,
				...records.map(({ doctype, name }) => ({ doctype, name })),
			],
			participants: [
				...this.details.participants,
				...people.map(({ display_name, email, phone }) => ({
					display_name: display_name || "",
					email: email || "",
					phone: phone || "",
					side: "Customer",
				})),
			],
		};
	}

	update(entry, change) {
		Object.assign(entry, change);
		if (this.entries.includes(entry)) this.changed(entry);
	}
}

// the server has refused the file; other errors may be due to the connection, the login or the server
function is_verdict(status) {
	return [400, 413, 415, 417, 422].includes(status);
}

// a file modified last when it was created has the same date twice
function without_twins(starts) {
	const minute = ({ value }) => value.slice(0, 16);
	return starts.filter(
		(one, i) => !starts.slice(0, i).some((other) => minute(other) === minute(one))
	);
}
