// A list of links is stored while it arrives: never whole in memory, and never on the disk of a node.
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import type { HostStorage } from "../../../../src/contract/storage.ts";
import { NAMESPACES } from "../../../../src/helpdesk/namespaces.ts";
import { Operators } from "../../../../src/helpdesk/people/operators.ts";
import { cryptoRandom } from "../../../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../../../src/storage/memory-storage.ts";
import { namespaced } from "../../../../src/storage/namespaced-storage.ts";
import { MockClock } from "../../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../../kit/eventually.ts";
import { CHEAP_HASHER } from "../../../kit/helpdesk/cheap-hasher.ts";
import { HttpVisitor } from "../../../kit/helpdesk/http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "../../../kit/helpdesk/open-helpdesk.ts";
import { X } from "../../../kit/helpdesk/people-with-x.ts";
import { untilDone } from "../../../kit/jobs/until-done.ts";
import { allEntries } from "../../../kit/storage/all-entries.ts";

const LINKS = `${X}/links`;
const ROWS = 20_000;
const BOUNDARY = "the-boundary";
const PARTS = [...NAMESPACES.files, "part"];

interface OpenUpload extends OpenHelpdesk {
	/** The bytes of the largest value in the namespace of files, as JSON. */
	readonly largest: () => number;
	/** The most checks, sets and deletes of a commit in it. */
	readonly mostKeys: () => number;
}

/** Where programs of this process put files that they need for a while. */
async function ownTemporaryFolder(): Promise<string> {
	const before = process.env["TMPDIR"];
	const folder = await mkdtemp(join(tmpdir(), "uploads-"));
	process.env["TMPDIR"] = folder;
	onTestFinished(async () => {
		process.env["TMPDIR"] = before;
		if (before === undefined) {
			delete process.env["TMPDIR"];
		}
		await rm(folder, { recursive: true });
	});
	return folder;
}

async function openUpload(): Promise<OpenUpload> {
	const clock = new MockClock();
	const inner = new MemoryStorage(clock);
	let largest = 0;
	let mostKeys = 0;
	const storage: HostStorage = {
		get: (key) => inner.get(key),
		list: (prefix, options) => inner.list(prefix, options),
		take: (key) => inner.take(key),
		commit: (commit) => {
			const { checks = [], sets = [], deletes = [] } = commit;
			const files = sets.filter(({ key }) => key[0] === NAMESPACES.files[0]);
			for (const { value } of files) {
				largest = Math.max(largest, Buffer.byteLength(JSON.stringify(value)));
			}
			if (files.length > 0) {
				mostKeys = Math.max(mostKeys, checks.length + sets.length + deletes.length);
			}
			return inner.commit(commit);
		},
	};
	const open = await openHelpdesk({ storage, clock });
	await setUpX(open);
	await open.operator.open(`${open.portal}${LINKS}`);
	return { ...open, storage, largest: () => largest, mostKeys: () => mostKeys };
}

/**
 * Begins to send a form to the import.
 *
 * @param fields before the file. @param rest of the form, from the content of the file on.
 * @param more how many bytes the request says that follow. Left out: none.
 */
function uploadTo(
	{ operator, portal }: OpenUpload,
	fields: Readonly<Record<string, string>>,
	rest: string,
	more = 0,
) {
	const parts = Object.entries(fields).map(
		([name, value]) =>
			`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
	);
	const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="many.csv"\r\nContent-Type: text/csv\r\n\r\n`;
	const body = `${parts.join("")}${head}${rest}`;
	const cookie = [...operator.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
	const sent = request(`${portal}${LINKS}`, {
		method: "POST",
		headers: {
			cookie,
			"content-type": `multipart/form-data; boundary=${BOUNDARY}`,
			"content-length": body.length + more,
		},
	});
	sent.on("error", () => {});
	sent.write(body);
	return sent;
}

function proofIn({ operator }: OpenUpload): string {
	return /name="_csrf" value="([^"]+)"/.exec(operator.seen.html)?.[1] ?? "";
}

function* rows(count: number): Generator<string> {
	yield "x_id,email\n";
	for (let each = 1; each <= count; each += 1) {
		yield `${1_000_000 + each},person${each}@example.com\n`;
	}
}

test("20,000 rows are staged in small parts, tried and paged, and nothing is on the disk", async () => {
	const open = await openUpload();
	const folder = await ownTemporaryFolder();
	const body = new FormData();
	body.append("_csrf", proofIn(open));
	body.append("brand", "acorn");
	body.append("file", new Blob([...rows(ROWS)]), "many.csv");
	body.append("action", "try");

	await open.operator.open(`${open.portal}${LINKS}`, { method: "POST", body });

	const parts = await allEntries(open.storage, PARTS);
	expect(parts.length).toBeGreaterThanOrEqual(ROWS / 250);
	expect(open.largest()).toBeLessThanOrEqual(64 * 1024);
	expect(open.mostKeys()).toBeLessThanOrEqual(400);
	expect(await readdir(folder)).toEqual([]);
	const { html, url } = await untilDone(open.operator);
	expect(html).toContain("0 would be linked, 20,000 refused. Nothing has changed yet.");
	expect(html.match(/<tr><td/g)).toHaveLength(50);
	expect(html.length).toBeLessThan(100 * 1024);
	const next = /href="([^"]+)">Next 50</.exec(html)?.[1] ?? "";
	const second = await open.operator.open(new URL(next.replaceAll("&amp;", "&"), url).href);
	expect(second.html).toContain("person51@example.com");
	expect(second.html).not.toContain("person50@example.com");
	const { pathname } = new URL(url);
	const all = await open.operator.request(`${open.portal}${pathname}/file`);
	expect(all.headers.get("content-disposition")).toBe('attachment; filename="x-login-import.csv"');
	expect((await all.text()).trim().split("\r\n")).toHaveLength(ROWS + 1);
});

test("an upload that is cut off leaves nothing", async () => {
	const open = await openUpload();
	const fields = { _csrf: proofIn(open), brand: "acorn", action: "try" };
	const sent = uploadTo(open, fields, [...rows(10_000)].join(""), 100_000_000);
	await eventually(async () => {
		expect((await allEntries(open.storage, PARTS)).length).toBeGreaterThan(0);
	});

	sent.destroy();

	await eventually(async () => {
		expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
	});
	expect(open.log.filter((line) => line.includes("a request failed"))).toEqual([]);
});

test("a list is not kept when its add-on is deactivated while it arrives", async () => {
	const open = await openUpload();
	const csrf = proofIn(open);
	const end = `\r\n--${BOUNDARY}--\r\n`;
	const list = [...rows(10_000)].join("");
	const sent = uploadTo(open, { _csrf: csrf, brand: "acorn" }, list, end.length);
	const answered = new Promise<IncomingMessage>((resolve) => {
		sent.on("response", resolve);
	});
	await eventually(async () => {
		expect((await allEntries(open.storage, PARTS)).length).toBeGreaterThan(0);
	});

	await open.operator.post(`${open.portal}${X}/deactivate`, [["_csrf", csrf]]);
	sent.end(end);

	const answer = await answered;
	expect(answer.statusCode).toBe(400);
	expect(await text(answer)).toContain("The list was not kept: the add-on was changed");
	expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
});

test("a broken row ends an upload with its sentence, and the browser reads it", async () => {
	const open = await openUpload();
	const body = new FormData();
	body.append("_csrf", proofIn(open));
	body.append("brand", "acorn");
	// More follows than fits into the buffers of a connection.
	body.append("file", new Blob([...rows(5_000), '5001,"a"b\n', ...rows(60_000)]), "many.csv");

	const { status, html } = await open.operator.open(`${open.portal}${LINKS}`, {
		method: "POST",
		body,
	});

	expect(status).toBe(400);
	expect(html).toContain("Line 5002: text follows the quotation mark that ends a field");
	expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
});

test("a body that does not say its size is no larger than a form", async () => {
	const { operator, portal } = await openUpload();
	const chunk = new Uint8Array(1024 * 1024);
	let left = 20;
	const body = new ReadableStream<Uint8Array>({
		pull: (stream) => {
			left -= 1;
			return left < 0 ? stream.close() : stream.enqueue(chunk);
		},
	});

	const sent = { method: "POST", body, duplex: "half" as const };
	const type = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
	const { status } = await operator.request(`${portal}${LINKS}`, { ...sent, headers: type });

	expect(status).toBe(413);
});

/** @param part what a body has so often that it is as long as a file may be. */
function longForm(part: string): string {
	return part.repeat(Math.ceil((6 * 1024 * 1024) / part.length));
}

test("a form with thousands of parts is read no further than a form needs", async () => {
	const { operator, portal } = await openUpload();
	const part = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n`;
	const answer = request(`${portal}${LINKS}`, {
		method: "POST",
		headers: {
			cookie: [...operator.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
			"content-type": `multipart/form-data; boundary=${BOUNDARY}`,
			"content-length": 200 * 1024 * 1024,
		},
	});
	answer.on("error", () => {});
	answer.write(longForm(part));
	const status = await new Promise((resolve) => {
		answer.on("response", ({ statusCode }) => resolve(statusCode));
	});
	answer.destroy();

	// The rest has not been sent, so that an answer that waits for it never comes.
	expect(status).toBe(415);
});

test.each([
	["support", "/admin/settings/general/add-ons/upload"],
	["administrator", "/admin/settings/general/add-ons/upload"],
	["support", LINKS],
] as const)("%s sends no more to %s than to any other page", async (role, path) => {
	const { storage, portal } = await openUpload();
	const place = namespaced(storage, NAMESPACES.operators);
	const email = `${role}@helpdesk.example`;
	const password = "several words of an operator";
	await new Operators(place, cryptoRandom, CHEAP_HASHER).add(email, role, password);
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/admin/login`);
	await visitor.submit("/admin/login", { email, password });

	const type = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
	const sent = { method: "POST", body: longForm("a part"), headers: type };
	const { status } = await visitor.request(`${portal}${path}`, sent);

	expect(status).toBe(413);
});

test("a form whose proof is wrong, or comes after the file, stores nothing of the file", async () => {
	const open = await openUpload();
	for (const proof of ["guess", undefined]) {
		const late = `Content-Disposition: form-data; name="_csrf"\r\n\r\n${proofIn(open)}`;
		const rest = `${[...rows(1_000)].join("")}\r\n--${BOUNDARY}\r\n${late}\r\n--${BOUNDARY}--\r\n`;
		const sent = uploadTo(
			open,
			{ ...(proof !== undefined && { _csrf: proof }), brand: "acorn" },
			rest,
		);
		const status = await new Promise((resolve) => {
			sent.on("response", (answer) => resolve(answer.statusCode));
		});

		expect(status).toBe(403);
	}
	expect(await allEntries(open.storage, NAMESPACES.files)).toEqual([]);
});
