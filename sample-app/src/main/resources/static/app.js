// Asks the application for its figures twice a second, and says so when it does not answer.

import { Card } from "./card.js";
import { errorText, time } from "./format.js";

const POLL_INTERVAL = 500;
const PATIENCE = 3000;

const cards = new Map();
const link = document.getElementById("link");
const gone = document.getElementById("gone");
const announcer = document.getElementById("announcer");

/** How far the application's clock is ahead of ours. */
let ahead = 0;
let lastAnswer = null;
let newestChange = null;

async function poll() {
	const newest = [...cards.values()].map((card) => card.newestPoint).filter(Boolean).sort()[0];
	try {
		const response = await fetch(`api/dashboard${newest ? `?after=${newest}` : ""}`,
			{ cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
		if (!response.ok) {
			throw new Error(`status ${response.status}`);
		}
		const dashboard = await response.json();
		lastAnswer = Date.now();
		ahead = Date.parse(dashboard.now) - lastAnswer;
		show(dashboard);
		setLive(true);
	}
	catch (error) {
		setLive(false, error);
	}
	setTimeout(poll, POLL_INTERVAL);
}

function show({ connections, changes }) {
	for (const [name, card] of cards) {
		if (!connections.some(({ snapshot }) => snapshot.name === name)) {
			card.root.remove();
			cards.delete(name);
		}
	}
	for (const connection of connections) {
		const { name } = connection.snapshot;
		if (!cards.has(name)) {
			cards.set(name, new Card(name));
			document.getElementById("cards").append(cards.get(name).root);
		}
		cards.get(name).update(connection, Date.now() + ahead);
	}
	const newest = changes[0]?.time ?? null;
	if (newest !== newestChange) {
		announce(changes);
		newestChange = newest;
		document.getElementById("changes").replaceChildren(...changes.map(change));
	}
}

function announce(changes) {
	if (newestChange !== null) {
		announcer.textContent = changes.filter((each) => each.time > newestChange).reverse()
			.map(({ connection, to }) => `${connection} is ${to}`).join(", ");
	}
}

function change({ time: at, connection, from, to, cause }) {
	const row = document.createElement("tr");
	const cells = [time(at), connection, "", errorText(cause ?? "")].map((text) => {
		const cell = row.insertCell();
		cell.textContent = text;
		return cell;
	});
	const [before, after] = [from, to].map(() => document.createElement("span"));
	before.className = "from";
	before.textContent = `${from} → `;
	after.className = "to";
	after.dataset.is = to;
	after.textContent = to;
	cells[2].append(before, after);
	return row;
}

function setLive(live) {
	document.body.classList.toggle("stale", !live);
	gone.hidden = live;
	link.dataset.link = live ? "live" : "gone";
	document.title = live ? "ws-client live" : "ws-client (no connection)";
	if (live) {
		link.textContent = "Live";
		return;
	}
	link.textContent = "No connection";
	const text = (lastAnswer === null) ? "No connection to the application yet."
		: `No connection to the application since ${time(lastAnswer)}. The figures below are of that moment.`;
	if (gone.textContent !== text) {
		gone.textContent = text;
	}
}

/** Counts down between two answers; a page that is out of touch counts nothing. */
function tick() {
	if (link.dataset.link === "live") {
		cards.forEach((card) => card.tick(Date.now() + ahead));
	}
}

poll();
setInterval(tick, 100);
