import type { Brand } from "../../contract/brands.ts";
import { isLoopback } from "../../contract/loopback.ts";
import type { HostStorage, StorageValue } from "../../contract/storage.ts";
import { updateEntry } from "../../contract/update-entry.ts";
import type { UserStatus } from "../../contract/users.ts";
import { fieldsOf, readEntry, type StoredKind } from "../../storage/stored-value.ts";

export type RegistrationPolicy = {
	readonly registration: "open" | "approval" | "closed";
	/** Whether new users have to give a telephone number. */
	readonly phoneRequired: boolean;
	/**
	 * After how many days an account is deleted whose e-mail address nobody has proven, and that nobody has logged in to.
	 * Left out: never.
	 */
	readonly unusedDays?: UnusedDays;
};

/** Not more than 90, because the ledger keeps log-ins for 90 days. Not less than 30, because a session lives for 14. */
export const UNUSED_DAYS = [30, 60, 90] as const;
type UnusedDays = (typeof UNUSED_DAYS)[number];

/** A change of a brand's rules. Fields that are left out stay as they are. */
export type PolicyChange = Pick<RegistrationPolicy, "registration" | "phoneRequired"> & {
	readonly unusedDays?: UnusedDays | "never";
};

const DEFAULT: RegistrationPolicy = { registration: "open", phoneRequired: false };

/**
 * Whether letters reach the visitors of a brand, which registering with a password takes. Without a mail server, letters
 * reach only the operators' mailbox; on loopback, operator and visitor are the same person.
 */
export async function doLettersReachVisitors(
	{ baseUrl }: Pick<Brand, "baseUrl">,
	hasMailServer: () => Promise<boolean>,
): Promise<boolean> {
	return isOnLoopback(baseUrl) || hasMailServer();
}

function isOnLoopback(baseUrl: string): boolean {
	return isLoopback(new URL(baseUrl).hostname);
}

/** A warning for who starts the helpdesk; undefined where visitors of all brands can register with a password. */
export function passwordRegistrationWarning(
	brands: readonly Pick<Brand, "name" | "baseUrl">[],
	hasMailServer: boolean,
): string | undefined {
	const without = hasMailServer ? [] : brands.filter(({ baseUrl }) => !isOnLoopback(baseUrl));
	const names = without.map(({ name }) => name).join(", ");
	return without.length === 0
		? undefined
		: `nobody can register with a password at ${names}: registering takes an e-mail, and no mail server is set up; set one under Outgoing e-mail, or start with --smtp`;
}

const POLICY: StoredKind<RegistrationPolicy> = { name: "registration", read: readPolicy };

/** The rules of a brand: who may sign up, and what it asks of new users. */
export class Registration {
	constructor(private readonly storage: HostStorage) {}

	async of(brandId: string): Promise<RegistrationPolicy> {
		const entry = await this.storage.get([brandId]);
		return entry === undefined ? DEFAULT : readEntry(entry, POLICY);
	}

	async set(brandId: string, { unusedDays: asked, ...policy }: PolicyChange): Promise<void> {
		const key = [brandId];
		await updateEntry(this.storage, async () => {
			const entry = await this.storage.get(key);
			const { unusedDays: before, ...kept } = entry ? readEntry(entry, POLICY) : DEFAULT;
			const days = asked ?? before ?? "never";
			const value = { ...kept, ...policy, ...(days !== "never" && { unusedDays: days }) };
			return {
				commit: { checks: [{ key, version: entry?.version ?? null }], sets: [{ key, value }] },
				result: undefined,
			};
		});
	}

	async statusOfNewUser(brandId: string): Promise<UserStatus> {
		const { registration, phoneRequired } = await this.of(brandId);
		if (registration === "approval") {
			return "awaiting-approval";
		}
		return phoneRequired ? "incomplete" : "active";
	}
}

function readPolicy(value: StorageValue): RegistrationPolicy | undefined {
	const fields = fieldsOf(value);
	const { registration, phoneRequired, unusedDays, ...later } = fields;
	const days = UNUSED_DAYS.find((each) => each === unusedDays);
	const isKnown =
		registration === "open" || registration === "approval" || registration === "closed";
	return isKnown &&
		typeof phoneRequired === "boolean" &&
		(unusedDays === undefined || days !== undefined)
		? { ...later, registration, phoneRequired, ...(days !== undefined && { unusedDays: days }) }
		: undefined;
}
