import assert from "node:assert/strict";
import type { HelpdeskHost } from "../../../contract/helpdesk-host.ts";
import type { UserCreation } from "../../../contract/users.ts";
import type { OpenedHost } from "../host-under-test.ts";
import { type HostOpener, type HostPromises, needing, type ProbedHost } from "../opened-host.ts";
import { create } from "./user-creation-promises.ts";

const EMAIL = "ada@example.com";
/** A plugin that runs under 1.0 and knows what 1.1 added. */
const KNOWS_ADDITIONS = "^1.0 || ^1.1";

/** Promises since version 1.1 of the contract. */
export const APPROVAL_PROMISES: HostPromises = {
	"A user who waits for an approval has no id, and the same key gives them once they are approved":
		needing("approval-queue", async (opener) => {
			await withQueue(opener, KNOWS_ADDITIONS, async (opened, approvals) => {
				for (const _ of ["first", "again"]) {
					assert.deepEqual(await create(opened, "key", EMAIL), { kind: "pending" });
				}
				await approvals.approveAll();

				const made = await create(opened, "key", EMAIL);
				const id = made.kind === "created" ? made.user.id : assert.fail("nobody was created");
				assert.equal((await opened.host.users.find(id))?.email, EMAIL);
				assert.equal(idIn(await create(opened, "key", "other@example.com")), id);
			});
		}),

	"A person is in the queue once, whatever their keys are": needing(
		"approval-queue",
		async (opener) => {
			await withQueue(opener, KNOWS_ADDITIONS, async (opened, approvals) => {
				await create(opened, "key a", EMAIL);
				await create(opened, "key b", EMAIL);
				await approvals.approveAll();

				const made = [await create(opened, "key a", EMAIL), await create(opened, "key b", EMAIL)];
				const owner = await opened.host.users.ownerOf(opened.brand.id, EMAIL);
				const ids = made.map(idIn).filter((id) => id !== undefined);
				assert.deepEqual(
					ids,
					owner.kind === "user" ? [owner.id] : assert.fail("nobody was created"),
				);
			});
		},
	),

	"A plugin that does not name 1.1 hears no reason": async (opener) => {
		const opened = await opener.open();
		await create(opened, "key", EMAIL);

		assert.deepEqual(await create(opened, "other key", EMAIL), { kind: "refused" });
	},

	"A plugin that does not name 1.1 is refused where people wait": needing(
		"approval-queue",
		async (opener) => {
			await withQueue(opener, "^1.0", async (opened) => {
				assert.deepEqual(await create(opened, "key", EMAIL), { kind: "refused" });
			});
		},
	),
};

/** Promises since version 1.1 of the contract. */
export const VERSION_PROMISES: HostPromises = {
	"The host says which version of the contract it keeps": async (opener) => {
		const { host } = await opener.open();

		assert.match(versionOf(host), /^[1-9]\d*\.\d+\.\d+/);
		assert.ok(!versionOf(host).startsWith("1.0."), "a helpdesk of 1.0 says nothing");
	},
};

function versionOf({ contract }: HelpdeskHost): string {
	return contract ?? assert.fail('the host that createPlugin gets has no contract: "1.1.0"');
}

function idIn(creation: UserCreation): string | undefined {
	return creation.kind === "created" ? creation.user.id : undefined;
}

/** Opens a helpdesk whose new users wait for an approval. */
async function withQueue(
	opener: HostOpener,
	contract: string,
	run: (opened: ProbedHost, approvals: NonNullable<OpenedHost["approvals"]>) => Promise<void>,
): Promise<void> {
	const opened = await opener.open({ contract });
	const { approvals = assert.fail("the helpdesk has no approvals") } = opened.helpdesk;
	await approvals.require();
	await run(opened, approvals);
}
