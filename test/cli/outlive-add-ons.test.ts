import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { outliveAddOns } from "../../src/cli/helpdesk/outlive-add-ons.ts";
import { MockClock } from "../../src/testing/mock-host/mock-clock.ts";
import { tinyZip } from "../kit/artifact/plugin-versions.ts";
import { eventually } from "../kit/eventually.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { install } from "../kit/helpdesk/install-add-on.ts";
import { INTEGRATIONS } from "../kit/helpdesk/people-with-x.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

const FAULTY = `Promise.reject(new Error("lost promise"));
	setTimeout(() => { throw new Error("broken timer"); }, 1);
	setTimeout(() => { throw { get stack() { throw 1; }, toString: null }; }, 2);
	setInterval(() => { throw new Error("broken without end"); }, 3);
	return { state: "ready" };`;

test("an add-on whose promise is rejected or whose timer throws stops no brand", async () => {
	const { ready, process, printed } = await startHelpdeskProcess(await newDataFolder());
	const operator = new HttpVisitor();
	await operator.open(`${ready.admin}/login`);
	const { email, password } = ready.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	await install(operator, ready.portals["acorn"] ?? "", tinyZip({ onActivate: FAULTY }));
	await operator.open(`${ready.portals["acorn"]}${INTEGRATIONS}`);

	await operator.submit(`${INTEGRATIONS}/tiny/activate`);

	for (const text of ["lost promise", "broken timer", "without a text", "broken without end"]) {
		await eventually(() => expect(printed()).toContain(text));
	}
	expect(printed()).toContain('"name":"helpdesk.error"');
	for (const portal of Object.values(ready.portals)) {
		expect((await fetch(`${portal}/healthz`)).status).toBe(200);
	}
	expect(process.exitCode).toBeNull();
});

test("an add-on that fails without end does not fill the log", () => {
	const events = new EventEmitter() as unknown as NodeJS.Process;
	const clock = new MockClock();
	const lines: string[] = [];
	outliveAddOns(events, { clock, log: (line) => lines.push(line) });

	for (let round = 0; round < 1000; round += 1) {
		events.emit("uncaughtException", new Error("again"));
	}
	expect(lines).toHaveLength(20);
	clock.advance(60_000);
	events.emit("unhandledRejection", new Error("later"), Promise.resolve());

	expect(lines).toHaveLength(21);
	expect(JSON.parse(lines[20] ?? "")).toMatchObject({ name: "helpdesk.error", level: "error" });
});
