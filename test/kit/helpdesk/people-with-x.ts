import type { HostStorage } from "../../../src/contract/storage.ts";
import { approveAtX } from "../../../src/testing/fake-x/fake-visitor.ts";
import { HttpVisitor } from "./http-visitor.ts";
import { type OpenHelpdesk, openHelpdesk, setUpX } from "./open-helpdesk.ts";
import { logInUnconfirmed } from "./unconfirmed-account.ts";
import { actOnUser, userIdOf } from "./users-pages.ts";

export const INTEGRATIONS = "/admin/settings/general/integrations";
export const X = `${INTEGRATIONS}/x-login`;
export const PASSWORD = "correct horse";

export const PEOPLE = ["ada", "grace", "susan", "wanda"].map((name, index) => ({
	id: String(index + 1),
	screenName: `${name}_at_x`,
	name,
	email: `${name}@example.com`,
}));

export async function throughX(open: OpenHelpdesk, accountId: string, page = "/login") {
	const visitor = new HttpVisitor();
	await visitor.open(`${open.portal}${page}`);
	const { url } = await visitor.submit("/login/x-login/start");
	return visitor.open(await approveAtX(url, { accountId }));
}

export async function onUsersPage(
	open: Pick<OpenHelpdesk, "helpdesk" | "operator">,
	email: string,
	action: "active" | "suspended" | "log-out" | "delete",
) {
	const { origin } = new URL(open.helpdesk.adminUrl);
	return actOnUser(open.operator, origin, await userIdOf(open.operator, origin, email), action);
}

/** Four people with X: one has a password and an address that nobody has proven, one is suspended, and one waits for approval. */
export async function openWithPeople(): Promise<OpenHelpdesk> {
	const open = await openHelpdesk({}, PEOPLE);
	await setUpX(open);
	await throughX(open, "1");
	const grace = new HttpVisitor();
	const fields = { name: "Grace", email: "grace@example.com", password: PASSWORD };
	await logInUnconfirmed(grace, open, fields);
	await grace.open(`${open.portal}/account`);
	const { url } = await grace.submit("/login/x-login/start");
	await grace.open(await approveAtX(url, { accountId: "2" }));
	await throughX(open, "3");
	await onUsersPage(open, "susan@example.com", "suspended");
	const registration = "/admin/settings/users/registration";
	await open.operator.open(`${open.portal}${registration}`);
	await open.operator.submit(registration, { "acorn-registration": "approval" });
	await throughX(open, "4");
	return open;
}

export async function press(open: OpenHelpdesk, action: string) {
	await open.operator.open(`${open.portal}${INTEGRATIONS}`);
	return open.operator.submit(action);
}

export async function stored(
	storage: HostStorage,
	prefix: readonly string[] = [],
): Promise<string[]> {
	const found: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await storage.list(prefix, cursor === undefined ? {} : { cursor });
		found.push(...page.entries.map((entry) => JSON.stringify(entry)));
		cursor = page.cursor;
	} while (cursor !== undefined);
	return found;
}
