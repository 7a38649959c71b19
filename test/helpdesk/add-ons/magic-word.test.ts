import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
	folderMarketplace,
	type Marketplace,
} from "../../../src/helpdesk/add-on-install/folder-marketplace.ts";
import { disconnectAnyway } from "../../kit/helpdesk/disconnect-anyway.ts";
import { HttpVisitor } from "../../kit/helpdesk/http-visitor.ts";
import { openHelpdesk, setUpX } from "../../kit/helpdesk/open-helpdesk.ts";
import { throughX } from "../../kit/helpdesk/people-with-x.ts";
import { actOnUser, openUserPage, userIdOf } from "../../kit/helpdesk/users-pages.ts";
import { buildMagicWord, WORD } from "../../magic-word/open-house.ts";

const ADD_ONS = "/admin/settings/general/add-ons";
const INTEGRATION = "/admin/settings/general/integrations/magic-word";
const SOCIAL_LOGIN = "/admin/settings/users/social-login/magic-word";

/** A folder with the zip of the magic word in it. */
async function marketplace(): Promise<Marketplace> {
	const { zip } = await buildMagicWord();
	const folder = await mkdtemp(join(tmpdir(), "marketplace-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	await writeFile(join(folder, "magic-word-1.0.0.zip"), zip);
	return folderMarketplace(folder);
}

test("another plugin is installed from the marketplace and works next to X, up to the deletion of its users", async () => {
	const house = await openHelpdesk({ marketplace: await marketplace() });
	const { operator, portal, helpdesk, log } = house;
	const admin = new URL(helpdesk.adminUrl).origin;
	await setUpX(house);

	await operator.open(`${admin}${ADD_ONS}`);
	expect(operator.seen.html).toContain("magic-word-1.0.0.zip");
	await operator.submit(`${ADD_ONS}/choose`);
	await operator.submit(`${ADD_ONS}/install`);
	expect(operator.seen.html).toContain("Magic word 1.0.0 is installed.");
	await operator.open(`${admin}/admin/settings/general/integrations`);
	await operator.submit(`${INTEGRATION}/activate`);
	await operator.open(`${admin}/admin/settings/general/integrations`);
	expect(operator.seen.html).toContain("“Magic word” is missing");
	await operator.open(`${admin}${INTEGRATION}?brand=acorn`);
	for (const ofProviders of ["Callback URL", "Test connection", "Simulator", "the keys"]) {
		expect(operator.seen.html).not.toContain(ofProviders);
	}
	await operator.submit(`${INTEGRATION}?brand=acorn`, { magicWord: WORD });
	expect(operator.seen.html).toContain("A secret is stored");
	expect(operator.seen.html).not.toContain(WORD);
	await operator.open(`${admin}${SOCIAL_LOGIN}`);
	await operator.submit(SOCIAL_LOGIN, { acorn: "on" });

	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	expect(visitor.seen.html).toMatch(/Log in with X<.*Log in with a magic word</s);
	await visitor.submit("/login/magic-word/start");
	expect(visitor.seen.html).toContain("that Acorn Outdoor gave you");
	await visitor.submit("/login/magic-word/continue", { nickname: "ada", word: "canary wrong" });
	expect(visitor.seen).toMatchObject({ status: 400 });
	await visitor.submit("/login/magic-word/continue", { nickname: "ada", word: WORD });
	expect(visitor.seen).toMatchObject({ status: 200, url: `${portal}/account` });
	expect(visitor.seen.html).toContain("<strong>ada</strong>");
	// These users have no e-mail address.
	expect(visitor.seen.html).not.toContain("/account/password-link");
	expect(visitor.seen.html).toContain("This is your only way to log in.");
	await disconnectAnyway(visitor, "magic-word:acorn:ada", "magic-word");
	expect(visitor.seen).toMatchObject({ status: 409, url: `${portal}/account/disconnect` });
	expect((await visitor.open(`${portal}/login/magic-word/callback?a=1`)).status).toBe(404);

	expect((await throughX(house, "1")).url).toBe(`${portal}/`);
	await operator.open(`${admin}/admin/sign-ins`);
	for (const sentence of ["with X or Magic word", "0 calls to Magic word", "3 calls to X"]) {
		expect(operator.seen.html).toContain(sentence);
	}
	await operator.open(`${admin}/admin/users`);
	expect(operator.seen.html).toContain("no e-mail address");
	await openUserPage(operator, admin, "ada@example.com");
	expect(operator.seen.html).toContain("X @ada, since");
	await openUserPage(operator, admin, "ada");
	expect(operator.seen.html).toContain("Magic word ada, since");
	await actOnUser(operator, admin, await userIdOf(operator, admin, "ada"), "delete");
	expect((await visitor.open(`${portal}/account`)).url).toContain("/login");
	const again = new HttpVisitor();
	await again.open(`${portal}/login`);
	await again.submit("/login/magic-word/start");
	await again.submit("/login/magic-word/continue", { nickname: "ada", word: WORD });
	expect(again.seen).toMatchObject({ status: 200, url: `${portal}/` });
	expect(log.join("\n")).not.toMatch(/canary|failed/);
});
