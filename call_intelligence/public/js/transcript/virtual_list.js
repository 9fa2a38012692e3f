// Renders only visible items: their heights are estimated until measured.

const OVERSCAN = 600;

/** Heights and offsets of `count` items, independent of the page. */
export class Heights {
	constructor(count, estimate) {
		this.values = new Float64Array(count);
		for (let i = 0; i < count; i++) this.values[i] = estimate(i);
		this.offsets = new Float64Array(count + 1);
		this.dirty = 0;
		this.sum();
	}

	sum() {
		for (let i = this.dirty; i < this.values.length; i++) {
			this.offsets[i + 1] = this.offsets[i] + this.values[i];
		}
		this.dirty = this.values.length;
	}

	/** @returns {number} by how many pixels the item grew */
	set(index, height) {
		const grown = height - this.values[index];
		if (Math.abs(grown) < 0.5) return 0;
		this.values[index] = height;
		this.dirty = Math.min(this.dirty, index);
		return grown;
	}

	get total() {
		return this.offsets[this.values.length];
	}

	/** Index of the item at `offset` pixels from the top. */
	at(offset) {
		let low = 0;
		let high = this.values.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.offsets[middle] <= offset) low = middle;
			else high = middle - 1;
		}
		return Math.max(0, low);
	}

	/** First and one past the last item that touch `top`..`bottom`, with some to spare. */
	window(top, bottom) {
		if (!this.values.length) return [0, 0];
		return [this.at(top - OVERSCAN), this.at(bottom + OVERSCAN) + 1];
	}
}
