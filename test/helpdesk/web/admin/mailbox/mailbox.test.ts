import { type Document, Window } from "happy-dom";
import { expect, onTestFinished, test } from "vitest";
import { derivedKeys } from "../../../../../src/helpdesk/derived-keys.ts";
import type { Deliver } from "../../../../../src/helpdesk/mail/letter-delivery.ts";
import { LetterLimits } from "../../../../../src/helpdesk/mail/letter-limits.ts";
import { LetterRefusedError } from "../../../../../src/helpdesk/mail/letter-refused-error.ts";
import { Outbox } from "../../../../../src/helpdesk/mail/outbox.ts";
import { NAMESPACES } from "../../../../../src/helpdesk/namespaces.ts";
import { FIRST_OPERATOR } from "../../../../../src/helpdesk/people/operator-roster.ts";
import { Vault } from "../../../../../src/helpdesk/settings/vault.ts";
import { cryptoRandom } from "../../../../../src/ports/crypto-random.ts";
import { namespaced } from "../../../../../src/storage/namespaced-storage.ts";
import { eventually } from "../../../../kit/eventually.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";
import { outboxIn } from "../../../../kit/helpdesk/open-outbox.ts";

const LETTER = { brandId: "acorn", subject: "Welcome", text: "Hello" };

async function openWithLetters(letters: number): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	const outbox = outboxIn(open.storage, open.clock, undefined, () => {});
	for (let letter = 0; letter < letters; letter += 1) {
		open.clock.advance(1);
		await outbox.send({ ...LETTER, to: `p${letter}@example.com` });
	}
	return open;
}

async function mailbox({ operator, helpdesk }: OpenHelpdesk, rest = ""): Promise<Document> {
	const { html } = await operator.open(`${helpdesk.adminUrl}/mailbox${rest}`);
	return new new Window().DOMParser().parseFromString(html, "text/html");
}

function recipients(document: Document): string[] {
	return [...document.querySelectorAll("article .soft")].map(
		({ textContent }) => /To (p\d+)@/.exec(textContent)?.[1] ?? textContent,
	);
}

function linkOf(document: Document, label: string): string | undefined {
	const links = [...document.querySelectorAll(".pager a")];
	const link = links.find(({ textContent }) => textContent === label);
	return link?.getAttribute("href")?.replace("/admin/mailbox", "");
}

test("a page has 25 e-mails, newest first, and its links lead to the next page and to the first one", async () => {
	const open = await openWithLetters(60);
	const names = Array.from({ length: 60 }, (_, index) => `p${59 - index}`);

	const first = await mailbox(open);
	const second = await mailbox(open, linkOf(first, "Next"));
	const third = await mailbox(open, linkOf(second, "Next"));

	expect(recipients(first)).toEqual(names.slice(0, 25));
	expect(recipients(second)).toEqual(names.slice(25, 50));
	expect(recipients(third)).toEqual(names.slice(50));
	expect([linkOf(first, "First"), linkOf(third, "Next")]).toEqual([undefined, undefined]);
	expect(recipients(await mailbox(open, linkOf(third, "First")))).toEqual(names.slice(0, 25));
	expect(recipients(await mailbox(open, "?after=no+cursor"))).toEqual(names.slice(0, 25));
});

test("a search finds the e-mails to an address in any spelling, and says when there are none", async () => {
	const open = await openWithLetters(30);

	const found = await mailbox(open, "?to=+P7%40EXAMPLE.com");
	const none = await mailbox(open, "?to=%3Cb%3E%40example.com");

	expect(recipients(found)).toEqual(["p7"]);
	expect(found.querySelector("#to")?.getAttribute("value")).toBe("P7@EXAMPLE.com");
	expect(none.querySelector("main")?.textContent).toContain("No e-mails to <b>@example.com.");
	expect(none.querySelectorAll("main b")).toHaveLength(0);
});

test("the list says that it is incomplete until the e-mails of an earlier version are in it", async () => {
	const open = await openHelpdesk();
	const at = open.clock.now();
	const sets = Array.from({ length: 230 }, (_, letter) => {
		const id = `${String(at).padStart(16, "0")}-${letter}`;
		const value = { ...LETTER, to: `p${letter}@example.com`, at, problem: null };
		return { key: ["outbox", id], value, expiresAt: at + 60_000 };
	});
	await open.storage.commit({ sets });
	const notice = async () => (await mailbox(open)).querySelector(".notice")?.textContent;

	expect(await notice()).toContain("This list is incomplete");
	expect(await notice()).toBeUndefined();
});

test("the page says how e-mails are sent only where no mail server is set up", async () => {
	const without = await mailbox(await openHelpdesk());
	const withServer = await mailbox(await openHelpdesk({ deliver: async () => {} }));
	expect(without.body.textContent).toContain("start the helpdesk with --smtp");
	expect(withServer.body.textContent).not.toContain("--smtp");
});

/** The one e-mail of a helpdesk whose mail server does as `deliver` says. */
async function openLetter(deliver: Deliver, usefulForMs?: number) {
	const keys = [cryptoRandom.bytes(32)];
	const open = await openHelpdesk({ deliver, keys });
	const { storage, clock, operator, helpdesk } = open;
	const outbox = new Outbox({
		...{ storage, clock, report: () => {} },
		route: async () => deliver,
		vault: new Vault(derivedKeys(keys, "ended letters")),
	});
	onTestFinished(() => outbox.close());
	const letter = { ...LETTER, to: "ada@example.com", text: "The code is 1234." };
	await outbox.send({ ...letter, ...(usefulForMs !== undefined && { usefulForMs }) });
	const [kept] = (await outbox.letters.page()).letters;
	const path = `/admin/mailbox/letters/${kept?.id}`;
	const show = async (): Promise<string> =>
		(await operator.open(new URL(path, helpdesk.adminUrl).href)).html;
	return { ...open, outbox, path, show };
}

test("the page of an e-mail says why it was not delivered, and tries it at once", async () => {
	let isAway = true;
	const { show, operator, path, outbox } = await openLetter(async () => {
		if (isAway) {
			throw new Error("nothing answers at the mail server");
		}
		return "250 queued as 7";
	});
	await eventually(async () => expect(await show()).toContain("Not sent yet: nothing answers"));
	expect(await show()).toContain('<span class="outcome ">Waiting</span>');
	expect(await show()).not.toContain("The code is");
	isAway = false;

	const { html } = await operator.submit(`${path}/resend`);

	expect(html).toContain("The e-mail is being sent again.");
	await eventually(async () => expect(await show()).toContain("250 queued as 7"));
	expect((await outbox.letters.page()).letters).toMatchObject([{ state: "delivered" }]);
});

test("the page of an e-mail whose code has expired offers no way to send it again, and says why", async () => {
	const { show, clock, operator, path, helpdesk } = await openLetter(async () => undefined, 60_000);
	await eventually(async () => expect(await show()).toContain("Send again</button>"));
	const csrf = /name="_csrf" value="([^"]+)"/.exec(await show())?.[1] ?? "";
	clock.advance(60_000);

	expect(await show()).toContain("a code or link in it no longer works");
	expect(await show()).not.toContain("Send again</button>");
	const url = new URL(`${path}/resend`, helpdesk.adminUrl).href;
	const answer = await operator.post(url, [["_csrf", csrf]]);
	expect([answer.status, answer.html]).toEqual([409, expect.stringContaining("it is too old")]);
});

test("an e-mail is deleted after a question, and is then not found", async () => {
	const { show, operator, path, helpdesk } = await openLetter(async () => undefined);
	await eventually(async () => expect(await show()).toContain("Delivered"));
	const question = await operator.open(new URL(`${path}/delete`, helpdesk.adminUrl).href);
	expect(question.html).toContain("Delete this e-mail?");

	const { html } = await operator.submit(`${path}/delete`);

	expect(html).toContain("The e-mail is deleted.");
	expect(html).not.toContain("ada@example.com,");
	const gone = await operator.open(new URL(path, helpdesk.adminUrl).href);
	expect(gone.status).toBe(404);
});

test("e-mails are found by state, in words and colour", async () => {
	const { operator, helpdesk, show } = await openLetter(() =>
		Promise.reject(new LetterRefusedError("550 no such user")),
	);
	await eventually(async () => expect(await show()).toContain("550 no such user"));
	const listed = async (state: string) =>
		(await operator.open(`${helpdesk.adminUrl}/mailbox?state=${state}`)).html;

	expect(await listed("failed")).toContain('<span class="outcome refused">Refused</span>');
	expect(await listed("failed")).toContain("To ada@example.com");
	expect(await listed("delivered")).toContain("No e-mails of this state.");
	expect(await listed("nonsense")).toContain("To ada@example.com");
});

test("an operator sends 60 e-mails again in an hour at most", async () => {
	const { operator, path, clock, storage, show } = await openLetter(async () => undefined);
	await eventually(async () => expect(await show()).toContain("Send again</button>"));
	const limits = new LetterLimits(namespaced(storage, NAMESPACES.requestCounts), clock);
	for (let letter = 0; letter < 60; letter += 1) {
		expect(await limits.secondsToWait("resend", FIRST_OPERATOR)).toBe(0);
	}

	const { status, html } = await operator.submit(`${path}/resend`);

	expect([status, html]).toEqual([429, expect.stringContaining("many e-mails sent again")]);
});

test("an invitation that was written without the mark of a mail server shows no link", async () => {
	const open = await openHelpdesk();
	const outbox = outboxIn(open.storage, open.clock, undefined, () => {});
	onTestFinished(() => outbox.close());
	const text = "Open this link: https://desk.example/admin/invitation?token=abc";
	await outbox.send({ ...LETTER, to: "eve@example.com", text });

	const page = (await mailbox(open)).body.textContent;

	expect(page).toContain("because it invites an operator");
	expect(page).not.toContain("token=abc");
});
