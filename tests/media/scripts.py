"""Scripts of pages that play recordings, as functions of [addresses, seeks] -> [{length, found: one for each seek}]."""

_WAIT = """
	const wait = (target, event) => new Promise((done, failed) => {
		target.addEventListener(event, done, { once: true });
		target.addEventListener("error", () => failed(new Error(`${target.src}: ${target.error?.message}`)), { once: true });
	});
"""
# found: [player's time, Hz] every few milliseconds, by WebAudio; one more argument: number of parallel addresses
LISTEN = (
	"""async ([addresses, seeks, atOnce]) => {
	const context = new AudioContext();
	await context.resume();"""
	+ _WAIT
	+ """
	// -> [time by the player, Hz] of blocks of a few milliseconds
	async function heard(address) {
		const audio = new Audio(address);
		await wait(audio, "canplay");
		const tap = context.createScriptProcessor(1024, 1, 1);
		context.createMediaElementSource(audio).connect(tap);
		tap.connect(context.destination);
		let blocks = null;
		tap.onaudioprocess = ({ inputBuffer, playbackTime }) => {
			const rising = [];
			const sound = inputBuffer.getChannelData(0);
			for (let i = 1; i < sound.length; i++) if (sound[i - 1] < 0 && sound[i] >= 0) rising.push(i);
			const periods = rising.length - 1;
			// the block is told of a little later than it is played
			const time = audio.currentTime - (context.currentTime - playbackTime);
			if (blocks && periods > 2)
				blocks.push([time, (periods * context.sampleRate) / (rising[periods] - rising[0])]);
		};
		const found = [];
		for (const seek of seeks) {
			audio.currentTime = seek;
			await wait(audio, "seeked");
			blocks = [];
			await audio.play();
			while (audio.currentTime < seek + 0.8 && !audio.ended) await new Promise((done) => setTimeout(done, 20));
			audio.pause();
			found.push(blocks);
			blocks = null;
		}
		return { length: audio.duration, found };
	}
	const answer = [];
	for (let i = 0; i < addresses.length; i += atOnce)
		answer.push(...(await Promise.all(addresses.slice(i, i + atOnce).map(heard))));
	return answer;
}"""
)
# found: [seconds since 1970, player's time] every few milliseconds, one address after another
PLAY = (
	"""async ([addresses, seeks]) => {"""
	+ _WAIT
	+ """
	const within = (seconds, promise) =>
		Promise.race([promise, new Promise((done) => setTimeout(done, 1000 * seconds, null))]);

	async function loaded(address) {
		const audio = new Audio(address);
		await wait(audio, "canplay");
		return audio;
	}

	// -> [seconds since 1970, time by the player] of each few milliseconds
	async function marks(audio, seek) {
		audio.currentTime = seek;
		await wait(audio, "seeked");
		const found = [];
		// its promise isn't always kept
		audio.play();
		while (audio.currentTime < seek + 0.8 && !audio.ended) {
			found.push([Date.now() / 1000, audio.currentTime]);
			await new Promise((done) => setTimeout(done, 10));
			if (!audio.src) return null;
		}
		return found;
	}

	async function played(address) {
		const found = [];
		let audio = null;
		for (const seek of seeks) {
			let heard = null;
			// one in two hundred seeks never ends, in any file, and then the element doesn't play any more
			for (let tries = 0; !heard && tries < 4; tries++) {
				audio = audio || (await within(4, loaded(address)));
				if (!audio) continue;
				heard = await within(4, marks(audio, seek));
				audio.pause();
				if (heard) continue;
				audio.removeAttribute("src");
				audio.load();
				audio = null;
			}
			if (!heard) throw new Error(`${address} does not play from ${seek} on`);
			found.push(heard);
		}
		return { length: audio.duration, found };
	}
	const answer = [];
	for (const address of addresses) answer.push(await played(address));
	return answer;
}"""
)
