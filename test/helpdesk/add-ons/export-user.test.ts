import { expect, test } from "vitest";
import { exportUser } from "../../../src/helpdesk/add-ons/export-user.ts";
import { NOBODY } from "../../../src/helpdesk/audit/audit-entry.ts";
import { openCore } from "../../kit/helpdesk/open-core.ts";

test("an export holds the account and what a deactivated add-on keeps, but no password", async () => {
	const core = await openCore(() => ({ exportUserData: async (userId) => ({ about: userId }) }));
	const { id } = await core.addUser("ada@example.com");
	expect(await core.addOn.plugin.isActive()).toBe(false);

	expect(await exportUser(core, id)).toEqual({
		id,
		brandId: "acorn",
		name: "ada@example.com",
		email: "ada@example.com",
		locale: "en",
		status: "active",
		confirmed: false,
		connectedHelpdesks: [],
		sessions: [],
		passkeys: [],
		auditTrail: [],
		plugins: { tiny: { about: id } },
	});
});

test("an export holds what the audit trail says about the user, and names neither operators nor strangers", async () => {
	const core = await openCore();
	const { id } = await core.addUser("ada@example.com");
	const { id: other } = await core.addUser("grace@example.com");
	const { trail } = core.audit;
	const user = { kind: "user", id } as const;
	const operator = { kind: "operator", id: "op@helpdesk.example" } as const;
	for (const deed of [
		{ name: "user.log-in", actor: user, network: "192.0.2.1" },
		{ name: "user.suspend", actor: operator, object: user, network: "192.0.2.2" },
		{ name: "user.log-in-failed", actor: NOBODY, object: user, network: "192.0.2.3" },
		{ name: "user.log-in", actor: { kind: "user", id: other }, network: "192.0.2.4" },
	] as const) {
		core.clock.advance(1_000);
		await trail.note(deed);
	}

	const { auditTrail } = (await exportUser(core, id)) ?? expect.fail("no export");

	expect(auditTrail).toEqual([
		{ at: expect.any(String), deed: "user.log-in-failed", network: null },
		{ at: expect.any(String), deed: "user.suspend", network: null },
		{ at: expect.any(String), deed: "user.log-in", network: "192.0.2.1" },
	]);
});

test("an export names an add-on without data of the user, and an unknown user has no export", async () => {
	const core = await openCore();
	const { id } = await core.addUser("ada@example.com");

	expect(await exportUser(core, id)).toMatchObject({ plugins: { tiny: null } });
	expect(await exportUser(core, "nobody")).toBeUndefined();
});
