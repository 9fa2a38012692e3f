// Uploads one file in chunks, each retried when the connection breaks, then creates the call.
import { post, send } from "../shared/server";

const CHUNK = 4 * 1024 * 1024;
const PAUSES = [1000, 3000, 8000];

export class Transport {
	/** @param {function(number): void} progress fraction sent, 0..1 */
	constructor(file, progress) {
		this.file = file;
		this.progress = progress;
		this.token = null;
		this.received = 0;
		this.stopped = false;
	}

	/** Sends the missing bytes; called again after a failure it continues. */
	async send_file() {
		this.stopped = false;
		if (!this.token) {
			const { name, size } = this.file;
			const answer = await post("uploads.start", { file_name: name, size });
			this.token = answer.upload;
			this.chunk_bytes = answer.chunk_bytes || CHUNK;
		}
		while (this.received < this.file.size) await this.send_chunk();
		return this.token;
	}

	async send_chunk() {
		for (let attempt = 0; ; attempt++) {
			try {
				this.received = await this.append();
				return;
			} catch (error) {
				if (!error.passing || this.stopped || attempt >= PAUSES.length) throw error;
				await new Promise((resolve) => setTimeout(resolve, PAUSES[attempt]));
			}
		}
	}

	async append() {
		const offset = this.received;
		const form = new FormData();
		form.append("upload", this.token);
		form.append("offset", offset);
		form.append("chunk", this.file.slice(offset, offset + this.chunk_bytes), "chunk");
		const answer = await send("POST", "uploads.append", form, {
			progress: (sent) =>
				this.progress(Math.min(offset + sent, this.file.size) / this.file.size),
			opened: (request) => (this.request = request),
		});
		if (!(answer && answer.received > offset)) {
			throw new Error(__("The server did not take the file."));
		}
		return answer.received;
	}

	/** @returns {Promise<{call, recording, status, duplicate, warnings}>} */
	create_call(details) {
		return post("calls.create", { ...details, upload: this.token });
	}

	/** The uploaded data is gone or unusable: start over next time. */
	forget() {
		this.token = null;
		this.received = 0;
	}

	stop() {
		this.stopped = true;
		if (this.request) this.request.abort();
	}
}
