import { expect, onTestFinished, test } from "vitest";
import type { MailMessage } from "../../../src/contract/mail.ts";
import type { StorageValue } from "../../../src/contract/storage.ts";
import type { Deliver } from "../../../src/helpdesk/mail/letter-delivery.ts";
import { LetterRefusedError } from "../../../src/helpdesk/mail/letter-refused-error.ts";
import { readMailServer } from "../../../src/helpdesk/mail/mail-server.ts";
import { smtpDelivery } from "../../../src/helpdesk/mail/smtp.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { fieldsOf } from "../../../src/storage/stored-value.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../kit/eventually.ts";
import { startFakeSmtp } from "../../kit/helpdesk/fake-smtp.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { keptLetters, lettersOf } from "../../kit/helpdesk/kept-letters.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";
import { submitStep } from "../../kit/helpdesk/submit-step.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LETTER = {
	brandId: "acorn",
	to: "ada@example.com",
	subject: "Your code",
	text: "Your code is 1234 5678 9012.",
};

function openOutbox(
	deliver: Deliver | undefined,
	storage?: MemoryStorage,
	clock = new MockClock(),
) {
	const kept = storage ?? new MemoryStorage(clock);
	const log: string[] = [];
	const outbox = outboxIn(kept, clock, deliver, (what, error) => log.push(`${what}: ${error}`));
	onTestFinished(() => outbox.close());
	return { outbox, clock, storage: kept, log };
}

/** The minutes after the first try at which the letter is tried again, when the outbox looks each minute. The end too. */
async function triesOf(letter: MailMessage, minutes: number): Promise<(number | string)[]> {
	const tries: number[] = [];
	const clock = new MockClock();
	const beganAt = clock.now();
	const deliver = async () => {
		tries.push((clock.now() - beganAt) / MINUTE);
		throw new Error("451 try again later");
	};
	const { outbox } = openOutbox(deliver, undefined, clock);
	await outbox.send(letter);
	await eventually(async () => {
		expect(await keptLetters(outbox)).toMatchObject([{ problem: "451 try again later" }]);
	});
	for (let minute = 1; minute <= minutes; minute += 1) {
		clock.advance(MINUTE);
		await outbox.deliverAll();
	}
	return [...tries, ...(await keptLetters(outbox)).map(({ state }) => state)];
}

test.each([
	["a mailbox that does not exist", "550 5.1.1 {to}: no such user"],
	["a mailbox that is closed", "554 {to} is disabled"],
	["a name that the server does not take", "553 5.1.3 bad address syntax"],
])(
	"finding B11: %s ends the letter at once, with a mark and without an address in the log",
	async (_, refusal) => {
		const smtp = Object.assign(await startFakeSmtp(), { refuses: true, refusal });
		const deliver = smtpDelivery(readMailServer(`${smtp.url}?from=help@acorn.example`));
		const { outbox, clock, storage, log } = openOutbox(deliver);
		await outbox.send(LETTER);
		await eventually(async () => {
			expect(await keptLetters(outbox)).toMatchObject([{ state: "refused", to: LETTER.to }]);
		});
		const [letter] = await keptLetters(outbox);
		expect(letter?.problem).toContain(`takes no letters to ${LETTER.to}: ${refusal.slice(0, 3)}`);
		const tries = smtp.clearText.filter((line) => line.startsWith("RCPT")).length;

		smtp.refuses = false;
		clock.advance(3 * DAY);
		await outbox.deliverAll();

		expect(smtp.clearText.filter((line) => line.startsWith("RCPT"))).toHaveLength(tries);
		expect(smtp.letters).toEqual([]);
		expect(log).toEqual([
			"a letter was not delivered: it is not tried again; Outgoing e-mail says why",
		]);
		expect(JSON.stringify((await storage.list([])).entries)).not.toContain("1234 5678");
		clock.advance(4 * DAY);
		expect((await storage.list([])).entries).toEqual([]);
	},
);

test.each([
	["busy", "450 4.2.1 come back later"],
	["full", "452 4.2.2 mailbox full"],
])("finding B11: a recipient that is %s is tried again", async (_, refusal) => {
	const smtp = Object.assign(await startFakeSmtp(), { refuses: true, refusal });
	const deliver = smtpDelivery(readMailServer(`${smtp.url}?from=help@acorn.example`));
	const { outbox, clock } = openOutbox(deliver);
	await outbox.send(LETTER);
	await eventually(async () => {
		expect(await keptLetters(outbox)).toMatchObject([
			{ state: "waits", problem: expect.stringContaining(refusal) },
		]);
	});

	smtp.refuses = false;
	clock.advance(MINUTE);
	await outbox.deliverAll();

	expect(smtp.letters).toHaveLength(1);
	expect(await keptLetters(outbox)).toEqual([]);
});

test("finding B11: a mail server that refuses the password, or is away, ends no letter", async () => {
	const smtp = Object.assign(await startFakeSmtp(), { refusesLogin: true });
	const login = smtpDelivery(readMailServer(smtp.url.replace("//", "//user:password@")));
	const away = smtpDelivery(readMailServer("smtp://127.0.0.1:1"));

	for (const deliver of [login, away]) {
		const { outbox } = openOutbox(deliver);
		await outbox.send(LETTER);
		await eventually(async () => {
			expect(await keptLetters(outbox)).toMatchObject([{ state: "waits", problem: /./ }]);
		});
	}
});

test("finding B11: a code of ten minutes is tried for ten minutes, each time after a longer wait", async () => {
	const code = { ...LETTER, usefulForMs: 10 * MINUTE };

	expect(await triesOf(code, 9)).toEqual([0, 1, 3, 7, "waits"]);
	expect(await triesOf(code, 10)).toEqual([0, 1, 3, 7, "late"]);
});

test("finding B11: a link of half an hour is tried for half an hour, and a notice for a day, at least once an hour", async () => {
	const link = { ...LETTER, usefulForMs: 30 * MINUTE };

	expect(await triesOf(link, 30)).toEqual([0, 1, 3, 7, 15, "late"]);
	const tries = (await triesOf(LETTER, 24 * 60)).slice(0, -1);
	expect(tries.slice(0, 9)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183]);
	expect(tries.at(-1)).toBeGreaterThan(22 * 60);
	expect(tries.at(-1)).toBeLessThan(24 * 60);
});

test("finding B11: a letter that was of use until now is not sent any more, not even by a mail server that came late", async () => {
	const { outbox, clock, storage } = openOutbox(undefined);
	await outbox.send({ ...LETTER, usefulForMs: 10 * MINUTE });
	await outbox.send({ ...LETTER, subject: "Notice" });
	clock.advance(11 * MINUTE);
	const sent: string[] = [];
	const later = openOutbox(async ({ subject }) => void sent.push(subject), storage, clock);

	await later.outbox.deliverAll();

	expect(sent).toEqual(["Notice"]);
	expect(await keptLetters(later.outbox)).toMatchObject([
		{ state: "late", text: "", problem: undefined },
	]);
	await later.outbox.deliverAll();
	expect(later.log).toHaveLength(1);
});

test("finding B11: a letter of version 0.2.0 is of use for a day", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const old = { ...LETTER, at: clock.now(), problem: "451", pluginId: null, heldUntil: 0 };
	const key = (name: string) => ["outbox", `0000000000000000-${name}`];
	await storage.commit({ sets: [{ key: key("old"), value: old }] });
	const sent: number[] = [];
	const { outbox } = openOutbox(async () => void sent.push(clock.now()), storage, clock);

	clock.advance(DAY - 1);
	await outbox.deliverAll();
	expect(sent).toHaveLength(1);
	await storage.commit({ sets: [{ key: key("older"), value: old }] });
	clock.advance(1);
	await outbox.deliverAll();

	expect(sent).toHaveLength(1);
	expect(await keptLetters(outbox)).toMatchObject([{ state: "late", problem: "451" }]);
});

test("finding B11: version 0.2.0 finds a letter that has ended held until it expires", async () => {
	const deliver = async () => {
		throw new LetterRefusedError("no such user");
	};
	const { outbox, clock, storage } = openOutbox(deliver);
	await outbox.send(LETTER);
	await eventually(async () =>
		expect(await keptLetters(outbox)).toMatchObject([{ state: "refused" }]),
	);

	const [entry] = (await storage.list(["outbox"])).entries;

	expect(entry?.value).toMatchObject({ heldUntil: clock.now() + 7 * DAY });
});

test("finding B11: two nodes wait together after a failure, and one that took too long changes nothing", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	let fail = (): void => {};
	const slow = openOutbox(
		() =>
			new Promise((_, reject) => {
				fail = () => reject(new Error("too slow"));
			}),
		storage,
		clock,
	);
	let sending = 0;
	const other = openOutbox(
		() => {
			sending += 1;
			return new Promise(() => {});
		},
		storage,
		clock,
	);
	await slow.outbox.send(LETTER);
	clock.advance(5 * MINUTE);
	void other.outbox.deliverAll();
	await eventually(() => expect(sending).toBe(1));

	fail();
	await eventually(() => expect(slow.log).toHaveLength(1));
	clock.advance(2 * MINUTE);
	const third: string[] = [];
	await openOutbox(async ({ to }) => void third.push(to), storage, clock).outbox.deliverAll();

	expect([sending, third]).toEqual([1, []]);
});

test("finding B11: the letter with X's code is of use for ten minutes, and one with a link to set a password for half an hour", async () => {
	const noMail = { id: "3", screenName: "nomail", name: "No Mail" };
	const open = await openHelpdesk({}, [noMail]);
	await setUpX(open);
	const { portal, storage } = open;
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url));
	await submitStep(visitor, "email", { email: "nomail@example.com" });
	await open.operator.open(`${open.helpdesk.adminUrl}/users`);
	await open.operator.submit("/admin/users/add", { brand: "acorn", email: "tim@example.com" });
	await visitor.open(`${portal}/forgot`);
	await visitor.submit("/forgot", { email: "tim@example.com" });
	const usefulFor = async (to: string) => {
		const values = (await storage.list(["outbox"])).entries.map(({ value }) => Object(value));
		const letter = values.find((value) => value.to === to) ?? expect.fail(`no letter to ${to}`);
		return letter.usefulUntil - letter.at;
	};

	await eventually(async () => {
		expect(await usefulFor("nomail@example.com")).toBe(10 * MINUTE);
		expect(await usefulFor("tim@example.com")).toBe(30 * MINUTE);
	});
});

test("finding B11: operators see which letters wait and which have ended, and why", async () => {
	const smtp = Object.assign(await startFakeSmtp(), {
		refuses: true,
		refusal: "550 {to}: no such user",
	});
	const deliver = smtpDelivery(readMailServer(`${smtp.url}?from=help@acorn.example`));
	const open = await openHelpdesk({ deliver }, [
		{ id: "3", screenName: "nomail", name: "No Mail" },
	]);
	await setUpX(open);
	const ask = async (email: string) => {
		const visitor = new HttpVisitor();
		await visitor.open(`${open.portal}/register`);
		await visitor.submit("/register", { name: "Grace", email, password: "correct horse" });
	};
	const mailbox = async () => (await open.operator.open(`${open.helpdesk.adminUrl}/mailbox`)).html;

	await ask("grace@example.com");
	await eventually(async () => {
		const html = await mailbox();
		expect(html).toContain(
			"Not sent, and not tried again: the mail server 127.0.0.1 takes no letters to grace@example.com: 550 &lt;grace@example.com&gt;: no such user.",
		);
	});
	smtp.refusal = "451 later";
	await ask("bea@example.com");

	await eventually(async () =>
		expect(await mailbox()).toMatch(
			/Not sent yet: .*451 later\. The helpdesk tries again until <time/,
		),
	);
	expect(await mailbox()).not.toContain("confirm?token=");
	expect(open.log.join("\n")).not.toMatch(/grace|bea/);
});

test("why a letter waits is kept as a message for readers of other languages, and as words for earlier versions", async () => {
	const { outbox, storage } = openOutbox(smtpDelivery(readMailServer("smtp://127.0.0.1:1")));
	await outbox.send(LETTER);
	await eventually(async () => {
		expect(await keptLetters(outbox)).toMatchObject([{ failures: 1 }]);
	});

	expect(await lettersOf(outbox)).toMatchObject([
		{ problem: { key: "mail-problem.nothing-answers", values: { host: "127.0.0.1" } } },
	]);
	// An earlier version tries it, and keeps what it does not know.
	const found = (await allEntries(storage)).find(
		({ value }) => fieldsOf(value)["said"] !== undefined,
	);
	const { key, value } = found ?? expect.fail("no message is stored");
	expect(fieldsOf(value)["problem"]).toMatch(
		/^nothing answers at the mail server 127\.0\.0\.1; check its name/,
	);
	await storage.commit({
		sets: [{ key, value: { ...fieldsOf(value), problem: "451 later" } as StorageValue }],
	});
	expect(await lettersOf(outbox)).toMatchObject([{ problem: "451 later" }]);
});
