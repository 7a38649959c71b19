import assert from "node:assert/strict";
import type { PortalUnderTest } from "../host-under-test.ts";
import type { ProbedHost } from "../opened-host.ts";
import {
	ADA,
	addAda,
	callbackPath,
	currentUserOf,
	lastRequest,
	type PortalPromises,
	signIn,
} from "../portal-promise.ts";
import type { Answer, PortalVisitor } from "../portal-visitor.ts";

/** Fills in the helpdesk's own log-in form, or its form for a proof. */
function fillIn(
	visitor: PortalVisitor,
	page: Answer,
	{ emailField, passwordField }: PortalUnderTest,
	who: { readonly email: string; readonly password: string },
): Promise<Answer> {
	const filledIn = { [emailField]: who.email, [passwordField]: who.password };
	return visitor.submit(page, passwordField, filledIn);
}

/** Visitors prove who they are with the helpdesk's own passwords. */
export const PROOF_PROMISES: PortalPromises = {
	"A visitor who must prove who they are logs in and comes back": async (opener, portal) => {
		const opened = await opener.openEnabled();
		const id = await addAda(opened, ADA.password);
		const visitor = opened.newVisitor();
		await reauthenticate(opened, visitor, portal);

		const { query, currentUser } = lastRequest(opened, "continueLogin");
		assert.deepEqual(query, [["proven", "1"]]);
		assert.equal(currentUser?.id, id);
	},

	"A user who must prove who they are enters their password and comes back": async (
		opener,
		portal,
	) => {
		const opened = await opener.openEnabled();
		const id = await addAda(opened, ADA.password);
		const visitor = opened.newVisitor();
		await signIn(opened, visitor, id);
		opened.clock.advance(60 * 60_000);
		await reauthenticate(opened, visitor, portal);

		const { query, currentUser } = lastRequest(opened, "continueLogin");
		assert.deepEqual(query, [["proven", "1"]]);
		assert.deepEqual(currentUser, { id, provenAt: opened.clock.now() });
	},

	"Confirming an unconfirmed account ends its sessions and drops its password": async (
		opener,
		portal,
	) => {
		const opened = await opener.openEnabled();
		const { helpdesk, brand, host } = opened;
		const who = { email: "squatted@example.com", password: "of a stranger" };
		const id = await helpdesk.addUser({ ...who, brandId: brand.id, confirmed: false });
		const squatter = opened.newVisitor();
		const logIn = async () =>
			squatter.follow(await fillIn(squatter, await squatter.open(brand.loginPath), portal, who));
		await logIn();
		assert.equal((await currentUserOf(opened, squatter))?.id, id);
		await host.users.confirm(id);
		const after = await currentUserOf(opened, squatter);
		await logIn();

		assert.equal(after, undefined);
		assert.equal(await currentUserOf(opened, squatter), undefined);
	},
};

/** Fills in the helpdesk's form and goes back to the plugin. */
async function reauthenticate(
	opened: ProbedHost,
	visitor: PortalVisitor,
	portal: PortalUnderTest,
): Promise<void> {
	const { probe, brand } = opened;
	const returnPath = `${brand.continuePath}?proven=1`;
	probe.answer("handleCallback", async () => ({ kind: "reauthenticate", returnPath }));
	const form = await visitor.follow(await visitor.request(callbackPath(opened)));
	const before = probe.callsOf("continueLogin").length;
	await visitor.follow(await fillIn(visitor, form, portal, ADA));
	assert.equal(
		probe.callsOf("continueLogin").length,
		before + 1,
		"the helpdesk does not lead back to the plugin",
	);
}
