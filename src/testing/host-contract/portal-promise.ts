import assert from "node:assert/strict";
import type { CurrentUser, LoginRequest } from "../../contract/login-request.ts";
import type { LoginResponse } from "../../contract/login-response.ts";
import type { PortalUnderTest } from "./host-under-test.ts";
import type { HostOpener, ProbedHost, Promised } from "./opened-host.ts";
import type { Answer, PortalVisitor } from "./portal-visitor.ts";

/** Promises about a helpdesk's pages, by their titles. */
export type PortalPromises = Readonly<
	Record<string, Promised<(opener: HostOpener, portal: PortalUnderTest) => Promise<void>>>
>;

/** The path of a brand's callback. */
export function callbackPath({ brand }: ProbedHost): string {
	return new URL(brand.callbackUrl).pathname;
}

/** The last request that a login hook got. */
export function lastRequest(
	{ probe }: ProbedHost,
	hook: "startLogin" | "handleCallback" | "continueLogin",
): LoginRequest {
	const [request] = probe.callsOf(hook).at(-1) ?? assert.fail(`${hook} was not called`);
	return request;
}

/** The number of calls of login hooks by visitors' requests. */
export function requestsToHooks({ probe }: ProbedHost): number {
	return probe.calls.filter(({ hook }) =>
		["startLogin", "handleCallback", "continueLogin"].includes(hook),
	).length;
}

/** Presses the button. The plugin answers with this response. */
export async function pressAndGet(
	{ probe }: ProbedHost,
	visitor: PortalVisitor,
	response: LoginResponse,
): Promise<Answer> {
	probe.answer("startLogin", async () => response);
	return visitor.pressButton();
}

/** Logs a user in by the plugin. */
export async function signIn(
	opened: ProbedHost,
	visitor: PortalVisitor,
	userId: string,
): Promise<Answer> {
	return pressAndGet(opened, visitor, {
		kind: "signed-in",
		userId,
		returnPath: opened.brand.continuePath,
	});
}

/** The user that the helpdesk tells the plugin. */
export async function currentUserOf(
	opened: ProbedHost,
	visitor: PortalVisitor,
): Promise<CurrentUser | undefined> {
	await visitor.openContinue();
	return lastRequest(opened, "continueLogin").currentUser;
}

export const ADA = { email: "ada@example.com", password: "correct horse battery" };

/** Adds a user of the first brand. @returns their id. */
export async function addAda({ helpdesk, brand }: ProbedHost, password?: string): Promise<string> {
	return helpdesk.addUser({
		brandId: brand.id,
		email: ADA.email,
		confirmed: true,
		...(password !== undefined && { password }),
	});
}

/** Counted, not timed: on a busy machine the looks slow down with the helpdesk. */
const MAX_LOOKS = 1000;

/** Waits for something that follows an answer. @param what what went wrong if it does not happen. */
export async function eventually(isDone: () => boolean, what: string): Promise<void> {
	for (let looks = 0; !isDone(); looks += 1) {
		assert.ok(looks < MAX_LOOKS, what);
		await new Promise((next) => setTimeout(next, 5));
	}
}
