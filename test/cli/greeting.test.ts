import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { Operators } from "../../src/helpdesk/people/operators.ts";
import { cryptoRandom } from "../../src/ports/crypto-random.ts";
import { MemoryStorage } from "../../src/storage/memory-storage.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { CHEAP_HASHER } from "../kit/helpdesk/cheap-hasher.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { newDataFolder } from "../kit/helpdesk/start-helpdesk.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));

/** What a start prints for people. */
async function greetingOf(data: string): Promise<string> {
	const child = spawn(process.execPath, [CLI, "start", "--port", "0", "--data", data]);
	const ended = once(child, "exit");
	onTestFinished(async () => {
		child.kill("SIGKILL");
		await ended;
	});
	let printed = "";
	child.stdout.on("data", (chunk) => {
		printed += chunk;
	});
	await expect.poll(() => printed, { timeout: 100_000 }).toContain("While it runs");
	return printed;
}

test("finding B12: the greeting's password stands alone between spaces, and logs in as it was copied", async () => {
	const data = await newDataFolder();
	const greeting = await greetingOf(data);
	const lines = greeting.split("\n").map((line) => line.trim().split(/\s{2,}/));
	const shown = (name: string) => lines.find(([label]) => label === name)?.[1] ?? "";
	const operator = new HttpVisitor();
	await operator.open(`${shown("Administration")}/login`);

	await operator.submit("/admin/login", {
		email: shown("E-mail address"),
		password: ` ${shown("Password")} `.trim(),
	});

	expect(shown("Password")).toMatch(/^[a-z0-9]{26}$/);
	expect(operator.seen).toMatchObject({ status: 200, url: shown("Administration") });
	expect(await greetingOf(data)).toContain(
		"Log in there as operator@helpdesk.example with your password.",
	);
	for (const name of ["API key", "API key secret", "Client ID", "Client Secret"]) {
		expect(shown(name), name).toMatch(/^[A-Za-z0-9]{25,50}$/);
	}
});

test("finding B12: a double click selects each first password as a whole, and no letter looks like another", async () => {
	const passwords = new Set<string>();
	for (let helpdesk = 0; helpdesk < 200; helpdesk += 1) {
		const storage = new MemoryStorage(new MockClock());
		const operators = new Operators(storage, cryptoRandom, CHEAP_HASHER);
		passwords.add((await operators.makeFirst()) ?? "");
	}
	const segmenter = new Intl.Segmenter("en", { granularity: "word" });

	expect(passwords.size).toBe(200);
	for (const password of passwords) {
		expect(
			[...segmenter.segment(`  ${password}\n`)].filter(({ isWordLike }) => isWordLike),
		).toMatchObject([{ segment: password }]);
	}
	const letters = new Set([...passwords].join(""));
	expect(letters.size).toBe(32);
	expect([..."l1o0O"].filter((letter) => letters.has(letter))).toEqual([]);
});
