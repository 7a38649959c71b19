import { expect, test } from "vitest";
import type { MailMessage } from "../../../src/contract/mail.ts";
import { readMailServer } from "../../../src/helpdesk/mail/mail-server.ts";
import { smtpDelivery } from "../../../src/helpdesk/mail/smtp.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../kit/eventually.ts";
import { startFakeSmtp } from "../../kit/helpdesk/fake-smtp.ts";
import { keptLetters } from "../../kit/helpdesk/kept-letters.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";

const LETTER = {
	brandId: "acorn",
	to: "ada@example.com",
	subject: "Grüße",
	text: "Your code is 123456.",
};

test("a letter that the mail server accepts does not stay in the outbox", async () => {
	const smtp = await startFakeSmtp();
	const clock = new MockClock();
	const deliver = smtpDelivery(readMailServer(`${smtp.url}?from=help@acorn.example`));
	const outbox = outboxIn(new MemoryStorage(clock), clock, deliver, () => {});

	await outbox.send(LETTER);

	await eventually(async () => {
		expect(smtp.letters).toHaveLength(1);
		expect(await keptLetters(outbox)).toEqual([]);
	});
	const [letter = ""] = smtp.letters;
	expect(letter).toContain("To: ada@example.com");
	expect(letter).toContain("From: help@acorn.example");
	expect(letter).toContain("Your code is 123456.");
	outbox.close();
});

test("a letter that the mail server refuses waits, and goes out later", async () => {
	const smtp = await startFakeSmtp();
	smtp.refuses = true;
	const clock = new MockClock();
	const deliver = smtpDelivery(readMailServer(`${smtp.url}?from=help@acorn.example`));
	const outbox = outboxIn(new MemoryStorage(clock), clock, deliver, () => {});
	await outbox.send(LETTER);
	await eventually(async () => {
		expect(await keptLetters(outbox)).toMatchObject([{ problem: expect.stringContaining("451") }]);
	});

	smtp.refuses = false;
	clock.advance(60_000);
	await outbox.deliverAll();

	expect(smtp.letters).toHaveLength(1);
	expect(await keptLetters(outbox)).toEqual([]);
	outbox.close();
});

test("two nodes with one storage send a letter once, even after one of them crashed", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const sent: string[] = [];
	const busy = outboxIn(
		storage,
		clock,
		() => new Promise(() => {}),
		() => {},
	);
	const deliver = async ({ subject }: MailMessage) => {
		sent.push(subject);
	};
	const other = outboxIn(storage, clock, deliver, () => {});
	await busy.send(LETTER);

	await other.deliverAll();
	expect(sent).toEqual([]);
	clock.advance(5 * 60_000);
	const third = outboxIn(storage, clock, deliver, () => {});
	await Promise.all([other.deliverAll(), third.deliverAll()]);
	expect(sent).toEqual(["Grüße"]);
	expect(await keptLetters(other)).toEqual([]);
	for (const outbox of [busy, other, third]) {
		outbox.close();
	}
});

test("an address with a line break adds no header", async () => {
	const smtp = await startFakeSmtp();
	const deliver = smtpDelivery(readMailServer(`${smtp.url}?from=help@acorn.example`));

	await deliver({ ...LETTER, subject: "Hello\r\nBcc: eve@example.com" });

	expect(smtp.letters[0]).not.toMatch(/^Bcc:/m);
});

test("without a mail server letters are kept for a week, newest first", async () => {
	const clock = new MockClock();
	const outbox = outboxIn(new MemoryStorage(clock), clock, undefined, () => {});
	await outbox.send(LETTER);
	clock.advance(1000);
	await outbox.send({ ...LETTER, subject: "second" });

	expect((await keptLetters(outbox)).map(({ subject }) => subject)).toEqual(["second", "Grüße"]);
	clock.advance(7 * 24 * 60 * 60_000);
	expect(await keptLetters(outbox)).toEqual([]);
});

test("many letters do not open many connections, and all of them go out", async () => {
	const clock = new MockClock();
	let open = 0;
	let most = 0;
	let release = (): void => {};
	const gate = new Promise<void>((resolve) => {
		release = resolve;
	});
	const deliver = async () => {
		open += 1;
		most = Math.max(most, open);
		await gate;
		open -= 1;
	};
	const outbox = outboxIn(new MemoryStorage(clock), clock, deliver, () => {});
	for (let letter = 0; letter < 31; letter += 1) {
		await outbox.send(LETTER);
	}
	release();
	await outbox.deliverAll();

	expect(most).toBeLessThanOrEqual(11);
	await eventually(async () => expect(await keptLetters(outbox)).toEqual([]));
	outbox.close();
});

test("the letters of a plugin are deleted at one brand or at all, and no others", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const outbox = outboxIn(storage, clock, undefined, () => {});
	await outbox.send({ ...LETTER, subject: "the helpdesk's" });
	await outbox.of("tiny", storage).send({ ...LETTER, subject: "at acorn" });
	await outbox.of("tiny", storage).send({ ...LETTER, brandId: "harbor", subject: "at harbor" });
	await outbox.of("other", storage).send({ ...LETTER, subject: "another's" });
	const subjects = async () => (await keptLetters(outbox)).map(({ subject }) => subject).sort();

	await outbox.forgetOf("tiny", "acorn");
	expect(await subjects()).toEqual(["another's", "at harbor", "the helpdesk's"]);
	await outbox.forgetOf("tiny");
	expect(await subjects()).toEqual(["another's", "the helpdesk's"]);
});

test("a broken letter stays as it is and is reported, and the others go out", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const reports: string[] = [];
	const report = (what: string, error: unknown) => reports.push(`${what}: ${error}`);
	const writer = outboxIn(storage, clock, undefined, report);
	await writer.of("tiny", storage).send(LETTER);
	const key = ["outbox", "0000000000000000-broken"];
	await storage.commit({ sets: [{ key, value: { ...LETTER, at: "today", pluginId: "tiny" } }] });
	const planted = JSON.stringify(await storage.get(key));
	const sent: string[] = [];
	const outbox = outboxIn(storage, clock, async ({ to }) => void sent.push(to), report);

	await outbox.deliverAll();
	await outbox.forgetOf("tiny");
	await outbox.forget(LETTER.brandId, LETTER.to);

	expect(sent).toEqual([LETTER.to]);
	expect(await keptLetters(outbox)).toEqual([]);
	expect(reports).toEqual(Array(2).fill(expect.stringContaining("a value under outbox")));
	expect(reports.join()).not.toContain(LETTER.to);
	expect(JSON.stringify(await storage.get(key))).toBe(planted);
	outbox.close();
});

test("a letter stored before letters had a plugin and a hold goes out", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const value = { ...LETTER, at: clock.now(), problem: null };
	await storage.commit({ sets: [{ key: ["outbox", "0000000000000000-old"], value }] });
	const sent: string[] = [];
	const outbox = outboxIn(
		storage,
		clock,
		async ({ to }) => void sent.push(to),
		() => {},
	);

	await outbox.deliverAll();

	expect(sent).toEqual([LETTER.to]);
	outbox.close();
});
