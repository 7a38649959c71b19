import { expect, onTestFinished, test } from "vitest";
import type { Deliver } from "../../../src/helpdesk/mail/letter-delivery.ts";
import { LetterRefusedError } from "../../../src/helpdesk/mail/letter-refused-error.ts";
import type { Outbox } from "../../../src/helpdesk/mail/outbox.ts";
import type { KeptLetter } from "../../../src/helpdesk/mail/shown-letter.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { eventually } from "../../kit/eventually.ts";
import { outboxIn } from "../../kit/helpdesk/open-outbox.ts";
import { allEntries } from "../../kit/storage/all-entries.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SECRET = "1234 5678 9012";
const LETTER = {
	brandId: "acorn",
	to: "ada@example.com",
	subject: "Your code",
	text: `Your code is ${SECRET}.`,
	usefulForMs: 10 * MINUTE,
};

const refuses: Deliver = () => Promise.reject(new LetterRefusedError("550 no such user"));

/** An outbox whose mail server does as `server.deliver` says. */
function open(deliver: Deliver | undefined, most?: number) {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const server = { deliver };
	const sent: string[] = [];
	const taking: Deliver = async ({ to, text }) => {
		sent.push(`${to}: ${text}`);
		return "250 queued as 7";
	};
	const through: Deliver = (message) => (server.deliver ?? taking)(message);
	const outbox = outboxIn(storage, clock, through, () => {}, most);
	onTestFinished(() => outbox.close());
	const stored = async () => JSON.stringify((await storage.list([], { limit: 1000 })).entries);
	return { outbox, clock, storage, server, sent, stored };
}

async function only(outbox: Outbox, state: KeptLetter["state"]): Promise<KeptLetter> {
	return eventually(async () => {
		const { letters } = await outbox.letters.page();
		expect(letters).toMatchObject([{ state, isBeingSent: false }]);
		return letters[0] ?? expect.fail("no letter");
	});
}

async function refusalOf(outbox: Outbox, id: string) {
	return (await outbox.letters.find(id))?.refusal;
}

test("a delivered letter is listed for seven days with what the mail server said, without its text", async () => {
	const { outbox, clock, stored, storage } = open(undefined);
	await outbox.send(LETTER);

	const letter = await only(outbox, "delivered");

	expect(letter).toMatchObject({ to: LETTER.to, answer: "250 queued as 7", text: "" });
	expect(await stored()).not.toContain(SECRET);
	clock.advance(7 * DAY);
	expect((await storage.list([])).entries).toEqual([]);
});

test("letters are listed by state, each in one list, and by address and state together", async () => {
	const { outbox, server, clock } = open(refuses);
	await outbox.send(LETTER);
	await only(outbox, "refused");
	server.deliver = undefined;
	clock.advance(1);
	await outbox.send({ ...LETTER, to: "bob@example.com" });
	server.deliver = () => Promise.reject(new Error("451 later"));
	clock.advance(1);
	await outbox.send({ ...LETTER, to: "cleo@example.com" });
	const listed = async (state: "waiting" | "delivered" | "failed", to?: string) =>
		(await outbox.letters.page({ state, to })).letters.map((letter) => letter.to);

	await eventually(async () => {
		expect(await listed("failed")).toEqual(["ada@example.com"]);
		expect(await listed("delivered")).toEqual(["bob@example.com"]);
		expect(await listed("waiting")).toEqual(["cleo@example.com"]);
	});
	expect(await listed("failed", "ADA@example.com")).toEqual(["ada@example.com"]);
	expect(await listed("delivered", "ada@example.com")).toEqual([]);
});

test.each([
	["was delivered", undefined, "delivered"],
	["was refused", refuses, "refused"],
] as const)(
	"a letter that %s is sent again to the same address, with the same text",
	async (_, deliver, state) => {
		const { outbox, server, sent } = open(deliver);
		await outbox.send(LETTER);
		const { id } = await only(outbox, state);
		server.deliver = undefined;
		sent.length = 0;

		expect(await outbox.letters.resend(id)).toBe("sent");

		await eventually(async () => expect(sent).toEqual([`${LETTER.to}: ${LETTER.text}`]));
		expect(await only(outbox, "delivered")).toMatchObject({ id, resends: 1, problem: undefined });
	},
);

test("a letter that waits after a failure is tried at once", async () => {
	const { outbox, server, sent } = open(() => Promise.reject(new Error("451 later")));
	await outbox.send(LETTER);
	const { id } = await eventually(async () => {
		const letter = await only(outbox, "waits");
		expect(letter.problem).toBe("451 later");
		return letter;
	});
	server.deliver = undefined;

	expect(await outbox.letters.resend(id)).toBe("sent");

	await only(outbox, "delivered");
	expect(sent).toHaveLength(1);
});

test("a letter whose code has expired is not sent again, and its text is gone from the storage", async () => {
	const { outbox, clock, sent, storage } = open(undefined);
	await outbox.send(LETTER);
	const { id } = await only(outbox, "delivered");
	const texts = async () => (await storage.list(["letter-texts"])).entries.length;
	expect(await texts()).toBe(1);

	clock.advance(10 * MINUTE);

	expect(await refusalOf(outbox, id)).toBe("expired");
	expect(await outbox.letters.resend(id)).toBe("expired");
	expect(await texts()).toBe(0);
	expect(sent).toHaveLength(1);
});

test("a letter is sent again once a minute, and five times at most", async () => {
	const { outbox, clock, sent } = open(undefined);
	await outbox.send({ ...LETTER, usefulForMs: DAY });
	const { id } = await only(outbox, "delivered");
	const answers: string[] = [];
	for (let time = 0; time < 6; time += 1) {
		answers.push(await outbox.letters.resend(id));
		await only(outbox, "delivered");
		answers.push(await outbox.letters.resend(id));
		clock.advance(MINUTE);
	}

	expect(answers.filter((answer) => answer === "sent")).toHaveLength(5);
	expect(answers.slice(0, 2)).toEqual(["sent", "too-soon"]);
	expect(answers.slice(-2)).toEqual(["too-often", "too-often"]);
	expect(sent).toHaveLength(6);
});

test("a letter that a node is sending is not sent again meanwhile, and is after that node was killed", async () => {
	const { outbox, clock, server } = open(() => new Promise(() => {}));
	await outbox.send({ ...LETTER, usefulForMs: DAY });
	const [letter] = (await outbox.letters.page()).letters;
	const id = letter?.id ?? "";
	expect(await outbox.letters.resend(id)).toBe("being-sent");

	clock.advance(5 * MINUTE);
	server.deliver = undefined;

	expect(await outbox.letters.resend(id)).toBe("sent");
	await only(outbox, "delivered");
});

test("two operators who send a letter again at once send it once", async () => {
	const { outbox, sent } = open(undefined);
	await outbox.send(LETTER);
	const { id } = await only(outbox, "delivered");

	const answers = await Promise.all([outbox.letters.resend(id), outbox.letters.resend(id)]);

	expect(answers.filter((answer) => answer === "sent")).toHaveLength(1);
	await only(outbox, "delivered");
	expect(sent).toHaveLength(2);
});

test("a deleted letter leaves nothing, neither its text nor its places in lists", async () => {
	const { outbox, storage } = open(undefined);
	await outbox.send(LETTER);
	const { id } = await only(outbox, "delivered");

	expect(await outbox.letters.remove(id)).toBe(true);

	expect((await storage.list([])).entries).toEqual([]);
	expect(await outbox.letters.remove(id)).toBe(false);
	expect(await outbox.letters.resend(id)).toBe("gone");
});

test("operators never read a letter that was written for a mail server, even without one later", async () => {
	const { outbox, clock, storage } = open(() => new Promise(() => {}));
	await outbox.send(LETTER);
	const without = outboxIn(storage, clock, undefined, () => {});
	onTestFinished(() => without.close());
	clock.advance(1);
	await without.send({ ...LETTER, to: "bob@example.com" });

	const { letters } = await without.letters.page();

	expect(letters.map(({ to, text }) => [to, text])).toEqual([
		["bob@example.com", LETTER.text],
		[LETTER.to, ""],
	]);
	const bob = letters[0]?.id ?? "";
	expect((await outbox.letters.find(bob))?.letter.text).toBe("");
	expect(await refusalOf(without, bob)).toBe("no-server");
});

test("of delivered letters a quarter of all are kept, the newest, and letters that were refused stay", async () => {
	const { outbox, server, clock, storage } = open(refuses, 80);
	await outbox.send(LETTER);
	await only(outbox, "refused");
	server.deliver = async () => undefined;
	for (let letter = 0; letter < 30; letter += 1) {
		clock.advance(1);
		const sets = outbox.letterSets({ ...LETTER, to: `p${letter}@example.com` }, null, {
			forServer: true,
		});
		await storage.commit({ sets });
	}
	await outbox.deliverAll();

	expect(await outbox.trimming.run()).toMatchObject({ values: { count: 10 } });

	expect(await allEntries(storage, ["mail-index", "ended"])).toHaveLength(1);
	expect(await allEntries(storage, ["mail-index", "delivered"])).toHaveLength(20);
});
