import { execFile } from "node:child_process";
import { scryptSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import {
	PasswordsBusyError,
	type ScryptJob,
	ScryptWorkers,
} from "../../../src/helpdesk/people/scrypt-workers.ts";

const CHEAP = { N: 2, r: 1, p: 1 };
const SALT = Buffer.from("NaCl");
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

function jobOf(password: string, options: ScryptJob["options"] = CHEAP): ScryptJob {
	return { password, salt: SALT.toString("base64url"), bytes: 32, options };
}

function open(most?: number, maxWaiting?: number): ScryptWorkers {
	const workers = new ScryptWorkers(most, maxWaiting);
	onTestFinished(() => workers.close());
	return workers;
}

test("a worker computes what scrypt computes", async () => {
	const workers = open();

	const hashes = await Promise.all(["a", "b", "c"].map((each) => workers.derive(jobOf(each))));

	expect(hashes).toEqual(["a", "b", "c"].map((each) => scryptSync(each, SALT, 32, CHEAP)));
});

test("the queue is bounded: a job that finds it full is refused, and the others are done", async () => {
	const workers = open(1, 2);
	const jobs = ["a", "b", "c", "d"].map((each) => workers.derive(jobOf(each)));

	const ends = await Promise.allSettled(jobs);

	expect(ends.map(({ status }) => status)).toEqual([
		...["fulfilled", "fulfilled", "fulfilled"],
		"rejected",
	]);
	expect(ends[3]).toMatchObject({ reason: new PasswordsBusyError() });
	expect(await workers.derive(jobOf("d"))).toEqual(scryptSync("d", SALT, 32, CHEAP));
});

test("parameters that scrypt refuses reject their job alone", async () => {
	const workers = open(1);
	const refused = workers.derive(jobOf("a", { N: 3, r: 1, p: 1 }));
	const done = workers.derive(jobOf("b"));

	await expect(refused).rejects.toThrow(/scrypt/i);
	expect(await done).toEqual(scryptSync("b", SALT, 32, CHEAP));
});

test("a worker that dies rejects its job, and another one does the next", async () => {
	const workers = open(1);
	// What is not a job ends the worker, as when it has no memory left.
	const lost = workers.derive(undefined as unknown as ScryptJob);
	const next = workers.derive(jobOf("a"));

	await expect(lost).rejects.toThrow("its worker ended");
	expect(await next).toEqual(scryptSync("a", SALT, 32, CHEAP));
	expect(await workers.derive(jobOf("b"))).toEqual(scryptSync("b", SALT, 32, CHEAP));
});

test("closing ends the workers, and rejects every job that is not done", async () => {
	const workers = open(1);
	const jobs = ["a", "b"].map((each) => workers.derive(jobOf(each)));
	const ends = Promise.allSettled(jobs);

	await workers.close();

	expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
	await expect(workers.derive(jobOf("c"))).rejects.toThrow("closing");
});

/** Runs a module on the sources, in a process of its own. @returns what it printed. */
async function run(source: string): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "run-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const file = join(folder, "run.mjs");
	await writeFile(file, source);
	const args = ["--import", "./test/run-typescript.mjs", file];
	return (await promisify(execFile)(process.execPath, args, { cwd: ROOT })).stdout;
}

test("a process waits for its hashes, and then ends although its workers are idle", async () => {
	const printed = await run(`
import { ScryptWorkers } from ${JSON.stringify(join(ROOT, "src/helpdesk/people/scrypt-workers.ts"))};
const workers = new ScryptWorkers();
const hash = await workers.derive(${JSON.stringify(jobOf("a"))});
console.log(hash.toString("base64url"));
`);

	expect(printed.trim()).toBe(scryptSync("a", SALT, 32, CHEAP).toString("base64url"));
});
