import { type Document, Window } from "happy-dom";
import { expect, test } from "vitest";
import { Outbox } from "../../../../../src/helpdesk/mail/outbox.ts";
import { type OpenHelpdesk, openHelpdesk } from "../../../../kit/helpdesk/open-helpdesk.ts";

const LETTER = { brandId: "acorn", subject: "Welcome", text: "Hello" };

async function openWithLetters(letters: number): Promise<OpenHelpdesk> {
	const open = await openHelpdesk();
	const outbox = new Outbox(open.storage, open.clock, undefined, () => {});
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
