import { join } from "node:path";
import { expect, test } from "vitest";
import { folderMarketplace } from "../../../src/helpdesk/add-on-install/folder-marketplace.ts";
import { sha256Of } from "../../../src/helpdesk/add-ons/package-store.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import { MockClock } from "../../../src/testing/mock-host/mock-clock.ts";
import { tinyZip } from "../../kit/artifact/plugin-versions.ts";
import { eventually } from "../../kit/eventually.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { ADD_ONS, install } from "../../kit/helpdesk/install-add-on.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { onUsersPage, press, stored, throughX } from "../../kit/helpdesk/people-with-x.ts";
import { addOnsPage, folderWith, LOG_IN, TINY, zip } from "../../kit/helpdesk/tiny-log-in.ts";
import { logInUnconfirmed } from "../../kit/helpdesk/unconfirmed-account.ts";
import { actOnUser, failToDelete, openUserPage } from "../../kit/helpdesk/users-pages.ts";
import { submitUntilDone } from "../../kit/jobs/until-done.ts";

test("a second plugin comes from the marketplace and works next to X", async () => {
	const zip = tinyZip(LOG_IN, { version: "1.2.0" });
	const folder = await folderWith({ "tiny-1.2.0.zip": zip, "notes.zip": new Uint8Array(3) });
	const open = await openHelpdesk({ marketplace: folderMarketplace(folder) });
	const { operator, portal } = open;
	await setUpX(open);
	expect(await addOnsPage(open)).toMatch(/tiny-1\.2\.0\.zip<\/p><\/td><td>New/);
	const document = operator.seen.html;
	const proof = /name="_csrf" value="([^"]+)"/.exec(document)?.[1] ?? "";

	await operator.post(`${portal}${ADD_ONS}/choose`, [
		["_csrf", proof],
		["file", "tiny-1.2.0.zip"],
	]);

	expect(operator.seen.html).toContain("What leaves your server");
	expect(operator.seen.html).toContain("E-mails to people, in the name of your brands.");
	expect(operator.seen.html).toContain("Add-ons do not run in a sandbox.");
	expect(operator.seen.html).toContain("None. To check that the zip is the publisher");
	// Nothing is installed before an operator chooses it.
	expect((await new HttpVisitor().open(`${portal}/login`)).html).not.toContain("Tiny");
	expect(await stored(open.storage, ["plugin-state", "tiny"])).toEqual([]);
	await operator.submit(`${ADD_ONS}/install`);
	expect(operator.seen.html).toContain("Tiny 1.2.0 is installed.");
	expect((await new HttpVisitor().open(`${portal}/login`)).html).not.toContain("Tiny");
	await press(open, `${TINY}/activate`);
	expect(operator.seen.html).toContain("Tiny is active.");

	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	expect(visitor.seen.html).toContain("Log in with X");
	expect((await visitor.submit("/login/tiny/start")).html).toContain("Tiny was asked");
	expect((await throughX(open, "1", "/login?returnTo=/account")).html).toContain("@ada");
	await press(open, `${TINY}/deactivate`);
	expect((await new HttpVisitor().open(`${portal}/login`)).html).toContain("Log in with X");
	expect((await visitor.open(`${portal}/login/tiny/callback`)).status).toBe(404);
	expect((await visitor.open(`${portal}/login/nobody/callback`)).status).toBe(404);
});

test("only offered packages are read, and no name leads out of the folder", async () => {
	const folder = await folderWith({ "tiny.zip": tinyZip(LOG_IN) });
	const { operator, portal } = await openHelpdesk({
		marketplace: folderMarketplace(join(folder, "none")),
	});
	await operator.open(`${portal}${ADD_ONS}`);
	const proof = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html)?.[1] ?? "";

	const seen = await operator.post(`${portal}${ADD_ONS}/choose`, [
		["_csrf", proof],
		["file", "../tiny.zip"],
	]);

	expect(seen.status).toBe(404);
});

test("all plugins take part when users are deleted, merged and exported, and one that fails stops the deletion", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	const failing = tinyZip({
		onUserDeleted: 'throw new Error("not yet");',
		exportUserData: "return { word: 1 };",
		listLinkedAccounts: 'return [{ identityId: "tiny:1", label: "tiny one", linkedAt: 0 }];',
	});
	await setUpX(open);
	await throughX(open, "1");
	await install(operator, portal, failing);

	const userId = await openUserPage(operator, portal, "ada@example.com");
	expect(operator.seen.html).toMatch(/<span>X @ada, since [\s\S]*<span>Tiny tiny one</);
	const path = `/admin/users/${userId}/export`;
	const exported: unknown = await (await operator.request(`${portal}${path}`)).json();
	expect(exported).toMatchObject({ plugins: { tiny: { word: 1 }, "x-login": {} } });
	expect((await failToDelete(operator, portal, userId)).html).toContain("not yet");
	expect((await operator.open(`${portal}/admin/users`)).html).toContain("ada@example.com");

	await install(operator, portal, tinyZip({ onUserDeleted: "" }, { version: "1.0.1" }));
	await onUsersPage(open, "ada@example.com", "delete");
	expect(operator.seen.html).toContain("The user is deleted");
});

test("a plugin gets its own cookies, and none of a plugin whose id starts with its id", async () => {
	const startLogin = `const names = Object.keys(given.cookies).join(" ");
		return { kind: "page", page: { status: 200, title: "Tiny", html: "<p>It was given: " + names + ".</p>" } };`;
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await install(operator, portal, tinyZip({ ...LOG_IN, startLogin }));
	await press(open, `${TINY}/activate`);
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login`);
	for (const name of ["tiny.acorn.own", "tiny-acorn.acorn.other", "tiny-acorn-acorn-other"]) {
		visitor.cookies.set(name, "1");
	}

	await visitor.submit("/login/tiny/start");

	expect(visitor.seen.html).toContain("It was given: own.");
});

test("only operators can upload: for others the body is too large", async () => {
	const { portal } = await openHelpdesk();
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/admin/login`);
	const body = new FormData();
	body.set("zip", new File([new Uint8Array(200_000)], "big.zip"));

	const seen = await visitor.open(`${portal}${ADD_ONS}/upload`, { method: "POST", body });

	expect(seen.status).toBe(413);
});

test("an uninstalled add-on can be installed again, and its zip removed once no data is kept", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	await install(operator, portal, zip);
	await press(open, `${TINY}/uninstall`);
	await operator.submit(`${TINY}/uninstall`, { data: "keep" });
	expect(operator.seen.html).toContain("Tiny is uninstalled. Its settings and links are kept.");

	expect(await addOnsPage(open)).not.toContain("Remove the zip");
	await operator.submit(`${TINY}/install`);
	expect(operator.seen.html).toContain("Tiny is installed. It is off");
	await press(open, `${TINY}/uninstall`);
	await operator.submit(`${TINY}/uninstall`, { data: "keep" });
	await operator.submit(`${TINY}/delete-kept`);
	await operator.submit(`${TINY}/delete-kept`, { sure: "on" });
	expect(operator.seen.html).toContain(
		"Tiny is uninstalled. Everything that it stored is deleted.",
	);
	await addOnsPage(open);
	await operator.submit(`${ADD_ONS}/tiny/remove`, { confirmed: "yes" });

	expect(operator.seen.html).toContain("The zip is removed.");
	expect(operator.seen.html).not.toContain("Tiny");
	expect(await stored(open.storage, ["packages"])).toEqual([]);
	expect((await operator.open(`${portal}${TINY}/links.csv`)).status).toBe(404);
	await install(operator, portal, zip);
	expect(operator.seen.html).toContain("Tiny 1.0.0 is installed.");
});

test("forms may lead to the origins of installed plugins, from the first page on", async () => {
	const open = await openHelpdesk();
	const { operator, portal } = open;
	const capabilities = { network: [], navigation: ["https://tiny.example"], ports: [] };
	await install(operator, portal, tinyZip(LOG_IN, { capabilities }));

	const { headers } = await new HttpVisitor().open(`${portal}/login`);

	expect(headers.get("content-security-policy")).toMatch(
		/form-action 'self'[^;]* https:\/\/tiny\.example/,
	);
});

test("an add-on whose zip is gone stops the deletion of users and the claim of accounts, but no log-in with other add-ons", async () => {
	const clock = new MockClock();
	const storage = new MemoryStorage(clock);
	const keys = [new Uint8Array(32).fill(1)];
	const first = await openHelpdesk({ clock, storage, keys });
	await setUpX(first);
	await install(first.operator, first.portal, zip);
	await storage.commit({
		sets: [{ key: ["plugin-data", "tiny", "a"], value: 1 }],
		deletes: [["packages", "installed", sha256Of(zip)]],
	});
	// This node still has the add-on, and would do the work of the other one.
	await first.close();

	const open = await openHelpdesk({ clock, storage, keys });
	const operator = first.operator;
	await operator.open(`${open.portal}/admin/users`);
	await operator.submit("/admin/users/add", { brand: "acorn", email: "a@example.com" });
	const userId = await openUserPage(operator, open.portal, "a@example.com");
	expect((await new HttpVisitor().open(`${open.portal}/login`)).html).toContain("Log in with X");
	expect(open.log.join()).toContain("is missing from the storage");
	const { html: failed } = await failToDelete(operator, open.portal, userId);
	expect(failed).toContain("cannot be used");
	const grace = new HttpVisitor();
	const fields = { name: "Grace", email: "grace@example.com", password: "correct horse" };
	await logInUnconfirmed(grace, { ...open, storage }, fields);
	const reader = new HttpVisitor();
	await reader.open(`${open.portal}/forgot`);
	await reader.submit("/forgot", { email: fields.email });
	const link = await eventually(async () => {
		const { html } = await operator.open(`${open.portal}/admin/mailbox`);
		return /http:\/\/127[^\s<]+\/reset\?token=[\w-]+/.exec(html)?.[0] ?? expect.fail("no letter");
	});
	await reader.open(link);
	expect(await reader.submit("/reset", { password: "another horse" })).toMatchObject({
		status: 502,
	});
	await operator.open(`${open.portal}${ADD_ONS}`);
	expect(operator.seen.html).toContain("tiny 1.0.0 cannot be used on this node");
	expect(await operator.submit(`${ADD_ONS}/tiny/discard`)).toMatchObject({ status: 400 });
	expect(await stored(storage, ["plugin-data", "tiny"])).toHaveLength(1);
	await submitUntilDone(operator, `${ADD_ONS}/tiny/discard`, { sure: "on" });
	await operator.open(`${open.portal}${ADD_ONS}`);

	expect(operator.seen.html).not.toContain("cannot be used");
	expect(await stored(storage, ["plugin-data", "tiny"])).toEqual([]);
	expect((await actOnUser(operator, open.portal, userId, "delete")).html).toContain(
		"The user is deleted",
	);
	await reader.open(link);
	expect((await reader.submit("/reset", { password: "another horse" })).html).toContain(
		"Your password is set",
	);
});
