import { expect, test } from "vitest";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { setUpSecondFactor } from "../kit/helpdesk/second-factor.ts";
import {
	endHelpdesk,
	newDataFolder,
	startHelpdeskProcess,
} from "../kit/helpdesk/start-helpdesk.ts";

const FIRST = "operator@helpdesk.example";
const ADA = "ada@example.com";

test("operator add, list and reset work beside a helpdesk that runs, and the passwords log in", async () => {
	const data = await newDataFolder();
	const running = await startHelpdeskProcess(data);
	const run = (...args: string[]) => runCli(data, "operator", ...args, "--data", data, "--json");
	const { admin } = running.ready;

	const added = JSON.parse(run("add", ADA, "--role", "support").stdout);
	expect(added).toEqual({ email: ADA, role: "support", password: expect.any(String) });
	expect(JSON.parse(run("list").stdout)).toEqual({
		operators: [
			{ email: ADA, role: "support" },
			{ email: FIRST, role: "owner" },
		],
	});
	expect(await logsIn(admin, ADA, added.password)).toBe(true);

	const reset = JSON.parse(run("reset", ADA, "--role", "owner").stdout);
	expect(await logsIn(admin, ADA, added.password)).toBe(false);
	expect(await logsIn(admin, ADA, reset.password)).toBe(true);
	expect(reset.role).toBe("owner");
	await endHelpdesk(running);
});

test("a reset takes the second factor away and says so, so that the new password is enough", async () => {
	const data = await newDataFolder();
	const running = await startHelpdeskProcess(data);
	const { admin, operator } = running.ready;
	const run = (...args: string[]) => runCli(data, "operator", ...args, "--data", data).stdout;
	const visitor = new HttpVisitor();
	await visitor.open(`${admin}/login`);
	await visitor.submit("/admin/login", { email: FIRST, password: operator.password ?? "" });
	await setUpSecondFactor(visitor, new URL(admin).origin);
	expect(await logsIn(admin, FIRST, operator.password ?? "")).toBe(false);

	const said = run("reset", FIRST);

	expect(said).toContain("has a new password and no second factor any more");
	const [, password = ""] = /log-in: (\S+)/.exec(said) ?? [];
	expect(await logsIn(admin, FIRST, password)).toBe(true);
	expect(run("reset", FIRST)).toContain("has a new password. Role: owner.");
	const { hadSecondFactor } = JSON.parse(run("reset", FIRST, "--json"));
	expect(hadSecondFactor).toBe(false);
	await endHelpdesk(running);
});

test.each([
	[["promote", ADA], "operator takes one of list, add, reset"],
	[["add"], "operator add takes one e-mail address"],
	[["add", "nobody"], "operator add takes one e-mail address"],
	[["list", ADA], "operator list takes no address"],
	[["add", ADA, "--role", "king"], "--role goes with add and reset"],
	[["list", "--role", "owner"], "--role goes with add and reset"],
])("operator %j is refused by a sentence", async (args, sentence) => {
	const data = await newDataFolder();
	const { status, stderr } = runCli(data, "operator", ...args, "--data", data);
	expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});

test("an operator who is there already, who is not there, and the only owner are refused", async () => {
	const data = await newDataFolder();
	await endHelpdesk(await startHelpdeskProcess(data));
	const run = (...args: string[]) => runCli(data, "operator", ...args, "--data", data).stderr;
	expect(run("add", FIRST)).toContain("is an operator already");
	expect(run("reset", ADA)).toContain("is not an operator");
	expect(run("reset", FIRST, "--role", "support")).toContain("is the only owner");
});

async function logsIn(admin: string, email: string, password: string): Promise<boolean> {
	const visitor = new HttpVisitor();
	await visitor.open(`${admin}/login`);
	const { url } = await visitor.submit("/admin/login", { email, password });
	return new URL(url).pathname === "/admin";
}
