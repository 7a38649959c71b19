import assert from "node:assert/strict";
import type { PluginEvent } from "../../../contract/events.ts";
import { secret } from "../../../contract/secret.ts";
import type { HostPromises } from "../opened-host.ts";

export const MAIL_PROMISES: HostPromises = {
	"A letter is queued as it was written": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const letter = {
			brandId: brand.id,
			to: "ada@example.com",
			subject: "Grüße",
			text: "one\ntwo\n\n.\n<b>three</b> ä\u{1f388}",
		};
		await host.mail.send(letter);
		const [{ brandId, to, subject, text } = assert.fail("no letter")] = await helpdesk.letters();

		assert.deepEqual({ brandId, to, subject, text }, letter);
	},

	"No letter of many is lost": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		const wanted = Array.from({ length: 20 }, (_, index) => `ada+${index}@example.com`);
		await Promise.all(
			wanted.map((to) => host.mail.send({ brandId: brand.id, to, subject: "s", text: "t" })),
		);
		const sent = (await helpdesk.letters()).map(({ to }) => to);

		assert.deepEqual(sent.sort(), wanted.sort());
	},
};

const EVENT: PluginEvent = {
	name: "probe.asked",
	level: "info",
	message: "a plugin says something",
	fields: { code: "a", count: 1, done: true, none: null },
};

export const EVENT_PROMISES: HostPromises = {
	"An event is written to the log": async (opener) => {
		const { host, helpdesk, brand } = await opener.open();
		host.events.emit({ ...EVENT, brandId: brand.id });
		const entry = helpdesk.log().at(-1) ?? "";

		for (const part of [EVENT.name, EVENT.message, brand.id, "code", "count"]) {
			assert.ok(entry.includes(part), `${part} in ${entry}`);
		}
	},

	"An event is one entry of the log, whatever its fields contain": async (opener) => {
		const { host, helpdesk } = await opener.open();
		const before = helpdesk.log().length;
		const value = 'a\n{"name":"forged"}\r\u2028\u0000\u001b[2J"';
		host.events.emit({ ...EVENT, fields: { value } });
		const entries = helpdesk.log().slice(before);

		assert.equal(entries.length, 1);
		for (const raw of ["\n", "\r", "\u0000", "\u001b"]) {
			assert.ok(!entries.join().includes(raw), `${JSON.stringify(raw)} is written as it is`);
		}
	},

	"A secret in an event does not reach the log": async (opener) => {
		const { host, helpdesk } = await opener.open();
		const hidden = secret("canary-of-an-event");
		const fields = { hidden, text: `${hidden}` } as unknown as PluginEvent["fields"];
		host.events.emit({ ...EVENT, fields });

		assert.ok(helpdesk.log().join("\n").includes(EVENT.name));
		assert.ok(!helpdesk.log().join("\n").includes("canary-of-an-event"));
	},

	"The subject and the user of an event do not reach the log": async (opener) => {
		const { host, helpdesk } = await opener.open();
		const subject = secret("canary-of-an-identity");
		host.events.emit({ ...EVENT, subject, userId: "canary-of-a-user" });
		const log = helpdesk.log().join("\n");

		assert.ok(log.includes(EVENT.name));
		assert.ok(!log.includes("canary-of-an-identity") && !log.includes("canary-of-a-user"));
	},

	"Emitting an event never waits and never throws": async (opener) => {
		const { host } = await opener.open();

		for (const level of ["info", "warn", "error"] as const) {
			assert.equal(host.events.emit({ ...EVENT, level }), undefined);
		}
	},
};

export const CLOCK_PROMISES: HostPromises = {
	"The clock port tells the time of the helpdesk's clock": async (opener) => {
		const { host, clock } = await opener.open();
		const before = host.clock.now();
		clock.advance(90_000);

		assert.equal(before, clock.now() - 90_000);
		assert.equal(host.clock.now(), clock.now());
	},
};

export const RANDOM_PROMISES: HostPromises = {
	"The random port returns as many bytes as asked for": async (opener) => {
		const { host } = await opener.open();

		for (const length of [0, 1, 32, 1000]) {
			assert.equal(host.random.bytes(length).length, length);
		}
	},

	"The random port returns different bytes every time": async (opener) => {
		const { host } = await opener.open();
		const drawn = Array.from({ length: 100 }, () =>
			Buffer.from(host.random.bytes(16)).toString("hex"),
		);

		assert.equal(new Set(drawn).size, 100);
		const values = new Set(Buffer.from(drawn.join(""), "hex"));
		assert.ok(values.size > 200, "1,600 random bytes have more than 200 different values");
	},
};
