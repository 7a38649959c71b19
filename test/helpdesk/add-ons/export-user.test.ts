import { expect, test } from "vitest";
import { exportUser } from "../../../src/helpdesk/add-ons/export-user.ts";
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
		plugins: { tiny: { about: id } },
	});
});

test("an export names an add-on without data of the user, and an unknown user has no export", async () => {
	const core = await openCore();
	const { id } = await core.addUser("ada@example.com");

	expect(await exportUser(core, id)).toMatchObject({ plugins: { tiny: null } });
	expect(await exportUser(core, "nobody")).toBeUndefined();
});
