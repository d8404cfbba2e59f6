// The card of one connection.

import { Chart, WINDOW } from "./chart.js";
import { bytes, closeStatus, errorText, milliseconds, rate, roundTrip, span, time } from "./format.js";

const hints = {
	connect: "Connects at once, without waiting for the next attempt.",
	disconnect: "Closes with 1000 for good; nothing reconnects until you say so.",
	reconnect: "Ends the session and opens the next one at once.",
	pause: "Stops reading from the socket: the server feels back-pressure. The pong deadline rests meanwhile.",
	resume: "Reads on.",
	CUT: "A TCP reset: 1006, BACKOFF with a countdown, then OPEN again.",
	SILENCE: "Half-open: everything is lost and nobody says so. No pong comes within 3 s, so keep-alive ends the session.",
	STALL: "Alive, but no messages: pings are answered, so only message-timeout (8 s) notices.",
	FLOOD: "20,000 messages at once. Handlers can't follow, so the socket is not read for a while; memory stays bounded.",
	RESTART: "A clean close with 1012, service restart: the client comes back by itself.",
	REFUSE: "A cut, and no connection is accepted for 20 s: watch the attempts and their growing delays.",
};

const faultsWithoutSession = ["REFUSE"];

export class Card {

	#snapshot = null;

	#points = [];

	#backoffStart = 0;

	constructor(name) {
		this.name = name;
		this.root = document.getElementById("card").content.firstElementChild.cloneNode(true);
		this.root.id = `connection-${name}`;
		this.#part("name").textContent = name;
		this.root.setAttribute("aria-label", `Connection ${name}`);
		this.#part("group=actions").setAttribute("aria-label", `What ${name} is told`);
		this.#part("group=faults").setAttribute("aria-label", `Make the feed of ${name} misbehave`);
		this.#part("last-error").tabIndex = 0;
		this.rates = new Chart(this.#part("chart=rate"), {
			title: `Messages per second of ${name}`,
			series: [{ key: "received", label: "received" }, { key: "sent", label: "sent" }],
			format: rate,
			tick: (value) => value.toLocaleString("en"),
			floor: 0.1,
			sumUp: (values) => rate(values.at(-1) ?? null),
		});
		this.roundTrips = new Chart(this.#part("chart=round-trip"), {
			title: `Round trip of ${name}`,
			series: [{ key: "roundTrip", label: "" }],
			format: roundTrip,
			tick: (value) => `${value.toLocaleString("en")} ms`,
			floor: 0.01,
			sumUp: (values) => values.length ? `median ${roundTrip(median(values))}, highest ${roundTrip(Math.max(...values))}` : "none yet",
		});
		this.root.querySelectorAll(".buttons button").forEach((button) => this.#wire(button));
		this.root.querySelector("form").addEventListener("submit", (event) => this.#send(event));
	}

	get newestPoint() {
		return this.#points.at(-1)?.instant;
	}

	#part(data) {
		return this.root.querySelector(`[data-${data}]`);
	}

	#wire(button) {
		const { action, fault } = button.dataset;
		const hint = hints[action ?? fault];
		button.title = hint;
		button.addEventListener("focus", () => this.#hint(hint));
		button.addEventListener("pointerenter", () => this.#hint(hint));
		button.addEventListener("click", async () => {
			if (button.getAttribute("aria-disabled") === "true") {
				return;
			}
			this.#hint(hint);
			try {
				await (action ? post(`actuator/wsclients/${this.name}`, { action })
					: post(`api/connections/${this.name}/faults/${fault}`, {}));
			}
			catch (error) {
				this.#hint(`${button.textContent} failed: ${error.message}`, true);
			}
		});
	}

	#hint(text, failed = false) {
		const hint = this.#part("hint");
		hint.textContent = text;
		hint.classList.toggle("failed", failed);
	}

	async #send(event) {
		event.preventDefault();
		const input = event.target.elements.text;
		const output = event.target.querySelector("output");
		output.textContent = "Waiting for a session…";
		try {
			const response = await post(`api/connections/${this.name}/messages`, { text: input.value });
			const { outcome, reason } = await response.json();
			output.textContent = (outcome === "WRITTEN") ? `Written to the socket at ${time(Date.now())}.`
				: `${outcome.replace("_", " ").toLowerCase()}: ${reason}`;
			if (outcome === "WRITTEN") {
				input.value = "";
			}
		}
		catch (error) {
			output.textContent = `Not sent: ${error.message}`;
		}
	}

	update({ snapshot, notSent, ownFeed, history, messages }, now) {
		if (snapshot.state === "BACKOFF" && snapshot.since !== this.#snapshot?.since) {
			this.#backoffStart = Date.parse(snapshot.since);
		}
		this.#snapshot = snapshot;
		this.#remember(history, now);
		const newest = this.#points.at(-1);
		this.root.dataset.is = snapshot.state;
		this.#part("state").textContent = snapshot.state;
		this.#part("uri").textContent = snapshot.uri;
		this.#part("paused").hidden = !snapshot.paused;
		this.#figure("round-trip", roundTrip(snapshot.roundTrip && milliseconds(snapshot.roundTrip)));
		this.#figure("received", rate(newest?.received ?? null));
		this.#figure("sent", rate(newest?.sent ?? null));
		this.#figure("queued", `${snapshot.queuedMessages} · ${bytes(snapshot.queuedBytes)}`, snapshot.queuedMessages > 0);
		this.#figure("waiting-calls", snapshot.waitingCalls.toLocaleString("en"), snapshot.waitingCalls > 50);
		this.#figure("attempts", snapshot.attempts, snapshot.attempts > 0);
		this.#figure("sessions", snapshot.sessions);
		this.#figure("not-sent", notSent, notSent > 0);
		this.#part("last-close").textContent = snapshot.lastClose ? closeStatus(snapshot.lastClose) : "none yet";
		this.#part("last-error").textContent = snapshot.lastError ? errorText(snapshot.lastError) : "none yet";
		this.#part("messages").replaceChildren(...messages.map(message));
		this.#enable(snapshot.state, ownFeed);
		this.rates.draw(this.#points, now);
		this.roundTrips.draw(this.#points, now);
		this.tick(now);
	}

	/** Others may have asked for older points, so some may be known. */
	#remember(history, now) {
		const known = this.#points.at(-1)?.time ?? 0;
		const fresh = history.map((point) => ({
			...point,
			instant: point.time,
			time: Date.parse(point.time),
			roundTrip: point.roundTrip && milliseconds(point.roundTrip),
		})).filter((point) => point.time > known);
		this.#points = [...this.#points, ...fresh].filter((point) => now - point.time <= WINDOW);
	}

	#figure(name, value, alarm = false) {
		this.#part(name).textContent = value;
		this.#part(name).classList.toggle("alarm", alarm);
	}

	#enable(state, ownFeed) {
		const down = state === "IDLE" || state === "CLOSED";
		const useless = { connect: !down && state !== "BACKOFF", disconnect: down };
		this.root.querySelectorAll("[data-action]").forEach((button) => disable(button, useless[button.dataset.action]));
		this.#part("group=faults").hidden = !ownFeed;
		this.root.querySelectorAll("[data-fault]").forEach((button) =>
			disable(button, state !== "OPEN" && !faultsWithoutSession.includes(button.dataset.fault)));
	}

	/** Shows what time alone changes. */
	tick(now) {
		const { state, since, sessionId, nextAttempt, attempts, lastReceived } = this.#snapshot;
		const lasting = span(now - Date.parse(since));
		const texts = {
			IDLE: "Never connected",
			CONNECTING: `Connecting for ${lasting}`,
			OPEN: `Session ${sessionId}, open for ${lasting}`,
			CLOSING: `Closing handshake for ${lasting}`,
			CLOSED: `Closed ${lasting} ago; no attempt follows by itself`,
		};
		const left = nextAttempt ? Date.parse(nextAttempt) - now : 0;
		this.#part("now").textContent = texts[state] ?? `Attempt ${attempts} in ${span(left)}`;
		const progress = this.root.querySelector("progress");
		progress.hidden = state !== "BACKOFF" || !nextAttempt;
		if (!progress.hidden) {
			progress.value = 1 - left / (Date.parse(nextAttempt) - this.#backoffStart);
		}
		this.#part("last-received").textContent = lastReceived ? `last bytes ${span(now - Date.parse(lastReceived))} ago` : "";
	}

}

function median(values) {
	return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}

function disable(button, useless = false) {
	button.setAttribute("aria-disabled", String(useless));
}

function message({ time: at, size, text }) {
	const item = document.createElement("li");
	const [when, what, length] = ["time", "span", "small"].map((tag) => document.createElement(tag));
	when.textContent = time(at);
	what.textContent = text;
	length.textContent = bytes(size);
	item.append(when, what, length);
	return item;
}

async function post(path, body) {
	const response = await fetch(path, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(body),
	});
	if (!response.ok) {
		throw new Error(`the application answers ${response.status}`);
	}
	return response;
}
