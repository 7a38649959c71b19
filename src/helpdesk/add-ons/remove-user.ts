import type { Outbox } from "../mail/outbox.ts";
import type { LogOuts } from "../openid/log-outs.ts";
import type { Accounts } from "../people/accounts.ts";
import type { SignInLedger } from "../sign-ins/sign-in-ledger.ts";
import type { AddOn } from "./add-on.ts";
import type { AddOns } from "./add-ons.ts";

/** The places that keep something about a user. */
export interface UserKeepers {
	readonly accounts: Pick<Accounts, "find" | "delete">;
	readonly addOns: Pick<AddOns, "every" | "linkFacts">;
	readonly outbox: Pick<Outbox, "forget">;
	readonly logOuts: Pick<LogOuts, "endNow" | "endAllOf">;
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
 * @throws Error when an add-on cannot be used or refuses.
 */
export async function removalStage(
	keepers: UserKeepers,
	removal: Removal,
	stage: RemovalStage,
): Promise<void> {
	const { addOns, logOuts } = keepers;
	const { userId, intoUserId } = removal;
	switch (stage) {
		case "release":
		// A log-in in between may have added a link while the user was still there.
		case "release-again":
			return release(keepers, removal);
		case "account":
			return deleteAccount(keepers, userId);
		case "log-outs":
			await logOuts.endNow();
			return endLogInsOf(keepers, intoUserId);
		case "ledger":
			for (const { ledger } of await addOns.every()) {
				await erase(ledger, removal);
			}
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

/** Only the account knows the address to which letters went, so they are deleted with it. */
async function deleteAccount({ accounts, outbox }: UserKeepers, userId: string): Promise<void> {
	const user = await accounts.find(userId);
	if (user === undefined) {
		return;
	}
	const { brandId, email } = user;
	const forgetLetters = async () => (email === null ? undefined : outbox.forget(brandId, email));
	await forgetLetters();
	await accounts.delete(userId);
	// One may have been written meanwhile.
	await forgetLetters();
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

function erase(ledger: SignInLedger, { userId, intoUserId }: Removal): Promise<void> {
	return intoUserId === undefined ? ledger.forget(userId) : ledger.move(userId, intoUserId);
}
