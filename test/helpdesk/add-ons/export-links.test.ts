// The kind of jobs that writes links into a file, with the real plugin.
import { expect, test } from "vitest";
import {
	exportedFileOf,
	exportLinksKind,
} from "../../../src/helpdesk/add-ons/jobs/export-links.ts";
import { StagedFiles } from "../../../src/helpdesk/files/staged-files.ts";
import { CannotSucceedError } from "../../../src/helpdesk/jobs/job-kind.ts";
import { NAMESPACES } from "../../../src/helpdesk/namespaces.ts";
import { cryptoRandom } from "../../../src/ports/crypto-random.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { exportingAddOn } from "../../kit/files/exporting-add-on.ts";
import {
	logInOperator,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../kit/helpdesk/open-helpdesk.ts";
import { openWithPeople, X } from "../../kit/helpdesk/people-with-x.ts";
import { addProvenUser } from "../../kit/helpdesk/proven-user.ts";
import { driveJob } from "../../kit/jobs/drive-job.ts";
import { submitUntilDone } from "../../kit/jobs/until-done.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const LINKS = `${X}/links`;

async function textOf(files: StagedFiles, fileId: string): Promise<string> {
	let text = "";
	const file = await files.find(fileId);
	expect(file?.parts).toBeGreaterThan(0);
	for await (const part of files.texts(file ?? { id: fileId, parts: 0 })) {
		text += part;
	}
	return text;
}

test.each([
	["once", {}],
	["twice", { twice: true }],
	["with a kill at the second step", { crashAfter: 2 }],
] as const)("each step done %s writes each link once", async (_, on) => {
	const { addOns, accounts, storage, clock, count } = await exportingAddOn(230);
	const files = new StagedFiles(storage, clock, cryptoRandom);
	const kind = exportLinksKind({ addOns, accounts, files, logError: () => {} });

	const job = await driveJob(kind, { addOn: "tiny", brandIds: ["acorn"] }, { storage, ...on });

	expect(job).toMatchObject({ state: "done", done: count });
	const fileId = exportedFileOf(job.result) ?? "";
	const lines = (await textOf(files, fileId)).trim().split("\r\n");
	expect(new Set(lines).size).toBe(count + 1);
	expect(lines).toHaveLength(count + 1);
	// The header, pages of 100, and the record of the file.
	expect(await allEntries(storage, NAMESPACES.files)).toHaveLength(5);
});

test("a cancelled export leaves no part of its file", async () => {
	const { addOns, accounts, storage, clock } = await exportingAddOn(30);
	const files = new StagedFiles(storage, clock, cryptoRandom);
	const kind = exportLinksKind({ addOns, accounts, files, logError: () => {} });
	const params = { addOn: "tiny", brandIds: ["acorn"] };
	let { position } = await kind.begin(params);
	for (let step = 0; step < 2; step += 1) {
		const end = await kind.step({ jobId: "a", params, position, result: null });
		await storage.commit(end.commit ?? {});
		position = end.position;
	}
	expect(await allEntries(storage, NAMESPACES.files)).toHaveLength(3);

	await kind.undo(params, position);
	await kind.undo(params, position);

	expect(await allEntries(storage, NAMESPACES.files)).toEqual([]);
});

test("an export whose file is deleted while it is written leaves no part, and is not tried again", async () => {
	const { addOns, accounts, storage, clock } = await exportingAddOn(230);
	const files = new StagedFiles(storage, clock, cryptoRandom);
	const kind = exportLinksKind({ addOns, accounts, files, logError: () => {} });
	const params = { addOn: "tiny", brandIds: ["acorn"] };
	const { position } = await kind.begin(params);
	const opened = await kind.step({ jobId: "a", params, position, result: null });
	await storage.commit(opened.commit ?? {});
	const next = { jobId: "a", params, position: opened.position, result: null };
	const late = await kind.step(next);
	expect(await kind.mayEndWell(params, position)).toBe(true);
	expect(await kind.mayEndWell(params, opened.position)).toBe(true);

	await files.drop(String(fieldsOf(opened.position)["fileId"]), 0);

	expect(await storage.commit(late.commit ?? {})).toBe(false);
	await expect(kind.step(next)).rejects.toThrow(CannotSucceedError);
	expect(await kind.mayEndWell(params, opened.position)).toBe(false);
	expect(await allEntries(storage, NAMESPACES.files)).toEqual([]);
});

test("an operator lets the helpdesk write the file, and downloads the same as from the address for programs", async () => {
	const open = await openWithPeople();
	await open.operator.open(`${open.portal}${LINKS}`);

	const done = await submitUntilDone(open.operator, `${LINKS}/export`, { brand: "acorn" });

	expect(done.html).toContain("4 links");
	const { pathname } = new URL(done.url);
	expect(done.html).toContain(`href="${pathname}/file"`);
	const file = await open.operator.request(`${open.portal}${pathname}/file`);
	expect(file.headers.get("content-disposition")).toBe('attachment; filename="x-login-links.csv"');
	expect(file.headers.get("cache-control")).toBe("no-store");
	expect(await file.text()).toBe(await exported(open));
	expect(done.html).toContain("Kept until ");
	open.clock.advance(24 * 60 * 60_000);
	await logInOperator(open);
	const gone = await open.operator.open(`${open.portal}${pathname}`);
	expect(gone.html).toContain(
		"The file is gone: it was kept for one day, unless somebody deleted it.",
	);
	expect(gone.html).not.toContain(`href="${pathname}/file"`);
	expect((await open.operator.request(`${open.portal}${pathname}/file`)).status).toBe(404);
});

test("a download that misses a part breaks", async () => {
	const open = await openWithPeople();
	await open.operator.open(`${open.portal}${LINKS}`);
	const done = await submitUntilDone(open.operator, `${LINKS}/export`, { brand: "" });
	const parts = await allEntries(open.storage, [...NAMESPACES.files, "part"]);
	const last = parts.filter(({ key }) => key.at(-1) === "00000002");
	expect(last).toHaveLength(1);
	await open.storage.commit({ deletes: last.map(({ key }) => key) });

	const download = async () => {
		const file = await open.operator.request(`${open.portal}${new URL(done.url).pathname}/file`);
		expect(file.status).toBe(200);
		return file.text();
	};

	// The connection may end before the client has seen the head.
	await expect(download()).rejects.toThrow(/^terminated$|^fetch failed$/);
});

test("a file of a job is for operators only, and a job without one has none", async () => {
	const open = await openHelpdesk();
	await setUpX(open);
	await addProvenUser(open.storage, "ada@example.com");

	const stranger = await fetch(`${open.portal}/admin/jobs/a-job/file`, { redirect: "manual" });
	expect(stranger.headers.get("location")).toMatch(/^\/admin\/login\?returnTo=/);
	for (const id of ["a-job", "%00", "..%2f"]) {
		const { status } = await open.operator.request(`${open.portal}/admin/jobs/${id}/file`);
		expect(status).toBe(404);
	}
});

async function exported({ operator, portal }: OpenHelpdesk): Promise<string> {
	return (await operator.request(`${portal}${LINKS}.csv?brand=acorn`)).text();
}
