const FUNCTIONS = 30;
const OURS = /helpdesk-plugin-|\/dist\/|\/test\/bench\/servers\//;

const PARTS = [
	["the plugin", /helpdesk-plugin-/],
	["undici", /node_modules\/undici\//],
	["libsql", /node_modules\/(?:@libsql|libsql)\//],
	[
		"oidc-provider, Koa and jose",
		/node_modules\/(?:oidc-provider|koa|koa-compose|jose|delegates)\//,
	],
	["Hono", /node_modules\/(?:hono|@hono)\//],
	["the ports and the loader", /\/dist\/host\.mjs$/],
	["the helpdesk and its ports", /\/dist\/cli\.mjs$/],
	["the thinnest host", /\/test\/bench\/servers\//],
	["Node: crypto", /^node:internal\/crypto/],
	["Node: fetch's requests and answers", /^node:internal\/deps\/undici/],
	["Node: URL, abort signals", /^node:internal\/(?:webstreams|url|webidl|abort|event_target)/],
	["Node: http server", /^node:_http|^node:internal\/http/],
	["Node: streams", /^node:internal\/streams|^node:stream/],
	["Node: sockets", /^node:net|^node:internal\/(?:stream_base|net)/],
	["Node: timers and turns", /^node:internal\/(?:timers|process|async_hooks)|^node:timers/],
	["Node: other", /^node:/],
];

/**
 * Times of one log-in: self time by part and by function, and the time of our functions with everything that they call.
 */
export function profileReport({ nodes, samples, timeDeltas }, logIns) {
	const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
	const parentOf = new Map(
		nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
	);
	const functions = new Map();
	const withCalled = new Map();
	const parts = new Map();
	for (const [index, id] of samples.entries()) {
		const frame = byId.get(id);
		if (frame.functionName === "(idle)") {
			continue;
		}
		add(parts, partOf(frame), timeDeltas[index]);
		add(functions, nameOf(frame), timeDeltas[index]);
		for (const name of oursAbove(id, parentOf, byId)) {
			add(withCalled, name, timeDeltas[index]);
		}
	}
	const total = [...parts.values()].reduce((sum, time) => sum + time, 0);
	const line = ([name, time]) =>
		`${(time / logIns).toFixed(1).padStart(7)} µs ${((100 * time) / total).toFixed(1).padStart(5)} %  ${name}`;
	const sorted = (times) => [...times].sort(([, a], [, b]) => b - a);
	return [
		`${logIns} log-ins, ${(total / logIns).toFixed(0)} µs each`,
		"",
		...sorted(parts).map(line),
		"",
		"by themselves:",
		...sorted(functions).slice(0, FUNCTIONS).map(line),
		"",
		"ours, with everything they call:",
		...sorted(withCalled).slice(0, FUNCTIONS).map(line),
	].join("\n");
}

/** Counts a function once, however deep it called itself. */
function oursAbove(id, parentOf, byId) {
	const names = new Set();
	for (let node = id; node !== undefined; node = parentOf.get(node)) {
		const frame = byId.get(node);
		if (OURS.test(frame.url)) {
			names.add(nameOf(frame));
		}
	}
	return names;
}

function add(times, name, time) {
	times.set(name, (times.get(name) ?? 0) + time);
}

function partOf({ url, functionName }) {
	if (url === "") {
		return functionName === "(garbage collector)" ? functionName : "V8 and Node, native";
	}
	return PARTS.find(([, pattern]) => pattern.test(url))?.[0] ?? "other";
}

function nameOf({ functionName, url, lineNumber }) {
	const file = url
		.split("/")
		.slice(-2)
		.join("/")
		.replace(/^helpdesk-plugin-\w+\//, "");
	return `${functionName || "(anonymous)"} ${file && `${file}:${lineNumber + 1}`}`;
}
