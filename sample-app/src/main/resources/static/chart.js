// A line chart of the last five minutes, as SVG. The scale is logarithmic, so that a trickle and a flood are both seen.

import { time } from "./format.js";

export const WINDOW = 5 * 60 * 1000;

const LEFT = 46;
const TOP = 8;
const BOTTOM = 30;
const GAP = 2500;

export class Chart {

	#svg = element("svg", { class: "chart", role: "img" });

	#cursor = null;

	#drawn = null;

	/**
	 * Series have a key of the points and a label, ticks and values a format; nothing below the floor is told apart.
	 * Without a pointer, sum up the values of a series in the legend.
	 */
	constructor(figure, { title, series, format, tick, floor, sumUp }) {
		Object.assign(this, { title, series, format, tick, floor, sumUp });
		this.legend = figure.querySelector("[data-legend]");
		this.values = series.map(({ key }) => {
			const value = document.createElement("span");
			value.dataset.line = key;
			this.legend.append(value);
			return value;
		});
		figure.append(this.#svg);
		this.#svg.addEventListener("pointermove", (event) => this.#point(event.offsetX));
		this.#svg.addEventListener("pointerleave", () => this.#point(null));
	}

	draw(points, now) {
		this.#drawn = { points, now };
		const width = this.#svg.clientWidth;
		const height = this.#svg.clientHeight;
		if (width === 0) {
			return;
		}
		const values = this.series.flatMap(({ key }) => known(points, key));
		const top = 10 ** Math.max(Math.ceil(Math.log10(Math.max(...values, this.floor * 100))), Math.log10(this.floor) + 2);
		const x = (at) => LEFT + (width - LEFT - 4) * (1 - (now - at) / WINDOW);
		const y = (value) => height - BOTTOM - (height - BOTTOM - TOP)
			* Math.log10(Math.max(value, this.floor) / this.floor) / Math.log10(top / this.floor);
		this.#svg.replaceChildren(...this.#grid(x, y, top, now, height), ...states(points, x, now, height),
			...this.series.map(({ key }) => element("path", { "data-line": key, d: line(points, key, x, y, now) })));
		this.#showValues(x, height);
		this.#svg.setAttribute("aria-label", `${this.title}, last five minutes: ${this.series.map(({ key, label }) =>
			summary(label, known(points, key), this.format)).join("; ")}`);
	}

	#grid(x, y, top, now, height) {
		const parts = [];
		for (let value = this.floor; value <= top * 1.001; value *= 10) {
			const label = (value === this.floor) ? "0" : this.tick(value);
			parts.push(element("line", { x1: LEFT, x2: "100%", y1: y(value), y2: y(value) }));
			if (top / this.floor < 1e4 || Math.round(Math.log10(value / this.floor)) % 2 === 0) {
				parts.push(element("text", { x: LEFT - 6, y: y(value) + 4, "text-anchor": "end" }, label));
			}
		}
		for (let minutes = 0; minutes <= 4; minutes++) {
			parts.push(element("text", { x: x(now - minutes * 60000), y: height - 3, "text-anchor": minutes ? "middle" : "end" },
				minutes ? `−${minutes} min` : "now"));
		}
		return parts;
	}

	#point(offset) {
		this.#cursor = offset;
		if (this.#drawn !== null) {
			this.draw(this.#drawn.points, this.#drawn.now);
		}
	}

	#showValues(x, height) {
		const { points } = this.#drawn;
		if (this.#cursor === null || points.length === 0) {
			this.series.forEach(({ key, label }, index) => {
				this.values[index].textContent = `${label} ${this.sumUp(known(points, key))}`.trim();
			});
			return;
		}
		const distance = (point) => Math.abs(x(point.time) - this.#cursor);
		const nearest = points.reduce((best, point) => (distance(point) < distance(best)) ? point : best);
		this.#svg.append(element("line",
			{ class: "cursor", x1: x(nearest.time), x2: x(nearest.time), y1: TOP, y2: height - BOTTOM }));
		this.series.forEach(({ key, label }, index) => {
			const at = (index === 0) ? time(nearest.time) : "";
			this.values[index].textContent = `${at} ${label} ${this.format(nearest[key])}`.trim();
		});
	}

}

function element(name, attributes, text) {
	const made = document.createElementNS("http://www.w3.org/2000/svg", name);
	Object.entries(attributes).forEach(([attribute, value]) => made.setAttribute(attribute, value));
	if (text !== undefined) {
		made.textContent = text;
	}
	return made;
}

function known(points, key) {
	return points.map((point) => point[key]).filter((value) => value !== null);
}

/** A line with gaps where nothing was known. */
function line(points, key, x, y, now) {
	let path = "";
	let last = -Infinity;
	for (const point of points) {
		if (point[key] === null || now - point.time > WINDOW) {
			continue;
		}
		path += `${(point.time - last > GAP) ? "M" : "L"}${x(point.time).toFixed(1)} ${y(point[key]).toFixed(1)}`;
		last = point.time;
	}
	return path;
}

/** A strip with the states, one rectangle for each stretch; pale where the socket was not read. */
function states(points, x, now, height) {
	const stretches = [];
	for (const { time: at, state, paused } of points.filter((point) => now - point.time <= WINDOW)) {
		const current = stretches.at(-1);
		if (current?.state === state && current.paused === paused && at - current.to < GAP) {
			current.to = at;
		}
		else {
			const from = (current && at - current.to < GAP) ? current.to : at - 1000;
			stretches.push({ state, paused, from, to: at });
		}
	}
	return stretches.map(({ state, paused, from, to }) => {
		const left = Math.max(LEFT, x(from));
		const stretch = element("rect", { "data-is": state, x: left, width: Math.max(1, x(to) - left), y: height - BOTTOM + 6, height: 5 });
		stretch.append(element("title", {}, paused ? `${state}, not reading` : state));
		stretch.toggleAttribute("data-paused", paused);
		return stretch;
	});
}

function summary(label, values, format) {
	if (values.length === 0) {
		return `${label} nothing yet`.trim();
	}
	return `${label} now ${format(values.at(-1))}, lowest ${format(Math.min(...values))}, highest ${format(Math.max(...values))}`.trim();
}
