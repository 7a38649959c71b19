import { expect, test } from "vitest";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import {
	API_KEY_SECRET,
	type OpenHelpdesk,
	openHelpdesk,
	setUpX,
} from "../../kit/helpdesk/open-helpdesk.ts";
import {
	onUsersPage,
	openWithPeople,
	PASSWORD,
	PEOPLE,
	press,
	stored,
	throughX,
	X,
} from "../../kit/helpdesk/people-with-x.ts";
import { submitUntilDone } from "../../kit/jobs/until-done.ts";

const SOCIAL = "/admin/settings/users/social-login/x-login";
const DAY_MS = 24 * 60 * 60_000;

async function mailbox({ helpdesk, operator }: OpenHelpdesk): Promise<string> {
	return (await operator.open(`${helpdesk.adminUrl}/mailbox`)).html;
}

test("Deactivate first says how many people it affects, and kept data is there when X is activated again", async () => {
	const open = await openWithPeople();

	const asked = await press(open, `${X}/deactivate`);
	expect(asked).toMatchObject({ status: 200, url: `${open.portal}${X}/deactivate` });
	expect(asked.html).toContain(
		"4 people have X linked at Acorn Outdoor. 3 of them have no other way to log in.",
	);
	expect(asked.html).toContain(`${X}/links.csv?brand=acorn`);
	expect(asked.html).toContain("to the 1 person without another way to log in");
	expect(asked.html).toContain("2 more are suspended or wait for approval and get no e-mail.");
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");

	const before = await stored(open.storage, ["plugin-data"]);
	expect((await open.operator.submit(`${X}/deactivate`, { data: "keep" })).html).toContain(
		"X is deactivated. Its settings and links are kept.",
	);
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).not.toContain("with X");
	expect(await stored(open.storage, ["plugin-data"])).toEqual(before);
	expect(await mailbox(open)).not.toContain("/reset?token=");
	await press(open, `${X}/activate`);
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain("@ada_at_x");
});

test("deleting needs a confirmation, and leaves no X id and no handle in the storage", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/deactivate`);

	const unsure = await open.operator.submit(`${X}/deactivate`, { data: "purge", letters: "on" });
	expect(unsure).toMatchObject({ status: 400 });
	expect(unsure.html).toContain("Nothing has changed yet");
	expect(unsure.html).toMatch(/value="purge" checked/);
	expect(unsure.html).toMatch(/name="letters" checked/);
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");

	const sure = { data: "purge", sure: "on", letters: "on" };
	const done = await submitUntilDone(open.operator, `${X}/deactivate`, sure);
	expect(done.html).toContain("1 e-mail was written.");
	expect((await stored(open.storage)).filter((entry) => /x:\d|_at_x/.test(entry))).toEqual([]);
	// No user can log in by accident: the brand is switched on again, with the keys that are still stored.
	await press(open, `${X}/activate`);
	const { html } = await new HttpVisitor().open(`${open.portal}/login`);
	expect(html).not.toContain("Log in with X");
	const manage = "/admin/settings/users/social-login/x-login";
	await open.operator.open(`${open.portal}${manage}`);
	await open.operator.submit(manage, { acorn: "on" });
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");
});

test("too many requests for a user's e-mails do not stop the helpdesk's own e-mails", async () => {
	const open = await openWithPeople();
	for (let asked = 0; asked < 6; asked += 1) {
		const stranger = new HttpVisitor();
		await stranger.open(`${open.portal}/forgot`);
		await stranger.submit("/forgot", { email: "ada@example.com" });
	}
	await press(open, `${X}/deactivate`);

	const done = await submitUntilDone(open.operator, `${X}/deactivate`, {
		data: "keep",
		letters: "on",
	});
	expect(done.html).toContain("1 e-mail was written.");
});

test("e-mails go to users who need a password, say why, and let them set one for seven days", async () => {
	const open = await openWithPeople();
	await press(open, `${X}/deactivate`);
	const done = await submitUntilDone(open.operator, `${X}/deactivate`, {
		data: "keep",
		letters: "on",
	});
	expect(done.html).toContain("1 e-mail was written.");

	const letters = (await mailbox(open)).split("<article").filter((each) => each.includes("/reset"));
	expect(letters).toHaveLength(1);
	const [letter = ""] = letters;
	expect(letter).toContain("To ada@example.com");
	expect(letter).toContain("X will no longer open your account there");
	const [link = ""] = /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(letter) ?? [];
	open.clock.advance(7 * DAY_MS - 1);
	const visitor = new HttpVisitor();
	await visitor.open(link);
	await visitor.submit("/reset", { password: PASSWORD });
	await visitor.open(`${open.portal}/login?returnTo=/account`);
	await visitor.submit("/login", { email: "ada@example.com", password: PASSWORD });
	// In another browser the X account is not proven: X only asserted the address.
	expect(visitor.seen.html).toContain("No other account is linked");
	expect(open.log.join()).not.toContain(new URL(link).searchParams.get("token"));
});

test("an e-mail is in the user's language, and a link that the user asked for works for half an hour", async () => {
	const open = await openHelpdesk({}, PEOPLE);
	await setUpX(open);
	const visitor = new HttpVisitor();
	const german = { headers: { "accept-language": "de-AT" } };
	await visitor.open(`${open.portal}/login`, german);
	const { url } = await visitor.submit("/login/x-login/start");
	await visitor.open(await approveAtX(url, { accountId: "1" }), german);
	await press(open, `${X}/deactivate`);
	await submitUntilDone(open.operator, `${X}/deactivate`, {
		data: "keep",
		letters: "on",
	});
	expect(await mailbox(open)).toContain("Mit X kommen Sie dort künftig nicht mehr in Ihr Konto");

	open.clock.advance(1000);
	await visitor.open(`${open.portal}/forgot`);
	await visitor.submit("/forgot", { email: "ada@example.com" });
	const link = await eventually(async () => {
		const links = (await mailbox(open)).match(/http:\/\/127[^\s<]+\/reset\?token=[\w-]+/g) ?? [];
		expect(links).toHaveLength(2);
		return links[0] ?? "";
	});
	expect(await visitor.open(link)).toMatchObject({ status: 200 });
	open.clock.advance(30 * 60_000);
	expect(await visitor.open(link)).toMatchObject({ status: 400 });
});

test("switching a brand off asks first, and keeps the other choices of the form", async () => {
	const open = await openWithPeople();
	const { operator, portal } = open;
	const harborSettings = `${X}?brand=harbor`;
	await operator.open(`${portal}${harborSettings}`);
	await operator.submit(harborSettings, { apiKey: "api-key", apiKeySecret: API_KEY_SECRET });
	await operator.open(`${portal}${SOCIAL}`);

	const asked = await operator.submit(SOCIAL, { harbor: "on" });

	expect(asked.url).toBe(`${portal}${SOCIAL}/switch-off?brand=acorn`);
	expect(asked.html).toContain("4 people have X linked at Acorn Outdoor");
	const loginPages = async () => {
		const pages = await Promise.all(
			open.helpdesk.brands.map(({ baseUrl }) => new HttpVisitor().open(`${baseUrl}/login`)),
		);
		return pages.map(({ html }) => html.includes("x-login/start"));
	};
	expect(await loginPages()).toEqual([true, true]);
	const sure = { data: "purge", sure: "on" };
	await submitUntilDone(operator, `${SOCIAL}/switch-off?brand=acorn`, sure);
	expect(await loginPages()).toEqual([false, true]);
	expect((await stored(open.storage)).filter((entry) => /x:\d|_at_x/.test(entry))).toEqual([]);

	// The other brand has no users with X.
	await operator.submit(SOCIAL, {});
	expect(operator.seen.html).toContain("Saved.");
	expect(await loginPages()).toEqual([false, false]);
	await operator.open(`${portal}${SOCIAL}/switch-off?brand=acorn&brand=nobody&brand=harbor`);
	expect(operator.seen.url).toBe(`${portal}${SOCIAL}`);
});

test("a brand that cannot be switched on does not hide the question about the other brand", async () => {
	const open = await openWithPeople();
	const { operator, portal } = open;
	const harborSettings = `${X}?brand=harbor`;
	await operator.open(`${portal}${harborSettings}`);
	await operator.submit(harborSettings, { apiKey: "api-key", apiKeySecret: "another-secret" });
	await operator.submit(`${X}/test?brand=harbor`);
	await operator.open(`${portal}${SOCIAL}`);

	expect(await operator.submit(SOCIAL, { harbor: "on" })).toMatchObject({ status: 409 });
	expect(operator.seen.html).toMatch(/name="acorn">/);
	expect((await new HttpVisitor().open(`${portal}/login`)).html).toContain("Log in with X");
	const asked = await operator.submit(SOCIAL, { harbor: "on", "harbor-anyway": "on" });
	expect(asked.url).toBe(`${portal}${SOCIAL}/switch-off?brand=acorn`);
	await operator.submit(`${SOCIAL}/switch-off?brand=acorn`, { data: "keep" });
	expect(operator.seen.html).toMatch(/name="harbor" checked>/);
	expect(operator.seen.html).toMatch(/name="acorn">/);
});

test("where nobody can be e-mailed, the question says so and counts nobody twice", async () => {
	const open = await openHelpdesk({}, PEOPLE);
	await setUpX(open);
	await throughX(open, "1");
	await onUsersPage(open, "ada@example.com", "suspended");

	const { html } = await press(open, `${X}/deactivate`);

	expect(html).toContain("1 person has X linked at Acorn Outdoor, and no other way to log in.");
	expect(html).toContain(
		"Nobody can be e-mailed: the person without another way to log in is suspended or waits for approval.",
	);
	expect(html).not.toContain("1 more");
	expect(html).not.toContain('name="letters"');
});
