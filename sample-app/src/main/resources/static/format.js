// Figures and times as people read them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

const closeMeanings = {
	1000: "done, normal closure",
	1001: "the endpoint goes away",
	1002: "the peer broke the protocol",
	1003: "data that can't be accepted",
	1005: "closed without a code",
	1006: "broken off without a Close frame",
	1007: "data that doesn't fit its type",
	1008: "a message broke the policy",
	1009: "a message was too big",
	1010: "an extension is missing",
	1011: "an unexpected condition",
	1012: "the server restarts",
	1013: "the server is overloaded, try again later",
	1014: "a gateway got a bad answer",
	1015: "TLS failed",
};

export function time(instant) {
	return clock.format(new Date(instant));
}

/** Milliseconds of an ISO 8601 duration such as PT1M0.25S. */
export function milliseconds(duration) {
	const [, hours = 0, minutes = 0, seconds = 0] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration) ?? [];
	return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}

export function span(millis) {
	const seconds = Math.max(0, millis) / 1000;
	if (seconds < 10) {
		return `${seconds.toFixed(1)} s`;
	}
	if (seconds < 120) {
		return `${Math.floor(seconds)} s`;
	}
	return (seconds < 7200) ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

export function roundTrip(millis) {
	if (millis === null) {
		return "–";
	}
	return (millis < 1) ? `${Math.round(millis * 1000)} µs` : `${millis.toPrecision(3)} ms`;
}

export function rate(perSecond) {
	if (perSecond === null) {
		return "–";
	}
	return `${(perSecond < 10) ? perSecond.toFixed(1) : Math.round(perSecond).toLocaleString("en")}/s`;
}

export function bytes(count) {
	if (count < 1000) {
		return `${count} B`;
	}
	return (count < 1e6) ? `${(count / 1e3).toFixed(1)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

export function closeStatus({ code, reason }) {
	let meaning = closeMeanings[code] ?? "not assigned";
	if (code >= 3000) {
		meaning = (code < 4000) ? "of a library or framework" : "of the application";
	}
	return `${code}, ${meaning}${reason ? ` – “${reason}”` : ""}`;
}

/** An error without the name and URL that stand beside it anyway. */
export function errorText(message) {
	return message.replace(/^Connection '[^']*' to \S+: /, "");
}
