const percent = (part) => `${(part * 100).toFixed(0)} %`;
const range = ({ median, min, max }, digits = 0) =>
	`${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
const apartBy = ({ median, max }) => `${percent(median)} (at most ${percent(max)})`;
const short = (value, digits = 2) =>
	value === undefined ? "" : String(Number(value.toFixed(digits)));

/** The report in Markdown, as in the README. */
export function tables(results, claims) {
	const { contestants } = results;
	const measured = contestants.filter(({ cpu }) => cpu);
	const parts = [
		machine(results),
		...(measured.length > 0 ? [cpuTable(measured), speedTable(measured)] : []),
		oauth2Table(results),
		wireTable(contestants),
		memoryTable(contestants.filter(({ memory }) => memory)),
		openIdTable(results),
		startUpTable(results),
		artifactLines(results),
		languageLine(results),
		claimsTable(claims),
	];
	return parts.filter(Boolean).join("\n\n");
}

function machine({ date, node, cores, memoryGigabytes, rounds, noise }) {
	const text = `${date}, Node ${node}, ${cores} cores, ${memoryGigabytes} GB, ${rounds} rounds.`;
	if (noise === undefined) {
		return text;
	}
	return `${text} Noise (difference of the floor's two measurements in a round): new ${apartBy(noise.newcomers)}, returning ${apartBy(noise.returning)}.`;
}

function cpuTable(measured) {
	return table(
		["", "new, µs", "÷ floor 3", "ours ÷", "returning, µs", "÷ floor 3", "÷ floor 2", "ours ÷"],
		measured.map(({ title, cpu, toFloor3, toFloor2, oursToThis }) => [
			title,
			range(cpu.newcomers),
			range(toFloor3.newcomers, 2),
			short(oursToThis.newcomers.median),
			range(cpu.returning),
			range(toFloor3.returning, 2),
			range(toFloor2.returning, 2),
			short(oursToThis.returning.median),
		]),
	);
}

function speedTable(measured) {
	return table(
		["", "a second at 1", "at 32", "at 256", "ms, http", "ms, https", "ms to first redirect"],
		measured.map(({ title, perSecond, latencyMs, startMs }) => [
			title,
			...[1, 32, 256].map((at) => range(perSecond[at])),
			range(latencyMs.http, 1),
			range(latencyMs.https, 1),
			range(startMs),
		]),
	);
}

function oauth2Table({ oauth2 }) {
	if (oauth2 === undefined) {
		return "";
	}
	const { noise, contestants } = oauth2;
	const rows = table(
		["over TLS", "new, µs", "÷ arctic", "returning, µs", "÷ arctic", "calls", "connections"],
		contestants.map(({ title, cpu, toArctic, calls, connections }) => [
			title,
			range(cpu.newcomers),
			range(toArctic.newcomers, 2),
			range(cpu.returning),
			range(toArctic.returning, 2),
			...[calls, connections].map(
				({ newcomers, returning }) => `${short(newcomers.median)} / ${short(returning.median)}`,
			),
		]),
	);
	return `Noise (difference of arctic's two measurements in a round): new ${apartBy(noise.newcomers)}, returning ${apartBy(noise.returning)}.\n\n${rows}`;
}

function wireTable(contestants) {
	const paused = contestants.find(({ connectionsAtX }) => connectionsAtX)?.connectionsAtX.pauses;
	const seconds = Object.keys(paused ?? {});
	const rows = contestants.filter(({ calls, connectionsAtX }) => calls ?? connectionsAtX);
	if (rows.length === 0) {
		return "";
	}
	const pair = (figure, digits) =>
		figure ? `${short(figure.newcomers, digits)} / ${short(figure.returning, digits)}` : "";
	const medians = (figure) =>
		figure && { newcomers: figure.newcomers.median, returning: figure.returning.median };
	return table(
		[
			"new / returning",
			"calls",
			"connections",
			...seconds.map((pause) => `round trips, ${pause} s`),
			"failed after X closed",
		],
		rows.map(({ title, calls, connections, connectionsAtX: atX }) => [
			title,
			pair(medians(calls)),
			pair(medians(connections), 3),
			...seconds.map((pause) => {
				const own = atX?.pauses[pause];
				return pair(
					own && {
						newcomers: own.newcomers.roundTrips,
						returning: own.returning.roundTrips,
					},
				);
			}),
			atX ? `${atX.failuresAfterClose.failed} of ${atX.failuresAfterClose.of}` : "",
		]),
	);
}

function memoryTable(rows) {
	if (rows.length === 0) {
		return "";
	}
	return table(
		["pending log-ins", "heap, bytes each", "RSS, bytes each", "heap left a day later"],
		rows.map(({ title, memory }) => [
			`${title}, ${memory.starts}`,
			short(memory.heapEach, 0),
			short(memory.rssEach, 0),
			`${(memory.heapLeftBytes / 2 ** 20).toFixed(1)} MB`,
		]),
	);
}

function openIdTable({ openid }) {
	if (openid === undefined) {
		return "";
	}
	const { noise, contestants } = openid;
	const kinds = Object.keys(noise);
	const apart = kinds.map((kind) => `${kind} ${apartBy(noise[kind])}`);
	const rows = table(
		["at a connected helpdesk", ...kinds.flatMap((kind) => [`${kind}, µs`, "÷ alone"])],
		contestants.map(({ title, cpu, toAlone }) => [
			title,
			...kinds.flatMap((kind) => [range(cpu[kind]), range(toAlone[kind], 2)]),
		]),
	);
	return `Noise (difference of the two measurements of oidc-provider alone in a round): ${apart.join("; ")}.\n\n${rows}`;
}

function startUpTable({ startUp }) {
	if (startUp === undefined) {
		return "";
	}
	return table(
		["fresh process", "import, ms", "activation, ms"],
		Object.entries(startUp).map(([name, { importMs, activateMs }]) => [
			name,
			range(importMs, 1),
			name === "x-login" ? range(activateMs, 1) : "",
		]),
	);
}

function artifactLines({ artifact }) {
	if (artifact === undefined) {
		return "";
	}
	const { bundleBytes, zipBytes, storage, buttonsMicroseconds, returningMicroseconds } = artifact;
	const operations = ({ get, take, commit, list }) =>
		`${get} get, ${take} take, ${commit} commit, ${list} list`;
	return [
		`- bundle ${bundleBytes} bytes, zip ${zipBytes} bytes`,
		`- \`renderLoginButtons\` ${short(buttonsMicroseconds, 1)} µs, ${Math.round(1e6 / buttonsMicroseconds)} a second`,
		`- the hooks of a returning log-in without HTTP ${short(returningMicroseconds, 0)} µs`,
		`- storage, new log-in: ${operations(storage.newcomer)}`,
		`- storage, returning log-in: ${operations(storage.returning)}`,
	].join("\n");
}

function languageLine({ language }) {
	return language === undefined
		? ""
		: `- log-in page in a language that the visitor chose ÷ in one that the browser asks for (${range(language.asked)} µs): ${range(language.ratio, 3)}; noise ${apartBy(language.noise)}`;
}

function claimsTable(claims) {
	return table(
		["must hold", "measured", "at most", ""],
		claims.map((claim) => [
			claim.claim,
			short(claim.value, 3),
			short(claim.limit ?? claim.aim, 3),
			verdict(claim),
		]),
	);
}

function verdict({ value, limit, aim, holds }) {
	if (limit !== undefined) {
		return holds ? "holds" : "**fails**";
	}
	if (aim !== undefined) {
		return value <= aim ? "aim reached" : "aim missed";
	}
	return "no limit";
}

function table(head, rows) {
	const all = [head, ...rows];
	const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
	const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
	const ruler = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
	return [line(head), ruler, ...rows.map(line)].join("\n");
}
