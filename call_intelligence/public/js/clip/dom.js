// Builds elements without markup, so that any text stays text.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Object} values attributes; `on`: {event: listener}; false and null omit an attribute, true writes it empty
 * @param {...(Node|string|null|false)} children
 */
export function el(tag, values = {}, ...children) {
	const element = document.createElement(tag);
	Object.keys(values).forEach((name) => {
		const value = values[name];
		if (name === "on") {
			Object.keys(value).forEach((event) => element.addEventListener(event, value[event]));
		} else if (value !== false && value !== null && value !== undefined) {
			element.setAttribute(name, value === true ? "" : value);
		}
	});
	element.append(...children.filter((child) => child !== null && child !== false));
	return element;
}

// lines on a 24 px grid, as in the review
const PATHS = {
	play: ["M8 5.5v13l10.5-6.5z"],
	pause: ["M8 5v14", "M16 5v14"],
	back: ["M4 6v4h4", "M4.6 10A8 8 0 1 1 4 13"],
	forward: ["M20 6v4h-4", "M19.4 10A8 8 0 1 0 20 13"],
	lock: ["M6 11h12v9H6z", "M8.500 11V8a3.500 3.500 0 0 1 7 0v3"],
	gone: ["M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z", "M6.500 6.500l11 11"],
};

export function icon(name) {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	svg.setAttribute("class", "clip-icon");
	PATHS[name].forEach((line) => {
		const path = document.createElementNS(SVG, "path");
		path.setAttribute("d", line);
		svg.append(path);
	});
	return svg;
}
