import assert from "node:assert/strict";
import type { LoginResponse } from "../../../contract/login-response.ts";
import { type HostOpener, needing, secondBrand } from "../opened-host.ts";
import {
	addAda,
	callbackPath,
	currentUserOf,
	lastRequest,
	type PortalPromises,
	pressAndGet,
	signIn,
} from "../portal-promise.ts";

const SESSION_KINDS = ["signed-in", "signed-up", "linked"] as const;

export const OUTCOME_PROMISES: PortalPromises = {
	...Object.fromEntries(
		SESSION_KINDS.map((kind) => [
			`The outcome ${kind} opens a session and redirects with a 303`,
			async (opener: HostOpener) => {
				const opened = await opener.openEnabled();
				const id = await addAda(opened);
				const visitor = opened.newVisitor();
				const returnPath = `${opened.brand.continuePath}?back=1`;
				const answer = await pressAndGet(opened, visitor, { kind, userId: id, returnPath });
				const provenAt = opened.clock.now();

				assert.deepEqual([answer.status, answer.location], [303, returnPath]);
				assert.deepEqual(await currentUserOf(opened, visitor), { id, provenAt });
			},
		]),
	),

	"Logging in replaces the session id, so that a planted one is worthless": async (opener) => {
		const opened = await opener.openEnabled();
		const id = await addAda(opened);
		for (const kind of SESSION_KINDS) {
			const [visitor, attacker] = [opened.newVisitor(), opened.newVisitor()];
			await visitor.open(opened.brand.loginPath);
			await visitor.openContinue();
			for (const [name, value] of visitor.cookies) {
				attacker.cookies.set(name, value);
			}
			await pressAndGet(opened, visitor, { kind, userId: id, returnPath: "/" });

			assert.equal((await currentUserOf(opened, visitor))?.id, id);
			assert.equal(await currentUserOf(opened, attacker), undefined, kind);
		}
	},

	"Logging in as another user replaces the session id": async (opener) => {
		const opened = await opener.openEnabled();
		const { helpdesk, brand } = opened;
		const id = await addAda(opened);
		const grace = await helpdesk.addUser({
			brandId: brand.id,
			email: "grace@example.com",
			confirmed: true,
		});
		const visitor = opened.newVisitor();
		await signIn(opened, visitor, id);
		const returnPath = callbackPath(opened);
		opened.probe.answer("handleCallback", async () => ({
			kind: "linked",
			userId: grace,
			returnPath: "/",
		}));
		const before = new Map(visitor.cookies);
		await visitor.request(returnPath);
		const old = opened.newVisitor();
		for (const [name, value] of before) {
			old.cookies.set(name, value);
		}

		assert.equal((await currentUserOf(opened, visitor))?.id, grace);
		assert.notEqual((await currentUserOf(opened, old))?.id, grace);
	},

	"A user who links an account stays logged in": async (opener) => {
		const opened = await opener.openEnabled();
		const id = await addAda(opened);
		const visitor = opened.newVisitor();
		await signIn(opened, visitor, id);
		opened.probe.answer("handleCallback", async () => ({
			kind: "linked",
			userId: id,
			returnPath: "/somewhere",
		}));
		const answer = await visitor.request(callbackPath(opened));

		assert.deepEqual([answer.status, answer.location], [303, "/somewhere"]);
		assert.equal((await currentUserOf(opened, visitor))?.id, id);
	},

	"A return path never leads off the portal": async (opener) => {
		const opened = await opener.openEnabled();
		const id = await addAda(opened);

		for (const returnPath of [
			"//evil.example",
			"/\\evil.example",
			"https://evil.example/",
			"/\t/evil.example",
		]) {
			for (const kind of [...SESSION_KINDS, "complete-profile"] as const) {
				const answer = await pressAndGet(opened, opened.newVisitor(), {
					kind,
					userId: id,
					returnPath,
				});
				assert.match(answer.location ?? "/", /^\/(?!\/)/, `${kind} ${returnPath}`);
			}
		}
	},

	"A user of another brand is not logged in": needing("second-brand", async (opener) => {
		const opened = await opener.openEnabled();
		const { id: brandId } = secondBrand(opened);
		const user = { brandId, email: "foreign@example.com", confirmed: true };
		const visitor = opened.newVisitor();
		await signIn(opened, visitor, await opened.helpdesk.addUser(user));

		assert.equal(await currentUserOf(opened, visitor), undefined);
	}),

	"A user who is suspended or deleted is not logged in": async (opener) => {
		const opened = await opener.openEnabled();
		const { helpdesk, brand } = opened;
		const add = (name: string) =>
			helpdesk.addUser({ brandId: brand.id, email: `${name}@example.com`, confirmed: true });
		const [suspended, deleted] = [await add("s"), await add("d")];
		await helpdesk.suspend(suspended);
		await helpdesk.delete(deleted);

		for (const userId of [suspended, deleted, "nobody"]) {
			const visitor = opened.newVisitor();
			await signIn(opened, visitor, userId);
			assert.equal(await currentUserOf(opened, visitor), undefined);
		}
	},

	"Suspending or deleting a user ends their sessions": async (opener) => {
		const opened = await opener.openEnabled();
		const { helpdesk, brand } = opened;
		for (const end of ["suspend", "delete"] as const) {
			const email = `${end}@example.com`;
			const id = await helpdesk.addUser({ brandId: brand.id, email, confirmed: true });
			const visitor = opened.newVisitor();
			await signIn(opened, visitor, id);
			assert.equal((await currentUserOf(opened, visitor))?.id, id);
			await helpdesk[end](id);
			assert.equal(await currentUserOf(opened, visitor), undefined, end);
		}
	},

	"The helpdesk asks an incomplete user for the missing details, logs them in and continues":
		needing("incomplete-users", async (opener, { missingFields = {} }) => {
			const opened = await opener.openEnabled();
			const { helpdesk, brand, host } = opened;
			const id = await helpdesk.addUser({
				brandId: brand.id,
				email: "ada@example.com",
				confirmed: true,
				incomplete: true,
			});
			const visitor = opened.newVisitor();
			const returnPath = `${brand.continuePath}?done=1`;
			const response: LoginResponse = { kind: "complete-profile", userId: id, returnPath };
			const form = await visitor.follow(await pressAndGet(opened, visitor, response));
			assert.equal(
				opened.probe.callsOf("continueLogin").length,
				0,
				"the helpdesk continues before it has asked",
			);
			const [first = ""] = Object.keys(missingFields);
			await visitor.follow(await visitor.submit(form, first, missingFields));

			const { query, currentUser } = lastRequest(opened, "continueLogin");
			assert.deepEqual(query, [["done", "1"]]);
			assert.equal(currentUser?.id, id);
			assert.equal((await host.users.find(id))?.status, "active");
		}),
};

/** Promises since version 1.1 of the contract. */
export const ACCESS_EPOCH_OUTCOME_PROMISES: PortalPromises = {
	"An outcome opens no session under an access epoch that has passed": async (opener) => {
		const opened = await opener.openEnabled();
		const id = await addAda(opened);
		const epoch = (await opened.host.users.find(id))?.accessEpoch ?? assert.fail("no epoch");
		for (const kind of [...SESSION_KINDS, "complete-profile"] as const) {
			for (const accessEpoch of [epoch, `${epoch} has passed`]) {
				const visitor = opened.newVisitor();
				const response = { kind, userId: id, returnPath: "/", accessEpoch };
				await visitor.follow(await pressAndGet(opened, visitor, response));
				const expected = accessEpoch === epoch ? id : undefined;
				assert.equal((await currentUserOf(opened, visitor))?.id, expected, kind);
			}
		}
	},
};

/** Promises since version 1.2 of the contract. */
export const LABEL_PROMISES: PortalPromises = {
	"An outcome with the label of a linked account opens a session, and so does one without": async (
		opener,
	) => {
		const opened = await opener.openEnabled();
		const id = await addAda(opened);
		const linkedAccount = { identityId: "probe:1", label: "@ada" };
		for (const kind of [...SESSION_KINDS, "complete-profile"] as const) {
			for (const more of [{ linkedAccount }, {}]) {
				const visitor = opened.newVisitor();
				const response = { kind, userId: id, returnPath: "/", ...more };
				await visitor.follow(await pressAndGet(opened, visitor, response));
				assert.equal((await currentUserOf(opened, visitor))?.id, id, kind);
			}
		}
	},
};
