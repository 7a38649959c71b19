import { type ChildProcess, fork } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../..", import.meta.url));
/** The modules of NodeBB that the example loads, and the names that the fake exports them by. */
const MODULES = {
	"src/controllers/authentication.js": "authentication",
	"src/database.js": "database",
	"src/emailer.js": "emailer",
	"src/meta.js": "meta",
	"src/routes/helpers.js": "helpers",
	"src/user.js": "user",
	"node_modules/nconf/index.js": "nconf",
};

/** A person as the fake stores them. */
interface FakePerson {
	readonly uid: number;
	readonly username: string;
	readonly email?: string;
	readonly "email:confirmed"?: number;
	readonly password?: string;
	readonly isStaff?: boolean;
	readonly banned?: boolean;
}

interface Letter {
	readonly to: string;
	readonly text: string;
}

/** What tests order. */
interface Orders {
	add(fields: Omit<FakePerson, "uid">): number;
	change(uid: number, fields: Partial<FakePerson>): void;
	configure(changes: Readonly<Record<string, string | number>>): void;
	queueNewUsers(now: boolean): void;
	approve(username: string): number;
	reject(username: string): boolean;
	/** Bans everybody, from the look after so many on. */
	banAfterLooks(count: number): void;
	/** What NodeBB does before it deletes its record of a user. */
	beginToDelete(uid: number): void;
	delete(uid: number): void;
	people(): readonly FakePerson[];
	queue(): readonly { readonly username: string; readonly ip: string }[];
	letters(): readonly Letter[];
	sessions(): readonly { readonly returnTo?: string; readonly forceLogin?: number }[];
	/** Functions of NodeBB by their names, such as `user.bans.isBanned`. */
	functions(): { readonly called: readonly string[]; readonly faked: readonly string[] };
}

export interface FakeNodebb {
	/** With the path of the forum. */
	readonly url: string;
	readonly folder: string;
	order<Name extends keyof Orders>(
		name: Name,
		...args: Parameters<Orders[Name]>
	): Promise<ReturnType<Orders[Name]>>;
	close(): Promise<void>;
}

/** A folder with the fake, which has the package of this clone and the example among its modules. */
export async function makeFakeNodebb(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "nodebb-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	const modules = join(folder, "node_modules");
	await mkdir(modules);
	await symlink(join(root, "node_modules/express"), join(modules, "express"));
	await symlink(root, join(modules, "x-login"));
	const example = "nodebb-plugin-x-login";
	await cp(join(here, example), join(modules, example), { recursive: true });
	return folder;
}

/** Starts the fake in a folder, as NodeBB starts: as the main module of a process. */
export async function startFakeNodebb(
	folder: string,
	port: number,
	settings: Readonly<Record<string, unknown>>,
): Promise<FakeNodebb> {
	await cp(join(here, "fake-nodebb.cjs"), join(folder, "fake-nodebb.cjs"));
	for (const [file, name] of Object.entries(MODULES)) {
		await mkdir(dirname(join(folder, file)), { recursive: true });
		const text = `module.exports = require(${JSON.stringify(join(folder, "fake-nodebb.cjs"))}).${name};\n`;
		await writeFile(join(folder, file), text);
	}
	const given = JSON.stringify({ port, settings });
	const child = fork(join(folder, "fake-nodebb.cjs"), [given], { execArgv: [], silent: true });
	const close = () => closed(child);
	onTestFinished(close);
	const complaints: string[] = [];
	child.stderr?.on("data", (text) => complaints.push(String(text)));
	const answers = new Map<number, (answer: Answer) => void>();
	child.on("message", (answer: Answer) => answers.get(answer.id)?.(answer));
	let last = 0;
	await new Promise<void>((started, failed) => {
		answers.set(0, () => started());
		child.once("exit", () => failed(new Error(complaints.join(""))));
	});
	return {
		url: `http://127.0.0.1:${port}/forum`,
		folder,
		close,
		order: async (name, ...args) => {
			last += 1;
			const id = last;
			const answer = new Promise<Answer>((answered) => answers.set(id, answered));
			child.send({ id, name, args });
			const { problem, result } = await answer;
			if (problem !== undefined) {
				throw new Error(problem);
			}
			return result as never;
		},
	};
}

interface Answer {
	readonly id: number;
	readonly result?: unknown;
	readonly problem?: string;
}

async function closed(child: ChildProcess): Promise<void> {
	if (child.exitCode === null && child.signalCode === null) {
		const exited = new Promise((done) => child.once("exit", done));
		child.kill();
		await exited;
	}
}

/** A port of loopback that is free now. X has to know the callback before the forum starts. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
	const address = server.address();
	await new Promise((done) => server.close(done));
	if (address === null || typeof address === "string") {
		throw new Error("the server has no port");
	}
	return address.port;
}
