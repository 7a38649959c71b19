import { expect, test } from "vitest";
import { copyOfEvent } from "../../../src/helpdesk/add-ons/plugin-event.ts";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { install } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk } from "../../kit/helpdesk/open-helpdesk.ts";
import { INTEGRATIONS, press } from "../../kit/helpdesk/people-with-x.ts";

const ended = (code: string, fields = "") =>
	`host.events.emit({ name: "login.ended", level: "info", message: "", brandId: "acorn", ${fields} fields: { outcome: "refused", code: "${code}", traceCode: "ABCD-1234" } });`;

/** The helpdesk with add-ons that run code when they are activated, in this order. */
async function withAddOns(code: Readonly<Record<string, string>>) {
	const open = await openHelpdesk();
	for (const [id, onActivate] of Object.entries(code)) {
		const hooks = { onActivate: `${onActivate}; return { state: "ready" };` };
		await install(open.operator, open.portal, tinyZip(hooks, { id, name: "Tiny" }));
		await press(open, `${INTEGRATIONS}/${id}/activate`);
		open.clock.advance(1000);
	}
	return open;
}

test("the log line of an add-on's event names the add-on, which forges neither that nor the time", async () => {
	const { log, clock } = await withAddOns({
		tiny: 'host.events.emit({ name: "says", level: "info", message: "m", fields: { a: 1 }, time: "1970", plugin: "x-login", helpdesk: true })',
	});

	const line = JSON.parse(log.find((each) => each.includes('"says"')) ?? "");

	expect(line).toEqual({
		time: new Date(clock.now() - 1000).toISOString(),
		plugin: "tiny",
		name: "says",
		level: "info",
		message: "m",
		fields: { a: 1 },
	});
});

test.each([
	...["helpdesk.error", "Helpdesk.Error", "add-on.installed", "add-on.uninstalled"],
	...["registration.no-mail-server", "start.x", "mail.unusable", "storage.not-durable"],
	...["openid.client-refused", "hand-off.failed", "brands.not-served", "audit.incomplete"],
	...["people.repair", "plugin.event-refused", "administration.moved"],
	...["", " helpdesk.error", "a b", "a".repeat(65), "helpdesk.error\n"],
])("an add-on cannot use the name %j for its event", (name) => {
	const event = { name, level: "error", message: "the disk is full", fields: { a: 1 } };

	const { name: used, message, fields } = copyOfEvent(event);

	expect(used).toBe("plugin.event-refused");
	expect(message).not.toContain("disk");
	expect(fields).toEqual({});
});

test("emitting an event never throws, whatever it is", async () => {
	const { log } = await withAddOns({
		tiny: `const circle = {}; circle.circle = circle;
			for (const event of [null, undefined, 1n, "a", circle, { get name() { throw 1; } }, new Proxy({}, { get() { throw 2; } }),
				{ name: "odd", fields: { circle, big: 1n, ok: true, text: { toJSON() { throw 3; } } } },
				{ name: "odd", get fields() { throw 4; } },
				{ name: "login.ended", brandId: "acorn", subject: { reveal() { throw 5; } }, fields: { outcome: "refused", code: "a", traceCode: "ABCD-1234" } }]) {
				host.events.emit(event);
			}
			host.events.emit({ name: "survived", level: "info", message: "", fields: {} })`,
	});

	expect(log.filter((line) => line.includes('"plugin.event-refused"'))).toHaveLength(8);
	expect(log.join()).toContain('"name":"odd","level":"warn","message":"","fields":{"ok":true}');
	expect(log.join()).toContain('"survived"');
});

test("an event is read once and has a limited size", () => {
	let reads = 0;
	const fields = Object.fromEntries(
		Array.from({ length: 10_000 }, (_, index) => [`f${index}`, "x".repeat(10_000)]),
	);
	const event = {
		get name() {
			reads += 1;
			return reads === 1 ? "says" : "helpdesk.error";
		},
		level: "info",
		message: "m".repeat(1_000_000),
		brandId: "b".repeat(1_000_000),
		fields,
	};

	const copy = copyOfEvent(event);

	expect(copy.name).toBe("says");
	expect(JSON.stringify(copy).length).toBeLessThan(10_000);
});

test("an add-on's event with the trace code of another add-on's attempt does not replace that attempt", async () => {
	const { operator, helpdesk } = await withAddOns({
		tiny: ended("the-truth"),
		other: ended("a-lie"),
	});

	const { html } = await operator.open(`${helpdesk.adminUrl}/sign-ins/attempt?trace=abcd1234`);

	expect(html).toContain("2 attempts have this code");
	expect(html).toContain("<h1>the-truth</h1>");
	expect(html).toContain("<h1>a-lie</h1>");
	expect(html).toContain("Tiny (<code>tiny</code>)");
	expect(html).toContain("Tiny (<code>other</code>)");
});
