import type { NetworksOfUsers } from "../audit/forget-networks.ts";
import { CannotSucceedError } from "../jobs/job-kind.ts";
import type { Outbox } from "../mail/outbox.ts";
import type { LogOuts } from "../openid/log-outs.ts";
import type { Accounts } from "../people/accounts.ts";
import type { RemovalHolds } from "../people/removal-holds.ts";
import type { UserSessions } from "../people/user-sessions.ts";
import type { AddOn } from "./add-on.ts";
import type { AddOns } from "./add-ons.ts";

/** The places that keep something about a user. */
export interface UserKeepers {
	readonly accounts: Pick<Accounts, "find" | "delete">;
	readonly addOns: Pick<AddOns, "every" | "linkFacts">;
	readonly outbox: Pick<Outbox, "forget">;
	readonly audit: { readonly networks: Pick<NetworksOfUsers, "forget"> };
	readonly logOuts: Pick<LogOuts, "endNow" | "endAllOf">;
	readonly removals: Pick<RemovalHolds, "hold" | "end">;
	readonly userSessions: Pick<UserSessions, "forget">;
}

/** Whose account goes, and who gets what belongs to it. */
export interface Removal {
	readonly userId: string;
	/** Undefined: everything is deleted. */
	readonly intoUserId: string | undefined;
}

/**
 * What is done to remove a user, in this order. Each stage may be done again, also after a crash in the middle of it, so
 * that a node that goes on with the last stage that is not known to be done completes the removal.
 */
export const REMOVAL_STAGES = [
	"release",
	"account",
	"log-outs",
	"release-again",
	"ledger",
] as const;

export type RemovalStage = (typeof REMOVAL_STAGES)[number];

/**
 * Does one stage.
 *
 * @throws Error when an add-on cannot be used or refuses, or when the user who gets everything is gone before the account is;
 * StorageError while another removal has one of the users.
 */
export async function removalStage(
	keepers: UserKeepers,
	removal: Removal,
	stage: RemovalStage,
): Promise<void> {
	const { logOuts, removals } = keepers;
	switch (stage) {
		case "release":
			// Nobody deletes the user who gets everything until this removal has ended, and with them what was moved.
			await removals.hold(removal);
			await expectHeir(keepers, removal);
			return release(keepers, removal);
		// A log-in in between may have added a link while the user was still there.
		case "release-again":
			return release(keepers, await withHeirIfThere(keepers, removal));
		case "account":
			await removals.hold(removal);
			return deleteAccount(keepers, removal);
		case "log-outs":
			await logOuts.endNow();
			return endLogInsOf(keepers, removal.intoUserId);
		case "ledger":
			await erase(keepers, await withHeirIfThere(keepers, removal));
			return removals.end(removal);
	}
}

/** Does all stages. See {@link removalStage}. */
export async function removeUser(keepers: UserKeepers, removal: Removal): Promise<void> {
	for (const stage of REMOVAL_STAGES) {
		await removalStage(keepers, removal, stage);
	}
}

/** Makes every add-on let go of the user. */
async function release({ addOns }: UserKeepers, { userId, intoUserId }: Removal): Promise<void> {
	const all = await addOns.every();
	const letGo = async (work: (addOn: AddOn) => Promise<void>): Promise<void> => {
		for (const addOn of all) {
			await work(addOn);
		}
	};
	if (intoUserId === undefined) {
		return letGo(({ plugin }) => plugin.userDeleted(userId));
	}
	return addOns.linkFacts.around([intoUserId], () =>
		letGo(({ plugin }) => plugin.usersMerged(userId, intoUserId)),
	);
}

/** @throws Error when the user who gets everything is not there. */
async function expectHeir(keepers: UserKeepers, removal: Removal): Promise<void> {
	const { intoUserId } = removal;
	if (intoUserId !== undefined && (await keepers.accounts.find(intoUserId)) === undefined) {
		await keepers.removals.end(removal);
		throw heirIsGone(intoUserId);
	}
}

function heirIsGone(intoUserId: string): Error {
	return new CannotSucceedError({
		key: "add-on-job.merge-users.into-gone",
		values: { into: intoUserId },
	});
}

/** What is left of a user whose account is gone is deleted when the user who was to get it was deleted, too. */
async function withHeirIfThere({ accounts }: UserKeepers, removal: Removal): Promise<Removal> {
	const { userId, intoUserId } = removal;
	return intoUserId !== undefined && (await accounts.find(intoUserId)) === undefined
		? { userId, intoUserId: undefined }
		: removal;
}

/** Only the account knows its brand and the address to which letters went, so they are deleted with it. */
async function deleteAccount(keepers: UserKeepers, removal: Removal): Promise<void> {
	const { accounts, outbox, userSessions } = keepers;
	const { userId, intoUserId } = removal;
	const user = await accounts.find(userId);
	if (user === undefined) {
		return;
	}
	await expectHeir(keepers, removal);
	const { brandId, email } = user;
	const forget = async () => {
		await (email === null ? undefined : outbox.forget(brandId, email));
		await userSessions.forget(brandId, userId);
	};
	await forget();
	if (!(await accounts.delete(userId, intoUserId)) && intoUserId !== undefined) {
		await keepers.removals.end(removal);
		throw heirIsGone(intoUserId);
	}
	// A letter may have been written meanwhile, and a session opened.
	await forget();
}

/** Helpdesks hear of the user with the links that they have from now on. */
async function endLogInsOf(
	{ accounts, logOuts }: UserKeepers,
	userId: string | undefined,
): Promise<void> {
	const user = userId === undefined ? undefined : await accounts.find(userId);
	if (user !== undefined) {
		await logOuts.endAllOf(user);
	}
}

async function erase(
	{ addOns, audit }: UserKeepers,
	{ userId, intoUserId }: Removal,
): Promise<void> {
	await audit.networks.forget(userId);
	for (const { ledger } of await addOns.every()) {
		await (intoUserId === undefined ? ledger.forget(userId) : ledger.move(userId, intoUserId));
	}
}
